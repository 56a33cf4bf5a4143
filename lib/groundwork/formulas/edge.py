"""Work done at many sites: whole devices at each, a link that limits what is sent, and hours without it.

References
----------
.. [1] J. D. C. Little (1961), A proof for the queuing formula L = lambda W, Operations Research 9(3), 383-387.
.. [2] R. E. Barlow, F. Proschan (1975), Statistical Theory of Reliability and Life Testing, section 2.1 (k of n).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, refuse

Array: TypeAlias = NDArray[np.float64]

_SLACK = 1.0 - 1e-12  # 0.3 / 0.1 is a hair above 3: do not buy a device for the rounding


def devices_per_site_count(
    streams_count: ArrayLike, stream_units_per_second: ArrayLike, device_units_per_second: ArrayLike, busy_limit_ratio: ArrayLike
) -> Array:
    """Whole devices that one site needs: ceil(streams x rate / (device rate x busy limit)).

    What a user would get wrong: devices cannot be shared between sites. A thousand sites that each need 0.3 of a device need a
    thousand devices, not three hundred, and run at 30 %.

    Parameters
    ----------
    streams_count
        Cameras or sensors at the site, 0 or more, any shape.
    stream_units_per_second
        Inferences per second that one stream needs, 0 or more.
    device_units_per_second
        Inferences per second that one device serves within the limit, above 0.
    busy_limit_ratio
        Share of the device's time that may be planned, above 0 and at most 1 (heat throttles small devices).

    References
    ----------
    [1]_: devices busy = arrivals x time per unit.
    """
    refuse(
        [
            at_least("streams_count", streams_count, 0.0),
            at_least("stream_units_per_second", stream_units_per_second, 0.0),
            above("device_units_per_second", device_units_per_second, 0.0),
            between("busy_limit_ratio", busy_limit_ratio, 1e-9, 1.0),
        ]
    )
    needed = np.asarray(streams_count, dtype=np.float64) * np.asarray(stream_units_per_second, dtype=np.float64)
    usable = np.asarray(device_units_per_second, dtype=np.float64) * np.asarray(busy_limit_ratio, dtype=np.float64)
    return np.asarray(np.ceil(needed / usable * _SLACK))


def fleet_devices_count(
    sites_count: ArrayLike, devices_per_site: ArrayLike, device_availability_ratio: ArrayLike, target_ratio: ArrayLike
) -> Array:
    """Devices of all sites together, each site with spares of its own: sites x smallest n with P(Bin(n, a) >= k) >= target.

    Parameters
    ----------
    sites_count
        Whole, 0 or more, any shape.
    devices_per_site
        k, whole devices that one site needs, 0 or more: from `devices_per_site_count`.
    device_availability_ratio
        a, above 0 and at most 1: share of the time that a device works; a device at a remote site waits long for its repair.
    target_ratio
        Strictly between 0 and 1: chance that a site has all it needs.

    References
    ----------
    [2]_ k of n.
    """
    from groundwork.formulas.queueing.sizing import servers_with_spares_count

    refuse([at_least("sites_count", sites_count, 0.0)])
    owned = servers_with_spares_count(devices_per_site, device_availability_ratio, target_ratio)
    return np.asarray(np.asarray(sites_count, dtype=np.float64) * owned)


def uplink_needed_mbit_per_second(
    streams_count: ArrayLike, stream_units_per_second: ArrayLike, uplink_kbit_per_unit: ArrayLike
) -> Array:
    """Megabits per second that one site sends to the centre: streams x rate x kbit / 1000.

    Parameters
    ----------
    streams_count, stream_units_per_second
        As in `devices_per_site_count`.
    uplink_kbit_per_unit
        Kilobits (not kilobytes) sent for one inference, 0 or more.
    """
    refuse(
        [
            at_least("streams_count", streams_count, 0.0),
            at_least("stream_units_per_second", stream_units_per_second, 0.0),
            at_least("uplink_kbit_per_unit", uplink_kbit_per_unit, 0.0),
        ]
    )
    units = np.asarray(streams_count, dtype=np.float64) * np.asarray(stream_units_per_second, dtype=np.float64)
    return np.asarray(units * np.asarray(uplink_kbit_per_unit, dtype=np.float64) / 1000.0)


def streams_within_uplink_count(
    uplink_mbit_per_second: ArrayLike, stream_units_per_second: ArrayLike, uplink_kbit_per_unit: ArrayLike
) -> Array:
    """Whole streams that one site's link carries; infinite where nothing is sent.

    What a user would get wrong: more devices do not help a site whose link is full. Send less per inference.

    Parameters
    ----------
    uplink_mbit_per_second
        Of one site, 0 or more, any shape.
    stream_units_per_second, uplink_kbit_per_unit
        As in `uplink_needed_mbit_per_second`.
    """
    refuse([at_least("uplink_mbit_per_second", uplink_mbit_per_second, 0.0)])
    one = uplink_needed_mbit_per_second(1.0, stream_units_per_second, uplink_kbit_per_unit)
    link = np.asarray(uplink_mbit_per_second, dtype=np.float64)
    return np.where(one > 0.0, np.floor(link / np.where(one > 0.0, one, 1.0) / _SLACK), np.inf)


def autonomy_hours(buffer_gb: ArrayLike, needed_mbit_per_second: ArrayLike) -> Array:
    """Hours for which a site can keep what it would have sent while the link is down: buffer / rate; infinite at rate 0.

    Parameters
    ----------
    buffer_gb
        Local storage set aside, gigabytes (1e9 bytes), 0 or more, any shape.
    needed_mbit_per_second
        From `uplink_needed_mbit_per_second`, 0 or more.
    """
    rate = np.asarray(needed_mbit_per_second, dtype=np.float64)
    refuse([at_least("buffer_gb", buffer_gb, 0.0), at_least("needed_mbit_per_second", rate, 0.0)])
    seconds = np.asarray(buffer_gb, dtype=np.float64) * 8000.0 / np.where(rate > 0.0, rate, 1.0)
    return np.where(rate > 0.0, seconds / 3600.0, np.inf)


def buffer_needed_gb(autonomy_needed_hours: ArrayLike, needed_mbit_per_second: ArrayLike) -> Array:
    """Gigabytes a site must be able to keep to work through an outage of the link.

    Parameters
    ----------
    autonomy_needed_hours
        0 or more, hours, any shape.
    needed_mbit_per_second
        As in `autonomy_hours`.
    """
    refuse(
        [
            at_least("autonomy_needed_hours", autonomy_needed_hours, 0.0),
            at_least("needed_mbit_per_second", needed_mbit_per_second, 0.0),
        ]
    )
    hours = np.asarray(autonomy_needed_hours, dtype=np.float64)
    return np.asarray(hours * 3600.0 * np.asarray(needed_mbit_per_second, dtype=np.float64) / 8000.0)


def catch_up_hours(outage_hours: ArrayLike, needed_mbit_per_second: ArrayLike, uplink_mbit_per_second: ArrayLike) -> Array:
    """Hours after the link is back until everything kept has been sent: outage x need / (link - need).

    What a user would get wrong: a link that is 95 % full in normal times needs 19 hours to catch up with one.

    Parameters
    ----------
    outage_hours
        0 or more, hours, any shape.
    needed_mbit_per_second, uplink_mbit_per_second
        0 or more; infinite where the link has nothing to spare.
    """
    need = np.asarray(needed_mbit_per_second, dtype=np.float64)
    spare = np.asarray(uplink_mbit_per_second, dtype=np.float64) - need
    refuse(
        [
            at_least("outage_hours", outage_hours, 0.0),
            at_least("needed_mbit_per_second", need, 0.0),
            at_least("uplink_mbit_per_second", uplink_mbit_per_second, 0.0),
        ]
    )
    kept = np.asarray(outage_hours, dtype=np.float64) * need
    return np.where(kept > 0.0, np.where(spare > 0.0, kept / np.where(spare > 0.0, spare, 1.0), np.inf), 0.0)
