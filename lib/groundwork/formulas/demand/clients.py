"""Demand that comes in lumps: how large the largest client is, and what its coming or going does.

References
----------
.. [1] B. C. Arnold (2015), Pareto Distributions, 2nd ed., section 4.2 (Lorenz curve).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import at_least, between, finite, holds, refuse

Array: TypeAlias = NDArray[np.float64]


def largest_client_share_ratio(clients_count: ArrayLike, top_tenth_share_ratio: ArrayLike) -> Array:
    """Share of the load that the largest client brings, from what the top tenth of clients bring together.

    Pareto clients: the top share u of them bring u^h, h = log10(1 / top tenth's share). The largest is u = 1 / clients.

    What a user would get wrong: demand is lumpy long after there are many clients. With 200 clients of whom the top tenth brings
    79 %, one client is 58 % of the load.

    Parameters
    ----------
    clients_count
        1 or more, any shape.
    top_tenth_share_ratio
        0.1 (all alike) to 1. Measured in language model services: 0.39 to 0.79.

    References
    ----------
    [1]_ eq. 4.2.17.
    """
    refuse([at_least("clients_count", clients_count, 1.0), between("top_tenth_share_ratio", top_tenth_share_ratio, 0.1, 1.0)])
    exponent = -np.log10(np.asarray(top_tenth_share_ratio, dtype=np.float64))
    return np.asarray(np.asarray(clients_count, dtype=np.float64) ** -exponent)


def lumpy_demand_ratio(client_share_ratio: ArrayLike, clients_gained_count: ArrayLike) -> Array:
    """Demand over its plan after large clients of a given share have come or gone: 1 + gained x share.

    Parameters
    ----------
    client_share_ratio
        Share of today's load of one such client, 0 to 1, any shape.
    clients_gained_count
        Whole; negative when lost. More may not go than there are.
    """
    share, gained = np.asarray(client_share_ratio, dtype=np.float64), np.asarray(clients_gained_count, dtype=np.float64)
    level = 1.0 + share * gained
    refuse(
        [
            between("client_share_ratio", share, 0.0, 1.0),
            finite("clients_gained_count", gained),
            holds("clients_gained_count", bool(np.all(level >= -1e-12)), "must not take more than all of the load away"),
        ]
    )
    return np.asarray(np.maximum(level, 0.0))
