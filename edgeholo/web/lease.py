"""Has units watched while somebody looks: a lease that is renewed, and ends by itself should this process die."""

import asyncio
import secrets

from edgeholo.web.house import House

LEASE_S = 10.0
"""Seconds asked for."""
RENEW_S = 4.0
"""How often: two may get lost."""
RATE_HZ = 15.0
"""Landmarks a second: as many as a camera at its usual rate has frames."""


class Leases:
    """Keeps the leases of the units that are wanted.

    Args:
        house: through which they are asked for.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._name = f"page-{secrets.token_hex(4)}"
        self._wanted: set[str] = set()
        self._renewing: asyncio.Task[None] | None = None

    def want(self, units: set[str]) -> None:
        """Have exactly these units watched."""
        for unit in self._wanted - units:
            self._house.tell(unit, "watch", {"seconds": 0, "name": self._name})
        new, self._wanted = units - self._wanted, units
        for unit in new:
            self.renew(unit)
        if self._wanted and self._renewing is None:
            self._renewing = asyncio.create_task(self._renew())
        elif not self._wanted:
            self._end()

    def renew(self, unit: str) -> None:
        """Ask for a unit's lease now, if it is wanted: it may have come back, and knows nothing of us."""
        if unit in self._wanted:
            self._house.tell(unit, "watch", {"seconds": LEASE_S, "hz": RATE_HZ, "name": self._name})

    def renew_all(self) -> None:
        """Ask for all leases now."""
        for unit in self._wanted:
            self.renew(unit)

    def stop(self) -> None:
        """End all leases."""
        self.want(set())

    def _end(self) -> None:
        if self._renewing:
            self._renewing.cancel()
            self._renewing = None

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_S)
            self.renew_all()
