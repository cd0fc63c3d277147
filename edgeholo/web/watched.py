"""Has units watched while somebody looks at them in a browser."""

import asyncio
import secrets
import time

from edgeholo.publish.lease import RENEW_S, Lease
from edgeholo.types import Message
from edgeholo.web.house import House

_RATE_HZ = 15.0
"""Landmarks a second: as many as a camera at its usual rate has frames."""


class Watched:
    """Keeps a lease of every unit that is wanted, however many want it.

    Args:
        house: through which they are asked for.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._name = f"page-{secrets.token_hex(4)}"
        self._leases: dict[str, Lease] = {}
        self._renewing: asyncio.Task[None] | None = None

    def want(self, units: set[str]) -> None:
        """Have exactly these units watched."""
        for unit in self._leases.keys() - units:
            self._say(self._leases.pop(unit).end())
        for unit in units - self._leases.keys():
            self._leases[unit] = Lease(self._house.base, _RATE_HZ, self._name)
            self.renew(unit)
        if self._leases and self._renewing is None:
            self._renewing = asyncio.create_task(self._renew())
        elif not self._leases and self._renewing:
            self._renewing.cancel()
            self._renewing = None

    def renew(self, unit: str) -> None:
        """Ask for a unit's lease now, if it is wanted: it may have come back, and knows nothing of us."""
        if lease := self._leases.get(unit):
            lease.lost()
            self._say(lease.keep(unit, time.monotonic()))

    def renew_all(self) -> None:
        """Ask for all leases now."""
        for unit in self._leases:
            self.renew(unit)

    def _say(self, messages: list[Message]) -> None:
        for message in messages:
            self._house.mqtt.send(message)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_S)
            self.renew_all()
