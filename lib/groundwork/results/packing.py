"""Whole machines for all workloads together against machines of their own: what sharing between peaks and dated work saves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from groundwork.results.verdicts import in_sentence
from groundwork.results.words import NO_BREAK, Words, fact, listed, words
from groundwork.strategy.machines import Pool


def packing_words(pools: Sequence[Pool]) -> Words:
    """What sharing whole machines saves, in a sentence for each pool."""
    said: Words = ()
    for pool in pools:
        count, own = pool.together.nodes_count, pool.alone_count
        names = listed([in_sentence(label) for label in pool.alone])
        machines = f"{count} {'machine' if count == 1 else 'machines'} of {pool.machine_accelerators_count} {pool.accelerator}"
        holds = "holds" if count == 1 else "hold"
        said += words(" ") if said else ()
        if pool.saved_count > 0:
            said += words(fact(f"{machines} {holds} {names} together"), f"; apart they take {own}.")
        else:
            said += words(f"{machines} {holds} {names}, shared or apart: sharing saves none.")
    return said


def packing_table(pools: Sequence[Pool]) -> dict[str, Any]:
    """Machines of each workload's own, of the services together and of all together, by kind of accelerator."""
    columns = ["Machines", "Apart", "Services shared", "All shared", "Saved", "Used, day"]
    rows = []
    for pool in pools:
        own = pool.alone_count
        rows.append(
            [
                f"{pool.machine_accelerators_count} x {pool.accelerator}",
                f"{own} ({' + '.join(str(count) for count in pool.alone.values())})",
                f"{pool.services_count}",
                f"{pool.together.nodes_count}",
                f"{pool.saved_count} ({100 * pool.saved_count / own:.0f}{NO_BREAK}%)",
                f"{100 * pool.together.used_ratio:.0f}{NO_BREAK}%",
            ]
        )
    return {"columns": columns, "rows": rows}
