"""Measured rates of classic models: what was measured is answered, what was not is refused by name."""

from __future__ import annotations

import pytest

from groundwork.catalogue.classic_records import classic_measurements, classic_rate, latency_costs
from groundwork.errors import OutOfCalibration


def test_a_measured_pair_is_answered() -> None:
    rate = classic_rate("ResNet50", "H100", 8, "online", 15.0, 1.0)
    assert rate.measured.scenario == "server"
    assert rate.central_units_per_second == rate.measured.rate_per_accelerator_per_second
    assert rate.low_units_per_second <= rate.central_units_per_second <= rate.high_units_per_second
    assert rate.p99_limit_ms == 15.0
    batch = classic_rate("resnet50", "h100", 8, "batch", None, 1.0)
    assert batch.measured.scenario == "offline"
    assert batch.central_units_per_second > rate.central_units_per_second
    assert classic_rate("ResNet50", "H100", 8, "online", None, 0.7).central_units_per_second == pytest.approx(
        0.7 * rate.central_units_per_second
    )


def test_where_the_limit_was_not_measured_its_median_cost_is_used() -> None:
    # 3D-UNet has no server scenario at all: no latency limit is known of it.
    with pytest.raises(OutOfCalibration, match="without a latency limit only"):
        classic_rate("3D-UNet", "H100", 8, "online", None, 1.0)
    assert classic_rate("3D-UNet", "H100", 8, "batch", None, 1.0).central_units_per_second > 0
    scenarios: dict[tuple[str, str], set[str]] = {}
    for one in classic_measurements():
        scenarios.setdefault((one.model, one.accelerator), set()).add(one.scenario)
    costs = {cost.model: cost for cost in latency_costs()}
    only_offline = [pair for pair, seen in scenarios.items() if seen == {"offline"} and pair[0] in costs]
    assert only_offline
    for model, accelerator in only_offline:
        rate = classic_rate(model, accelerator, 1, "online", None, 1.0)
        offline = classic_rate(model, accelerator, 1, "batch", None, 1.0)
        assert rate.central_units_per_second == pytest.approx(offline.central_units_per_second * costs[model].central_ratio)
        assert "median of" in rate.basis


def test_the_nearest_size_is_taken() -> None:
    assert classic_rate("RetinaNet", "L40S", 8, "batch", None, 1.0).measured.accelerators_count == 8
    assert classic_rate("RetinaNet", "L40S", 1, "batch", None, 1.0).measured.accelerators_count <= 2


@pytest.mark.parametrize(
    ("model", "accelerator", "named"),
    [
        ("ResNet50", "A100", ["no measured rate of ResNet50 on A100", "H100", "L4"]),
        ("ResNet-50", "H100", ["nearest models: ResNet50", "on H100 were measured", "BERT-large"]),
        ("AlexNet", "TPU v5e", ["nearest models", "measured accelerators", "H200"]),
    ],
)
def test_what_was_not_measured_is_refused_with_the_nearest_named(model: str, accelerator: str, named: list[str]) -> None:
    with pytest.raises(OutOfCalibration) as caught:
        classic_rate(model, accelerator, 1, "online", None, 1.0)
    for words in named:
        assert words in str(caught.value)


def test_a_tighter_limit_than_measured_is_refused() -> None:
    with pytest.raises(OutOfCalibration, match="within 130 ms, asked for 20 ms"):
        classic_rate("BERT-large", "H100", 8, "online", 20.0, 1.0)
    assert classic_rate("BERT-large", "H100", 8, "online", 500.0, 1.0).p99_limit_ms == 130.0


def test_every_record_can_be_planned_with() -> None:
    for one in classic_measurements():
        rate = classic_rate(one.model, one.accelerator, one.accelerators_count, "batch", None, 1.0)
        assert 0 < rate.low_units_per_second <= rate.central_units_per_second <= rate.high_units_per_second
        assert one.source
        assert one.mark == "published"


def test_the_cost_of_a_limit_agrees_with_the_measured_pairs() -> None:
    # Server over offline of the shipped pairs lies where the table says: median within its own quarter points, widened a little.
    rates = {(one.model, one.accelerator, one.accelerators_count, one.scenario): one for one in classic_measurements()}
    for cost in latency_costs():
        ratios = sorted(
            one.rate_per_accelerator_per_second / rates[key[0], key[1], key[2], "offline"].rate_per_accelerator_per_second
            for key, one in rates.items()
            if key[0] == cost.model and key[3] == "server" and (key[0], key[1], key[2], "offline") in rates
        )
        if ratios:
            assert cost.low_ratio - 0.1 <= ratios[len(ratios) // 2] <= cost.high_ratio + 0.1
