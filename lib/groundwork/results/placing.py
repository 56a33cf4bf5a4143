"""Where words find room in a picture of lines over months: beside what is drawn, and across it only where there is no place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.quantities import Array

PLOTS_PX = (370.0, 168.0)  # how wide lines are drawn on a laptop and on a phone: words have the same size on both
HEIGHT_PX = 308.0
LETTER_PX = 6.2  # of 12 px words, the widest of the faces
LINE_RATIO = 16.0 / HEIGHT_PX  # height of a line of words over that of the drawing
STEPS_PER_LINE = 4
FAR_COST = 0.02  # of a line of distance from where the words belong; a line drawn all through them costs 1
COVERED_COST = 4.0  # of words over words


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Words in a picture: `month` at which they begin (`start`), end (`end`) or stand (`centre`), middle of their first line."""

    month: float
    anchor: str
    letters_count: int
    lines_count: int
    height: float

    def months(self, plot_px: float, months: int) -> tuple[float, float]:
        """First and last month that the words cover where the months are drawn so wide."""
        width = self.letters_count * LETTER_PX / plot_px * months
        begin = self.month - width * {"start": 0.0, "centre": 0.5, "end": 1.0}[self.anchor]
        return begin, begin + width


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What words have to keep clear of: `curves` [curve, month from nought on] with `weights` [curve], other words, the axis."""

    curves: Array
    weights: Array
    low: float
    high: float
    words: tuple[Block, ...] = ()

    @property
    def line(self) -> float:
        """The height of a line of words in the unit of the axis."""
        return (self.high - self.low) * LINE_RATIO

    def heights(self, lines_count: int) -> Array:
        """Where the first line of so many can stand with all of them inside."""
        return np.arange(self.low + (lines_count - 0.5) * self.line, self.high - 0.5 * self.line, self.line / STEPS_PER_LINE)

    def costs(self, block: Block, heights: Array, wanted: float) -> Array:
        """[height], what stands in the way of a block at each height: lines through it, words under it, how far it strays."""
        tops = heights + 0.6 * self.line
        bottoms = heights - (block.lines_count - 0.4) * self.line
        least, most = np.minimum(self.curves[:, :-1], self.curves[:, 1:]), np.maximum(self.curves[:, :-1], self.curves[:, 1:])
        crossed = (least < tops[:, None, None]) & (most > bottoms[:, None, None])
        months = least.shape[1]
        cost = FAR_COST * np.abs(heights - wanted) / self.line
        for plot_px in PLOTS_PX:
            begin, end = block.months(plot_px, months)
            first, last = max(0, int(np.floor(begin))), min(months, int(np.ceil(end)))
            cost = cost + self.weights @ crossed[:, :, first : max(last, first + 1)].mean(axis=2).T
            for other in self.words:
                his = other.months(plot_px, months)
                bottom, top = other.height - (other.lines_count - 0.4) * self.line, other.height + 0.6 * self.line
                if his[0] < end and begin < his[1]:
                    cost = cost + COVERED_COST * ((bottoms < top) & (tops > bottom))
            outside = max(0.0, -begin) + max(0.0, end - months)
            cost = cost + COVERED_COST * outside / (end - begin)
        made: Array = cost
        return made
