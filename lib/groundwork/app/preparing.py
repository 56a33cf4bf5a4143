"""The chain's loops are compiled at their first run after installation: whether that is still to come, and having it done."""

from __future__ import annotations

import sys

from groundwork.strategy.loops.compiled import are_kept

NOTICE = "preparing the chain: once after installation, some 15 seconds, a minute where others work"


def is_prepared() -> bool:
    """Whether an earlier run left its machine code beside the source; where that cannot be written, never."""
    return are_kept()


def prepare() -> None:
    """Play a few futures, so that whoever comes next finds the loops compiled; say so first."""
    print(NOTICE, file=sys.stderr, flush=True)
    from groundwork.profiles import load  # late: who is prepared does not wait for these
    from groundwork.study.runs import outcome_of

    scenario = load("retail")
    outcome_of(scenario, 32, scenario.seed)


if __name__ == "__main__":
    prepare()
