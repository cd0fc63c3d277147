"""How often a token may be guessed: from an address, and in all."""

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_ADDRESSES = 1000
"""Addresses that are remembered; a home has fewer, and the limit of all holds for those who have more."""
_IPV6_PREFIX = 64
"""Bits of an IPv6 address that are one household's: the rest anybody may choose."""


@dataclass(slots=True)
class _Bucket:
    """Tries that are left; they come back with time."""

    size: float
    refill_hz: float
    left: float
    seen_s: float

    def wait_s(self, now_s: float) -> float:
        """Return the seconds until a try is left, 0 where one is."""
        self.left = min(self.size, self.left + (now_s - self.seen_s) * self.refill_hz)
        self.seen_s = now_s
        return 0.0 if self.left >= 1 else (1 - self.left) / self.refill_hz


class Throttle:
    """Counts wrong tries; right ones cost nothing.

    Args:
        clock: seconds that only grow.
        each: tries of an address in a row, and how many come back a second.
        everybody: likewise, of all together.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        each: tuple[float, float] = (5, 1 / 15),
        everybody: tuple[float, float] = (60, 1.0),
    ) -> None:
        self._clock, self._each = clock, each
        self._everybody = _Bucket(*everybody, everybody[0], clock())
        self._addresses: OrderedDict[str, _Bucket] = OrderedDict()

    def wait_s(self, address: str) -> int:
        """Return the whole seconds for which an address may not try, 0 where it may."""
        now_s = self._clock()
        bucket = self._addresses.get(_household(address))
        return math.ceil(max(self._everybody.wait_s(now_s), bucket.wait_s(now_s) if bucket else 0.0))

    def wrong(self, address: str) -> None:
        """Count a wrong try."""
        now_s, household = self._clock(), _household(address)
        bucket = self._addresses.pop(household, None) or _Bucket(*self._each, self._each[0], now_s)
        self._addresses[household] = bucket
        for each in (bucket, self._everybody):
            each.wait_s(now_s)
            each.left = max(0.0, each.left - 1)
        if len(self._addresses) > _ADDRESSES:
            self._addresses.popitem(last=False)


def _household(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _IPV6_PREFIX), strict=False))
