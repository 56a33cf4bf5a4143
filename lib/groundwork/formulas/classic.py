"""Models with a measured rate: what one accelerator serves online, from benchmark figures.

References
----------
.. [1] V. J. Reddi and others (2020), MLPerf inference benchmark, ISCA, arXiv 1911.02549, section III (scenarios).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, between, refuse

Array: TypeAlias = NDArray[np.float64]


def served_rate_units_per_second(
    measured_units_per_second: ArrayLike, server_over_offline_ratio: ArrayLike, derate_ratio: ArrayLike
) -> Array:
    """Units per second to plan with: measured rate x what a latency limit leaves x what daily work leaves of a benchmark.

    What a user would get wrong: benchmark runs are tuned by the vendor, with nothing else on the machine and no network. And the
    server rate already holds the latency limit: the ratio belongs to offline rates only (1 for server rates).

    Parameters
    ----------
    measured_units_per_second
        Of one accelerator, above 0, any shape.
    server_over_offline_ratio
        Server rate over offline rate at the benchmark's latency limit, above 0 and at most 1.
    derate_ratio
        Own rate over benchmark rate, above 0 and at most 1.

    References
    ----------
    [1]_ section III-C: the server scenario holds a 99th percentile, the offline one has no limit.
    """
    refuse(
        [
            above("measured_units_per_second", measured_units_per_second, 0.0),
            between("server_over_offline_ratio", server_over_offline_ratio, 1e-9, 1.0),
            between("derate_ratio", derate_ratio, 1e-9, 1.0),
        ]
    )
    rate = np.asarray(measured_units_per_second, dtype=np.float64)
    kept = np.asarray(server_over_offline_ratio, dtype=np.float64) * np.asarray(derate_ratio, dtype=np.float64)
    return np.asarray(rate * kept)
