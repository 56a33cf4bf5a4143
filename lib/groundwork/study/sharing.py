"""A study as a short text for an address or a file: only what differs from the profile, and what it was made with."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import zlib
from typing import Any

from groundwork import __version__
from groundwork.errors import Fault, InputFault
from groundwork.quantities import Quantity
from groundwork.scenario import Scenario, digest
from groundwork.study.changes import State

FORM = "1."  # of the text; a page that meets another says so
LARGEST_TEXT = 8_192  # characters: what every browser and proxy lets through in an address
LARGEST_PLAIN = 65_536  # bytes after unpacking: a small text must not become a large one
MOST_VALUES = 1_000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What a link or file says: the reader's state, and remarks on what has changed since it was made."""

    state: State
    seed: int
    remarks: tuple[str, ...]


def packed(profile: Scenario[Quantity], state: State, seed: int) -> str:
    """The text of a study: `1.` and base64url of deflated JSON.

    Raises
    ------
    InputFault
        When it would be longer than 8 kB: save a file instead.
    """
    plain = json.dumps(document(profile, state, seed), separators=(",", ":"), ensure_ascii=False)
    text = FORM + base64.urlsafe_b64encode(zlib.compress(plain.encode(), 9)).decode().rstrip("=")
    if len(text) > LARGEST_TEXT:
        raise InputFault([Fault(path="link", rule=f"at most {LARGEST_TEXT:,} characters", fix="save the scenario as a file")])
    return text


def document(profile: Scenario[Quantity], state: State, seed: int) -> dict[str, Any]:
    """The same as a plain record, for a file."""
    return {
        "schema": "groundwork.scenario/1",
        "profile": profile.name,
        "profile_hash": digest(profile),
        "version": __version__,
        "seed": seed,
        "presets": list(state.presets),
        "values": {path: list(value) if isinstance(value, tuple) else value for path, value in state.values.items()},
    }


def unpacked(profile: Scenario[Quantity], text: str) -> Shared:
    """What a text says about this profile. It is not applied here: `scenario_of` checks every value.

    Raises
    ------
    InputFault
        With one message when the text is broken, too large, of another form, or of another profile.
    """
    if len(text) > LARGEST_TEXT:
        raise _broken(f"longer than {LARGEST_TEXT:,} characters")
    if not text.startswith(FORM):
        raise _broken("made by another version of Groundwork")
    body = text.removeprefix(FORM)
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(raw, LARGEST_PLAIN)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise _broken("cut short or too large")
        data = json.loads(plain)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise _broken("damaged or cut short") from None
    return read(profile, data)


def read(profile: Scenario[Quantity], data: Any) -> Shared:
    """What a record says about this profile; `InputFault` as for a text."""
    if not isinstance(data, dict) or data.get("schema") != "groundwork.scenario/1":
        raise _broken("no scenario of this version")
    if data.get("profile") != profile.name:
        raise _broken(f"for the profile {str(data.get('profile'))[:40]}, and this page is {profile.name}")
    values, presets, seed = data.get("values"), data.get("presets"), data.get("seed")
    if not isinstance(values, dict) or len(values) > MOST_VALUES:
        raise _broken("damaged")
    if not isinstance(presets, list) or not all(isinstance(name, str) for name in presets):
        raise _broken("damaged")
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed < 2**63:
        raise _broken("damaged")
    remarks = []
    if data.get("profile_hash") != digest(profile):
        remarks.append("The profile has changed since this link was made, so the figures differ from those it was sent with.")
    if data.get("version") != __version__:
        remarks.append(f"It was made with version {str(data.get('version'))[:20]} of the model; this is {__version__}.")
    return Shared(state=State(tuple(presets), dict(values)), seed=seed, remarks=tuple(remarks))


def _broken(why: str) -> InputFault:
    return InputFault([Fault(path="link", rule=why)])
