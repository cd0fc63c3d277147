"""What the page knows of the home: every unit that speaks on the broker, and the broker itself."""

import asyncio
import base64
import logging
import re
import time
from collections.abc import Callable

import msgspec
from starlette.requests import Request

from edgeholo import config
from edgeholo.publish.client import Received
from edgeholo.publish.requester import Requester
from edgeholo.redact import redacted
from edgeholo.types import Message, MessageKind
from edgeholo.web.inbox import Inbox
from edgeholo.web.unit import LANDMARKS, News, Unit, UnitState

_LOGGER = logging.getLogger(__name__)

UNITS = 64
"""Units that are kept: a home has a handful, and who has more has a page for each part of it."""
LONGEST = 48 * 1024
"""Bytes of a payload: the landmarks of the most persons that fit, 15 with faces, are 43 kB."""
_TOPIC = 200
"""Letters of a topic below the base: an id has 64 at most, a path a few more."""
_GLANCE_S = 0.5
"""How often the connection is looked at."""
_SETTLE_S = 3.0
"""After a new connection retained messages come at once: a unit that is not among them is not there."""
_IDENTITY = re.compile(r"[a-z0-9_-]{1,64}")

Listener = Callable[[str, News], None]
"""Called with the unit, empty for the house as a whole, and what is new."""


class BrokerState(msgspec.Struct, frozen=True):
    """How the connection is.

    Attributes:
        connected: whether the broker is there.
        trouble: why not, one line; empty when it is, and before the first try has failed.
        url: of the broker, without user and password.
    """

    connected: bool
    trouble: str
    url: str


