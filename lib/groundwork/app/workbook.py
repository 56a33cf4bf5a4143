"""The page of one industry: the verdict in a sentence, the beliefs that move it, and the first picture."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets as widgets

from groundwork.analysis.comparison import wins
from groundwork.app.chart import Chart, Runtime
from groundwork.catalogue.evidence_records import evidence
from groundwork.charts.fan import PADDING, fan_spec
from groundwork.profiles import load
from groundwork.quantities import Quantity, middle, moved, percentile
from groundwork.results import TIE_USD, fan_rows, run_id, verdict
from groundwork.scenario import Belief, Scenario, beliefs, replaced
from groundwork.study import outcome_of
from groundwork.units import scale_of, unit_of

SHOWN_FIRST = (
    "demand.shock_factor",
    "delivery.graduation_ratio",
    "delivery.lead_months",
    "organisation.engineers_fte",
    "platform.failure_ratio",
    "platform.retrofit_ratio",
    "platform.work_engineer_months",
    "channels.wall.load_accelerators",
)
DRAGGING, RESTING = 256, 1_024
STYLE = """<style>
.gw {max-width: 1440px; margin: 0 auto; padding: 0 24px; color: #1C1E21; font-variant-numeric: tabular-nums lining-nums;
 font: 15px/22px -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif}
.gw .verdict {font-size: 24px; line-height: 32px; max-width: 880px; min-height: 96px}
.gw .question, .gw .note {color: #676C73; font-size: 13px}
.gw-chart {width: 100%; min-height: 384px}
@media (max-width: 640px) {.gw {padding: 0 16px} .gw .verdict {font-size: 19px; line-height: 27px}}
</style>"""


class Workbook:
    """The state of one page and its widgets. `view` is what a notebook shows."""

    def __init__(self, name: str) -> None:
        self.profile: Scenario[Quantity] = load(name)
        self.scenario = self.profile
        self.verdict = widgets.HTML()
        self.chart = Chart(spec=fan_spec(), padding=PADDING["left"] + PADDING["right"])
        known = {belief.path: belief for belief in beliefs(self.profile)}
        self.controls = {path: self._control(known[path]) for path in SHOWN_FIRST}
        rail = widgets.VBox(
            [box for box, _ in self.controls.values()], layout=widgets.Layout(width="320px", max_width="100%", flex="none")
        )
        page = widgets.VBox([self.chart], layout=widgets.Layout(flex="1 1 320px", min_width="0"))
        columns = widgets.Box([rail, page], layout=widgets.Layout(display="flex", flex_flow="row wrap", width="100%"))
        columns.add_class("gw-columns")
        self.view = widgets.VBox([widgets.HTML(STYLE), Runtime(), self.verdict, columns, widgets.HTML(assumptions(self.profile))])
        self.view.add_class("gw")
        self.refresh(RESTING)

    def _control(self, belief: Belief[Quantity]) -> tuple[widgets.VBox, widgets.FloatSlider]:
        scale = scale_of(belief.name)
        low, high = sorted((percentile(belief.value, 0.01), percentile(belief.value, 0.99)))
        start = round(middle(belief.value) * scale, 3) / scale
        step = (high - low) / 100.0 or 0.01
        slider = widgets.FloatSlider(
            value=start * scale, min=low * scale, max=max(high, low + step) * scale, step=step * scale, readout=False
        )
        box = widgets.BoundedFloatText(
            value=round(start * scale, 3),
            min=low * scale,
            max=slider.max,
            step=step * scale,
            description=belief.label,
            tooltip=belief.help,
        )
        box.style.description_width = "190px"
        slider.tooltip = belief.help
        widgets.jslink((slider, "value"), (box, "value"))
        value = belief.value
        where = html.escape(f"{unit_of(belief.name)} · {value.grade} · {value.mark} {value.date} · {belief.help}")
        note = widgets.HTML(f'<span class="note">{where}</span>')

        def change(event: dict[str, Any]) -> None:
            new = event["new"] / scale
            at_home = abs(new - start) < 0.5 * step
            value = belief.value if at_home else moved(belief.value, new, (belief.low, belief.high))
            self.scenario = replaced(self.scenario, belief.path, value)
            self.refresh(DRAGGING)

        slider.observe(change, names="value")
        return widgets.VBox([box, slider, note]), slider

    def refresh(self, samples: int) -> None:
        """Play the scenario again and show what came of it."""
        outcome = outcome_of(self.scenario, samples, self.scenario.seed)
        said = verdict(outcome)
        share = wins(outcome.npv_usd, TIE_USD).best_ratio
        strip = ", ".join(
            f"{100 * share[row]:.0f} {html.escape(self.scenario.strategies[name].label)}"
            for row, name in enumerate(outcome.strategies)
        )
        self.verdict.value = (
            f'<div class="question">{html.escape(self.scenario.question)}</div><div class="verdict" aria-live="polite">'
            f'{html.escape(said["sentence"])}</div><div class="note">In 100 futures the best choice is: {strip}. '
            f"Run {run_id(self.scenario, outcome)}, seed {outcome.seed}, {outcome.samples:,} futures.</div>"
        )
        self.chart.description = f"Present value to date by strategy over {outcome.months} months. {said['sentence']}"
        self.chart.data = fan_rows(outcome, self.scenario, (said["best"], said["second"]))


def assumptions(scenario: Scenario[Quantity]) -> str:
    """Every belief with its range, unit, source, date and grade, as an HTML table."""
    cited = {record.name: record.title for record in evidence()} | {
        name: source.title for name, source in scenario.sources.items()
    }
    rows = []
    for belief in beliefs(scenario):
        scale = scale_of(belief.name)
        low, centre, high = (percentile(belief.value, level) * scale for level in (0.1, 0.5, 0.9))
        cells: tuple[str, ...] = (
            belief.label,
            f"{centre:,.4g}",
            f"{low:,.4g} to {high:,.4g}",
            unit_of(belief.name),
            belief.value.grade,
            belief.value.mark,
        )
        cells += (cited.get(belief.value.source, belief.value.source), belief.value.date, belief.value.note)
        rows.append("<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in cells) + "</tr>")
    heads = ("Belief", "Middle", "8 of 10 lie in", "Unit", "Grade", "Kind", "Source", "Date", "Remark")
    head = "".join(f"<th>{name}</th>" for name in heads)
    table = f'<div style="overflow-x:auto"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    return f"<details><summary>Says who? {len(rows)} assumptions with their sources</summary>{table}</details>"


def workbook(name: str) -> widgets.VBox:
    """The page of a profile, ready to show."""
    return Workbook(name).view
