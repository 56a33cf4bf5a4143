"""Prices of storage and egress: each tariff with its tiers, ready for `groundwork.formulas.data_flow.egress_usd`."""

from __future__ import annotations

from dataclasses import dataclass

from groundwork.catalogue.tables import table_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageTariff:
    """One provider's price of one thing: the tiers begin at `tier_from_gb` (the first at 0), in `unit` GB or GB-month."""

    provider: str
    item: str
    unit: str
    tier_from_gb: tuple[float, ...]
    tier_usd_per_unit: tuple[float, ...]
    date: str
    source: str
    mark: str
    grade: str


def storage_tariffs() -> tuple[StorageTariff, ...]:
    """All tariffs. A free allowance is a first tier of price 0."""
    rows = table_rows("storage_egress.csv")
    tariffs = []
    for provider, item in dict.fromkeys((row["provider"], row["item"]) for row in rows):
        mine = [row for row in rows if (row["provider"], row["item"]) == (provider, item)]
        starts = [float(row["tier_from_gb"] or 0.0) for row in mine]
        prices = [float(row["usd"]) for row in mine]
        if starts[0] > 0.0:
            starts, prices = [0.0, *starts], [0.0, *prices]
        first = mine[0]
        tariffs.append(
            StorageTariff(
                provider=provider,
                item=item,
                unit=first["unit"],
                tier_from_gb=tuple(starts),
                tier_usd_per_unit=tuple(prices),
                date=first["date"],
                source=first["source"],
                mark=first["mark"],
                grade=first["grade"],
            )
        )
    return tuple(tariffs)