class House:
    """Listens, and tells of what it heard; used in the loop that ``start`` was called in.

    Args:
        broker: where it is.
        base: first level or levels of every topic.

    Attributes:
        base: of all topics.
        units: by id, also those of which nothing is known but some state; ``ids`` has those that are there.
        mqtt: the connection, for subscriptions of one's own.

    Raises:
        ConfigError: the options make no sense.
    """

    def __init__(self, broker: config.Broker, base: str) -> None:
        self._options, self.base = broker, base
        self.units: dict[str, Unit] = {}
        self.mqtt = Requester(broker, "page")
        self._listeners: list[Listener] = []
        self._said = self.broker()
        self._settled = False
        self._heard_s: dict[str, float] = {}
        self._since_s = 0.0
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to listen, and return at once."""
        self._begin()
        self._watching = asyncio.create_task(self._watch())

    async def move(self, broker: config.Broker) -> None:
        """Go over to another broker; units that are not there are soon known to be away.

        Raises:
            ConfigError: the options make no sense; then all stays as it is.
        """
        old, self.mqtt = self.mqtt, Requester(broker, "page")
        self._options = broker
        self._since_s = 0.0
        self._said = self.broker()
        self._tell("", News("broker", msgspec.json.encode(self._said)))
        await asyncio.to_thread(old.stop)
        self._begin()

    def _begin(self) -> None:
        inbox = Inbox(asyncio.get_running_loop(), self._take)
        self.mqtt.subscribe(f"{self.base}/#", lambda message: self._sort(message, inbox))
        self.mqtt.start()

    async def stop(self) -> None:
        """Say goodbye."""
        if self._watching:
            self._watching.cancel()
        await asyncio.to_thread(self.mqtt.stop)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Have ``listener`` called with all that is new, and return what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @property
    def ids(self) -> list[str]:
        """The units that are or were there, in order."""
        return sorted(name for name, unit in self.units.items() if unit.availability)

    def first(self) -> str | None:
        """Return the first that is online, else the first once all have had time to say so, or None where there is none."""
        online = [name for name in self.ids if self.units[name].availability == "online"]
        return next(iter(online or (self.ids if self._settled else [])), None)

    def state(self, unit: str | None) -> UnitState:
        """Return what is known of a unit, which may be nothing."""
        return self.units.get(unit or "", Unit()).state()

    def broker(self) -> BrokerState:
        """Return how the connection is."""
        return BrokerState(self.mqtt.connected, self.mqtt.trouble, redacted(self._options.url))

    def tell(self, unit: str, option: str, value: object, *, qos: int = 0) -> None:
        """Send a command without asking for an answer; it is dropped where the broker is away."""
        topic = self._command(unit, option)
        self.mqtt.send(Message(topic, msgspec.json.encode(value), MessageKind.STREAM, qos=qos, retain=False))

    async def ask(self, unit: str, option: str, value: object, patience_s: float) -> bytes:
        """Send a command and return the payload of the answer.

        Raises:
            TimeoutError: there was none.
        """
        payload = msgspec.json.encode(value)
        answer = self.mqtt.ask(self._command(unit, option), payload)
        async with asyncio.timeout(patience_s):
            return await asyncio.wrap_future(answer)

    def _command(self, unit: str, option: str) -> str:
        return f"{self.base}/{unit}/set/{option}"

    def _sort(self, message: Received, inbox: Inbox) -> None:
        """Pass over what is none of ours, in the connection's thread: commands, pictures, what is too long."""
        if len(message.payload) > LONGEST or len(message.topic) > len(self.base) + _TOPIC:
            return
        path = message.topic[len(self.base) + 1 :].partition("/")[2]
        if path and not path.startswith(("set/", "image/")):
            inbox.put(message)

    def _take(self, message: Received) -> None:
        name, _, path = message.topic[len(self.base) + 1 :].partition("/")
        if not _IDENTITY.fullmatch(name):
            return
        if path == "availability" and not message.payload:
            self._forget(name)
            return
        unit = self.units.get(name) or self._room(name)
        if unit is None:
            return
        if path == LANDMARKS:
            self._tell(name, News(LANDMARKS, base64.b64encode(message.payload), LANDMARKS))
            return
        was_there = bool(unit.availability)
        news = unit.hear(path, message.payload, retained=message.retained)
        if path == "availability":
            self._heard_s[name] = time.monotonic()
        if news:
            self._tell(name, news)
        if not was_there and unit.availability:
            self._tell_units()

    def _room(self, name: str) -> Unit | None:
        """Return a new unit; where there are too many, one that never said whether it is there makes room."""
        if len(self.units) >= UNITS:
            silent = next((other for other, unit in self.units.items() if not unit.availability), None)
            if silent is None:
                return None
            del self.units[silent]
        return self.units.setdefault(name, Unit())

    def _forget(self, name: str) -> None:
        unit = self.units.pop(name, None)
        self._heard_s.pop(name, None)
        if unit and unit.availability:
            self._tell(name, News("availability", b'{"availability":null}'))
            self._tell_units()

    def _tell_units(self) -> None:
        self._tell("", News("units", msgspec.json.encode(self.ids)))

    def _tell(self, unit: str, news: News) -> None:
        for listener in list(self._listeners):
            listener(unit, news)

    async def _watch(self) -> None:
        """Notice the broker that comes and goes."""
        while True:
            await asyncio.sleep(_GLANCE_S)
            state, since_s = self.broker(), self.mqtt.since_s
            if state != self._said:
                self._said = state
                self._tell("", News("broker", msgspec.json.encode(state)))
            if since_s != self._since_s:  # So that a break is noticed, however short.
                self._since_s, self._settled = since_s, False
            if state.connected and not self._settled and time.monotonic() > since_s + _SETTLE_S:
                self._settle()

    def _settle(self) -> None:
        """Note of those that the broker no longer knows that they are not there."""
        for name in self.ids:
            if self._heard_s[name] > self._since_s or self.units[name].availability == "offline":
                continue
            _LOGGER.info("%s is unknown to the broker since it came back", name)
            self._tell(name, self.units[name].leave("offline"))
        self._settled = True
        self._tell_units()


def house_of(request: Request) -> House:
    """Return the house that the page shows."""
    house: House = request.app.state.house
    return house
