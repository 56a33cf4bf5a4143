"""Rules of choice side by side: what each would take, and which others it cannot tell from that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.analysis.comparison import BLOCKS, wins
from groundwork.analysis.conditional import block_of_sample, jackknife_error, outcomes
from groundwork.analysis.robustness import regrets, robust_choice, worst_cases_mean_usd

Array: TypeAlias = NDArray[np.float64]
RuleName: TypeAlias = Literal["most_often", "mean", "regret", "tail"]
"""Best in most futures; largest mean; smallest worst regret; largest mean of the worst cases."""

RULES: tuple[RuleName, ...] = get_args(RuleName)
TAIL_RATIO = 0.05
SURE_ERRORS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Score:
    """One rule over all strategies.

    Parameters
    ----------
    rule
        Which.
    value
        [strategy]: a ratio of futures for `most_often`, USD for the others; regret is the smaller the better.
    error
        [strategy], standard error of the distance to the chosen; 0 for the chosen and for the worst regret, which is that of the
        futures that were drawn and has none.
    chosen
        Places of the strategies that the rule takes; several where they tie.
    close
        Places of those that other futures might put first: within two standard errors of the chosen, and no worse than it in one
        block of the futures at least. The second matters where a few futures make the error: the sign can be sure all the same.
    """

    rule: RuleName
    value: Array
    error: Array
    chosen: tuple[int, ...]
    close: tuple[int, ...]


def scores(value_usd: ArrayLike, tolerance_usd: float = 0.0, blocks: int = BLOCKS) -> tuple[Score, ...]:
    """Every rule's score of every strategy, in the order of `RULES`.

    What a user would get wrong: the rules ask different questions, so that they part is a finding and not a fault; and a rule's
    choice can be a matter of which futures were drawn, which `close` tells.

    Parameters
    ----------
    value_usd
        [strategy, sample], USD, four samples or more.
    tolerance_usd
        Strategies this close to a rule's best are chosen by it too, USD.
    blocks
        Blocks of the jackknife.
    """
    values = outcomes(value_usd)
    taken = robust_choice(values, TAIL_RATIO, tolerance_usd)
    share = wins(values, tolerance_usd).best_ratio
    chosen: dict[RuleName, tuple[int, ...]] = {
        "most_often": tuple(int(place) for place in np.flatnonzero(share >= share.max() - 1e-12)),
        "mean": taken.by_mean,
        "regret": taken.by_regret,
        "tail": taken.by_tail,
    }
    measures: dict[RuleName, Callable[[Array], Array]] = {
        "most_often": lambda drawn: wins(drawn, tolerance_usd, 2).best_ratio,
        "mean": lambda drawn: np.asarray(drawn.mean(axis=1)),
        "tail": lambda drawn: worst_cases_mean_usd(drawn, TAIL_RATIO),
    }
    of_sample = block_of_sample(values.shape[1], min(blocks, values.shape[1] // 2))
    parts = range(int(of_sample[-1]) + 1)
    found: list[Score] = []
    close: tuple[int, ...]
    for rule in RULES:
        first = chosen[rule][0]
        if rule == "regret":
            value = regrets(values).max_usd
            error, close = np.zeros(len(values)), ()
        else:
            value = measures[rule](values)
            left_out = np.stack([measures[rule](values[:, of_sample != part]) for part in parts])
            alone = np.stack([measures[rule](values[:, of_sample == part]) for part in parts])
            error = jackknife_error(left_out[:, first : first + 1] - left_out)
            near = (value[first] - value <= SURE_ERRORS * error) & (alone >= alone[:, first : first + 1]).any(axis=0)
            close = tuple(int(place) for place in np.flatnonzero(near) if place not in chosen[rule])
        found.append(Score(rule=rule, value=value, error=error, chosen=chosen[rule], close=close))
    return tuple(found)
