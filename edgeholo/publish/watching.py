"""Who looks on now: a lease that ends by itself, so that whoever walks away costs nothing for long."""

import logging
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from edgeholo.errors import ConfigError

_LOGGER = logging.getLogger(__name__)

LONGEST_S = 60.0
"""A watcher that is gone without a word costs landmarks for so long, no more."""
MOST = 50
"""Leases at once: more than a house has screens; those that end first make room."""
_HZ = 15.0
"""Frames a second of the camera unless told otherwise: whoever asks for no rate gets every frame."""


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``set/watch`` takes as a JSON object.

    Attributes:
        seconds: how long; 0 ends.
        hz: skeletons a second, at most.
        name: of the watcher. One with a name has one lease, which its next word replaces and its 0 ends; those without share
            theirs, and a 0 without a name ends all of these.
    """

    seconds: Annotated[float, Meta(ge=0, le=LONGEST_S)]
    hz: Annotated[float, Meta(gt=0, le=60)] = _HZ
    name: Annotated[str, Meta(max_length=64)] = ""


@dataclass(frozen=True, slots=True)
class _Lease:
    name: str
    hz: float
    until_s: float


class Watching:
    """The leases that run.

    Attributes:
        hz: skeletons a second that somebody wants to see now: the most that any of them asks for; 0 where nobody watches.
    """

    def __init__(self) -> None:
        self.hz = 0.0
        self._leases: list[_Lease] = []

    def ask(self, value: object, now_s: float) -> None:
        """Begin, prolong or end a lease.

        Args:
            value: a number of seconds, or what ``Request`` holds.
            now_s: of a clock that is never set.

        Raises:
            ConfigError: the value is none of these.
        """
        request = _request(value)
        if request.name or not request.seconds:
            self._leases = [lease for lease in self._leases if lease.name != request.name]
        if request.seconds:
            self._leases.append(_Lease(request.name, request.hz, now_s + request.seconds))
            self._leases = sorted(self._leases, key=lambda lease: lease.until_s)[-MOST:]
        self._count(now_s)

    def look(self, now_s: float) -> None:
        """Let leases end whose time is over; free of cost where there are none."""
        if self._leases:
            self._count(now_s)

    def _count(self, now_s: float) -> None:
        self._leases = [lease for lease in self._leases if lease.until_s > now_s]
        before, self.hz = self.hz, max((lease.hz for lease in self._leases), default=0.0)
        if bool(before) != bool(self.hz):
            _LOGGER.info("somebody watches" if self.hz else "nobody watches any more")


def _request(value: object) -> Request:
    try:
        return msgspec.convert(value if isinstance(value, dict) else {"seconds": value}, Request)
    except msgspec.ValidationError as error:
        raise ConfigError(f'write seconds, at most {LONGEST_S:g}, or {{"seconds": 10, "hz": 15}}: {error}') from error
