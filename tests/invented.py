"""An invented organisation for tests of the chain: round numbers that stand for nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from groundwork import beliefs, channels
from groundwork.draws import Points, unit_points
from groundwork.levers import Look, Strategy
from groundwork.quantities import Fixed, Quantity, Triangular
from groundwork.scenario import Scenario, dimensions
from groundwork.workloads import BatchWork, LlmWork, OnlineWork, Workload

OWN = {"source": "invented", "mark": "judgement", "grade": "D"}


def sure(value: float) -> Quantity:
    return Fixed(kind="fixed", value=value, **OWN)


def about(low: float, central: float, high: float) -> Quantity:
    return Triangular(kind="triangular", low=low, central=central, high=high, **OWN)


def section(record: Any, **values: Any) -> Any:
    return record(
        **{name: value if hasattr(value, "kind") or isinstance(value, bool) else sure(value) for name, value in values.items()}
    )


LOOK = Look(shape_light="#000000", text_light="#000000", shape_dark="#ffffff", text_dark="#ffffff")


def strategy(**levers: Any) -> Strategy:
    return Strategy(label="x", short="x", sentence="x", look=LOOK, **levers)


def workload(work: Any, **values: Any) -> Workload[Quantity]:
    own = {
        "units_per_day": about(5_000, 20_000, 60_000),
        "value_usd_per_unit": 0.2,
        "peak_to_mean_ratio": 1.5,
        "api_usd_per_unit": 0.02,
        "gb_per_unit": 0.0001,
        "retention_months": 12,
    } | values
    plain = {name: value for name, value in own.items() if name in {"use_cases", "buyable"}}
    believed = {name: value if hasattr(value, "kind") else sure(value) for name, value in own.items() if name not in plain}
    return Workload(
        label="w",
        unit="unit",
        sentence="s",
        hour_profile=tuple(1.0 + 0.5 * (8 <= hour < 20) for hour in range(24)),
        season=(1.0,) * 10 + (1.3, 1.5),
        profile_source="invented",
        season_source="invented",
        work=work,
        **({"use_cases": 2, "buyable": False} | plain),
        **believed,
    )


def invented(**changes: Any) -> Scenario[Quantity]:
    scenario: Scenario[Quantity] = Scenario(
        schema_version=1,
        name="invented",
        title="Invented",
        question="?",
        sentence=".",
        currency="USD",
        reference_accelerator="H100",
        organisation=section(
            beliefs.Organisation,
            engineers_fte=12,
            wage_usd_per_month=about(10_000, 12_500, 15_000),
            discount_ratio_per_year=0.1,
            idle_paid_ratio=0.5,
            terminal_months=12,
        ),
        delivery=section(
            beliefs.Delivery,
            intake_months=3,
            pilot_months=4,
            graduation_ratio=about(0.15, 0.35, 0.55),
            graduation_spread=0.8,
            lead_months=about(3, 8, 12),
            adoption_months=6,
            late_ratio_per_month=about(0, 0.01, 0.03),
            pilot_fte=1.5,
            production_fte=2,
            toil_fte=0.4,
            experiment_wait_ratio=about(0, 0.3, 1),
            drift_ratio=about(0, 0.1, 0.3),
            service_life_months=about(15, 30, 60),
            retraining_fte=0.1,
            new_use_cases_ratio_per_year=about(0, 0.5, 1),
        ),
        platform=section(
            beliefs.Platform,
            work_engineer_months=about(40, 60, 90),
            overrun_factor=about(0.9, 1.15, 1.8),
            tail_ratio=0.18,
            tail_factor=4,
            failure_ratio=about(0.15, 0.35, 0.6),
            adoption_max_ratio=about(0.4, 0.7, 0.95),
            adoption_ratio_per_month=0.18,
            run_ratio=0.4,
            retrofit_ratio=about(0.8, 2, 5),
            failed_adoption_ratio=0.1,
        ),
        demand=section(beliefs.Demand, growth_ratio_per_year=about(0.07, 0.2, 0.7), shock_factor=about(0.4, 1, 2.5)),
        market=section(
            beliefs.Market,
            on_demand_usd_per_accelerator_hour=about(1.7, 2.5, 4.5),
            commitment_discount_ratio=about(0.3, 0.4, 0.45),
            price_volatility_ratio=0.2,
            tight_ratio_per_month=0.07,
            shortage_ratio_per_month=0.08,
            ease_ratio_per_month=0.1,
            lead_normal_months=2,
            lead_tight_months=5,
            lead_shortage_months=10,
            availability_tight_ratio=0.85,
            availability_shortage_ratio=0.35,
            price_tight_factor=1.15,
            price_shortage_factor=1.5,
            own_progress_power=0.5,
            owned_capex_usd_per_accelerator=about(40_000, 50_000, 104_000),
            owned_residual_ratio=0.28,
            owned_life_months=60,
            owned_kw=1.275,
            owned_pue_ratio=1.4,
            owned_usd_per_kwh=0.155,
            owned_colocation_usd_per_month=160,
            owned_staff_fte=0.03,
            owned_maintenance_ratio_per_year=0.05,
            owned_lead_months=about(2, 5, 12),
            owned_server_accelerators=1,
            vendor_premium_ratio=0.3,
            vendor_shared_ratio=0.8,
        ),
        operations=section(
            beliefs.Operations,
            deploys_per_month=8,
            change_failure_ratio=0.15,
            exposed_ratio=0.5,
            restore_hours=about(1, 4, 24),
            replica_mttf_hours=8_000,
            replica_mttr_hours=4,
            zone_outages_per_year=0.5,
            zone_outage_hours=8,
            switch_minutes=5,
            manual_hours=3,
            slo_ratio=0.999,
            incident_usd_per_hour=500,
            churn_ratio_per_hour=0.0005,
            unserved_churn_ratio=0.2,
            severity_ratio=0.5,
        ),
        data=section(
            beliefs.DataEstate,
            storage_usd_per_gb_month=0.023,
            egress_usd_per_gb=0.09,
            cross_ratio=0.2,
            replication_factor=2,
            waste_ratio=about(0.2, 0.29, 0.35),
            pipeline_gb_per_day=500,
            stale_ratio_per_day=0.01,
            catch_up_ratio_per_month=0.2,
        ),
        stopping=section(beliefs.Stopping, after_pilots=4, below_ratio=0.12, notice_months=2, loss_months=3),
        channels=channels.Channels(
            lead_time=section(channels.LeadTime, divisor=about(1, 1.5, 4)),
            graduation=section(channels.Graduation, odds_factor=about(1, 1.4, 2)),
            utilisation=section(channels.Utilisation, without_ratio=about(0.05, 0.25, 0.45), with_ratio=about(0.25, 0.45, 0.7)),
            experiment_wait=section(channels.ExperimentWait, cut_ratio=about(0, 0.5, 0.8)),
            change_restore=section(channels.ChangeRestore, factor=about(0.3, 0.7, 1.05)),
            failover=section(channels.Failover, without_ratio=about(0.3, 0.6, 0.9), with_ratio=about(0.6, 0.9, 0.98)),
            procurement=section(channels.Procurement, planned_ratio=0.95, growth_view_ratio=1),
            wall=section(
                channels.Wall,
                load_accelerators=about(2, 6, 20),
                lift_factor=about(3, 8, 20),
                rebuild_months=about(3, 5, 9),
                lost_ratio=0.3,
            ),
            toil=section(channels.Toil, cut_ratio=about(0, 0.3, 0.6), gain_ratio=about(0, 0.08, 0.2)),
            data_waste=section(channels.DataWaste, cut_ratio=about(0, 0.3, 0.6)),
            lifecycle=section(channels.Lifecycle, cut_ratio=about(0, 0.3, 0.6), life_factor=about(1, 1.3, 2)),
            data_pipeline=section(channels.DataPipeline, throughput_factor=about(1, 1.5, 4)),
            early_dip=section(
                channels.EarlyDip, throughput_ratio=about(0, 0.08, 0.15), stability_ratio=about(0, 0.14, 0.28), months=9
            ),
            sequencing=channels.Sequencing(),
            bought_graduation=section(channels.BoughtGraduation, odds_factor=about(1, 1.5, 2.5)),
            bought_lead_time=section(channels.BoughtLeadTime, factor=about(0.3, 0.6, 1)),
            api_price_decline=section(channels.ApiPriceDecline, factor_per_year=about(1.1, 2, 5)),
            api_markup=section(channels.ApiMarkup, factor=about(0.7, 1.4, 3)),
            bought_quality=section(channels.BoughtQuality, ratio=about(0.8, 0.95, 1)),
            lock_in=section(channels.LockIn, kept_ratio=about(0, 0.2, 0.5)),
        ),
        workloads={
            "assistant": workload(
                section_work(
                    LlmWork,
                    kind="llm",
                    model="Llama-3.1-8B",
                    accelerator="H100",
                    precision="fp8",
                    tensor_parallel=1,
                    price_ratio=1,
                    input_tokens=about(600, 1150, 2000),
                    output_tokens=210,
                    prefix_hit_ratio=0.1,
                    ttft_limit_ms=2000,
                    tpot_limit_ms=50,
                    error_factor=1,
                ),
                buyable=True,
                use_cases=3,
            ),
            "ranking": workload(
                section_work(
                    OnlineWork,
                    kind="online",
                    accelerator="L4",
                    price_ratio=0.3,
                    rate_units_per_second=200,
                    service_ms=10,
                    latency_limit_ms=100,
                ),
                units_per_day=about(4e6, 2e7, 6e7),
                value_usd_per_unit=0.0005,
            ),
            "forecasts": workload(
                section_work(
                    BatchWork,
                    kind="batch",
                    accelerator="L4",
                    price_ratio=0.3,
                    accelerator_seconds_per_unit=0.05,
                    deadline_hours=6,
                ),
                units_per_day=about(1e5, 1e6, 4e6),
                value_usd_per_unit=0.002,
            ),
        },
        strategies={
            "model_first": strategy(),
            "infrastructure_first": strategy(platform_start_month=0, use_cases_wait_months=4.0),
            "staged": strategy(platform_start_month=12),
            "api_first": strategy(buys=("*",)),
            "wait": strategy(use_cases_start_month=None),
        },
    )
    return replace(scenario, **changes)


def section_work(record: Any, **values: Any) -> Any:
    plain = {
        name: value for name, value in values.items() if name in {"kind", "model", "accelerator", "precision", "tensor_parallel"}
    }
    believed = {name: value if hasattr(value, "kind") else sure(value) for name, value in values.items() if name not in plain}
    return record(**plain, **believed)


def points(scenario: Scenario[Quantity], samples: int = 256, seed: int = 7) -> Points:
    return unit_points(dimensions(scenario), samples, seed)
