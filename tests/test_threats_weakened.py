"""Every test of a threat held against a server that lacks what the test is about: it must fail there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import test_threats as threats
from running_server import served
from weakened_server import WEAKENINGS

# What must fail when a protection is gone, called with the place and an empty folder.
HELD: dict[str, list[Callable[[threats.Place, Path], Any]]] = {
    "paths lead anywhere": [lambda place, _: threats.test_t1_no_path_leads_out_of_the_served_folders(place, "/voila/static/")],
    "files are served": [lambda place, _: threats.test_t2_neither_source_nor_data_is_readable(place)],
    "sources are shown": [lambda place, _: threats.test_t2_a_page_does_not_show_its_code(place)],
    "every message reaches the kernel": [threats.test_t3_a_browser_runs_no_code],
    "foreign pages connect": [lambda place, _: threats.test_t4_a_foreign_page_opens_no_socket(place)],
    "any name of this machine will do": [lambda place, _: threats.test_t4_a_foreign_name_for_this_machine_is_refused(place)],
    "forged requests pass": [lambda place, _: threats.test_t5_a_forged_request_changes_nothing(place)],
    "no headers": [
        lambda place, _, path=path: threats.test_t7_every_answer_carries_the_headers(place, path) for path in ("/", "/no")
    ],
    "one nonce for all": [lambda place, _: threats.test_t7_every_page_has_a_nonce_of_its_own(place)],
    "everybody gets a kernel": [lambda place, _: threats.test_t8_who_comes_when_all_places_are_taken_waits(place)],
    "the address chooses the template": [
        lambda place, _: threats.test_t18_the_address_chooses_neither_template_nor_theme(place, "template=lab")
    ],
}


# Two servers and not one for each, for the time they take to start; no test below looks at two weaknesses of one server.
SERVERS = [list(WEAKENINGS)[0::2], list(WEAKENINGS)[1::2]]


def test_every_weakness_has_its_test() -> None:
    assert HELD.keys() == WEAKENINGS.keys()


@pytest.mark.slow
@pytest.mark.parametrize("weaknesses", SERVERS, ids=["first", "second"])
def test_a_threat_is_seen_where_nothing_stops_it(weaknesses: list[str], tmp_path: Path) -> None:
    folder = threats.site(tmp_path)
    weakness = ",".join(weaknesses)
    with served(folder, "--VoilaConfiguration.preheat_kernel=False", weakness=weakness) as port:
        place = threats.Place(port, folder, weakness)
        assert "a small page" in place.ask("/voila/render/small.ipynb").text  # what fails does so for its weakness
        for number, name in enumerate(weaknesses):
            empty = tmp_path / str(number)
            empty.mkdir()
            for tried in HELD[name]:
                with pytest.raises((AssertionError, pytest.fail.Exception)):
                    tried(place, empty)
        place.leave()


def test_an_old_package_is_seen() -> None:
    pinned = (threats.ROOT / "requirements.txt").read_text(encoding="utf-8")
    rows = [row for row in threats.floors() if f"\n{row['package']}==" in f"\n{pinned}"]
    assert len(rows) > 10
    for row in rows:
        with pytest.raises(AssertionError):
            threats.test_t19_no_package_is_older_than_its_mended_version(row | {"floor": "9999"})
