"""What setting up needs to know: the configuration as it stands on disk, the files behind it, and who may write them."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from edgeholo.act.sense import Names
from edgeholo.amend.places import Places, places
from edgeholo.amend.wish import OUTCOME
from edgeholo.config import Config
from edgeholo.errors import ConfigError
from edgeholo.rulebook import names_told
from edgeholo.settings import Settings
from edgeholo.web.answers import Problem
from edgeholo.web.devices import Neighbourhood
from edgeholo.web.house import House
from edgeholo.web.recent import Recent
from edgeholo.web.unit import News
from edgeholo.web.writer import Writer

_LOGGER = logging.getLogger(__name__)

_PAUSE_S = 2.0
"""Between two tests of a broker: a person takes longer to type, and a page is no tool to search a network with."""


@dataclass(frozen=True, slots=True)
class Site:
    """This machine's unit, as it is configured now.

    Attributes:
        settings: the configuration.
        places: of its files.
        trouble: why the configuration is not the one that stands in the file; empty where it is.
    """

    settings: Settings
    places: Places
    trouble: str = ""

    @property
    def config(self) -> Config:
        """The configuration."""
        return self.settings.config


class SettingUp:
    """Set up from the page.

    Args:
        read: returns the configuration as it stands on disk now.
        house: what is heard.
        environ: the environment.
        outcome: where the service that writes says what became of a note.

    Attributes:
        recent: the last minute of this machine's unit.
        devices: that were seen.
        writer: of the files.
    """

    def __init__(
        self, read: Callable[[], Settings], house: House, environ: Mapping[str, str], outcome: Path = OUTCOME
    ) -> None:
        self._read, self._house, self._environ = read, house, environ
        self._last = read()
        config = self._last.config
        self.recent = Recent()
        self.devices = Neighbourhood(lambda: self.site().config)
        self.writer = Writer(config.device.id, environ, outcome)
        self._testing = asyncio.Lock()
        self._tested_s = -_PAUSE_S

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment."""
        return self._environ

    def start(self) -> None:
        """Begin to remember, and end what was broken off."""
        self._house.listen(self._hear)
        self.writer.resume(self.site().places)

    def site(self) -> Site:
        """Return the configuration as it is now; the last good one where somebody has broken it by hand."""
        trouble = ""
        try:
            self._last = self._read()
        except ConfigError as error:
            trouble = str(error)
        return Site(self._last, places(self._last, self._environ), trouble)

    def names(self, config: Config) -> Names:
        """Return what rules may speak of here."""
        info = self.known("info")
        return names_told(config, _texts(info.get("taught")), _texts(info.get("profiles")))

    def _hear(self, unit: str, news: News) -> None:
        """Remember what this machine's own unit says; no other one's rules are tried here."""
        if unit == self._last.config.device.id:
            self.recent.hear(unit, news)

    def known(self, state: str, unit: str = "") -> Mapping[str, object]:
        """Return what a unit, this machine's own by default, has said of itself; nothing where it has not."""
        unit = unit or self._last.config.device.id
        found = self._house.units.get(unit)
        return (found and found.known(state)) or {}

    def taught(self, unit: str) -> Collection[str]:
        """Return the gestures that were taught to a unit, the first one where none is named."""
        return _texts(self.known("info", unit or self._house.first() or "").get("taught"))

    async def test_slot(self) -> asyncio.Lock:
        """Return what is held during a test of a broker.

        Raises:
            Problem: there is one under way, or was one just now (429).
        """
        now_s = time.monotonic()
        if self._testing.locked() or now_s - self._tested_s < _PAUSE_S:
            raise Problem(
                429, "One test at a time, and a pause of two seconds between them: try again.", {"Retry-After": "2"}
            )
        self._tested_s = now_s
        return self._testing


def setting_up_of(request: Request) -> SettingUp:
    """Return what the page sets up with."""
    found: SettingUp = request.app.state.setting_up
    return found


def _texts(value: object) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
