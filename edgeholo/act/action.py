"""What every action has in common: its options, the moment it acts in, and what it gives to be sent."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, Protocol

import msgspec
from msgspec import Meta

from edgeholo.act import patterns, templates
from edgeholo.act.curves import Sweep
from edgeholo.errors import ActionError
from edgeholo.types import Message, MessageKind, Observation

Power = Literal["on", "off", "toggle"]
Cover = Literal["open", "close", "stop"]
Amount = float | Sweep
"""A number, or one that follows the control."""
Name = Annotated[str, Meta(pattern=patterns.TOPIC)]
"""One or more levels of a topic, without wildcards."""
Colour = Annotated[str, Meta(pattern=patterns.COLOUR)]

EVERY_S = 0.2
"""Seconds between two values of a control: Zigbee lamps fall behind at more than about five commands a second."""


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request to be.

    Attributes:
        method: of HTTP.
        url: in full.
        headers: by name.
        body: as it goes out.
        timeout_s: seconds until it counts as failed.
        retries: how often it is tried again.
        token_file: a file with the bearer token, read when it is sent; empty for none.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    timeout_s: float
    retries: int
    token_file: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A program to be started, without a shell.

    Attributes:
        arguments: the program and what follows it.
        timeout_s: seconds after which it is ended.
    """

    arguments: tuple[str, ...]
    timeout_s: float


Order = Message | Request | Command
"""What an action comes to."""


class HomeAssistantServer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where Home Assistant is: the table ``[homeassistant]``.

    Attributes:
        url: of its web page.
        token_file: a file that holds nothing but a long-lived access token.
    """

    url: Annotated[str, Meta(pattern=patterns.SERVER)]
    token_file: Annotated[str, Meta(min_length=1)]


@dataclass(frozen=True, slots=True)
class Moment:
    """What an action knows when it acts.

    Attributes:
        trigger: what set the rule off.
        names: what templates know.
        value: of the control, 0..1, where the rule follows one.
        passing: whether further values are about to follow this one.
        states: the last payload of every topic that was heard.
        server: Home Assistant, where the rules name it.
    """

    trigger: Observation
    names: Mapping[str, object]
    value: float | None = None
    passing: bool = False
    states: Mapping[str, bytes] = field(default_factory=dict)
    server: HomeAssistantServer | None = None

    def number(self, amount: Amount) -> float:
        """Return an option's number at this moment."""
        if isinstance(amount, Sweep):
            return templates.whole(amount.at(self.value or 0.0))
        return templates.whole(amount)

    def message(self, topic: str, payload: object, *, qos: int = 1, retain: bool = False) -> Message:
        """Return a message; text goes out as it is, all else as JSON.

        A value that others follow is worth something only now; the last one waits for the broker like any event.
        """
        text = isinstance(payload, str)
        content = str(payload).encode() if text else encoded(payload)
        kind, content_type = MessageKind.EVENT, "text/plain" if text else "application/json"
        if self.passing and not retain:
            kind, qos = MessageKind.STREAM, 0
        return Message(topic, content, kind, qos, retain, content_type)


class Action(Protocol):
    """What stands in a rule's ``then``; ``table.ACTIONS`` has them all."""

    TEMPLATED: ClassVar[frozenset[str]]
    """The options in which texts are templates."""

    @property
    def every_s(self) -> float | None:
        """Seconds between two values of a control; None for ``EVERY_S``."""

    def orders(self, moment: Moment) -> tuple[Order, ...]:
        """Return what is to be sent.

        Raises:
            ActionError: a template cannot be filled.
        """

    def listens(self) -> tuple[str, ...]:
        """Return the topics whose last payload it needs, to know the device's state."""

    def asks(self) -> tuple[tuple[str, str], ...]:
        """Return topic and payload of the questions after which a device tells its state there."""


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands beside the name of every action.

    Attributes:
        every_s: least seconds between two values of a control.
    """

    TEMPLATED: ClassVar[frozenset[str]] = frozenset()
    LIMITS: ClassVar[Mapping[str, tuple[float, float]]] = {}
    """The range a device takes, by option."""
    ONE_OF: ClassVar[tuple[str, ...]] = ()
    """Options of which at least one says what to do."""

    every_s: Annotated[float, Meta(ge=0.02, le=3600)] | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that the device would not take, and an action that does nothing."""
        for option in self.__struct_fields__:
            if isinstance(number := getattr(self, option), float) and not math.isfinite(number):
                raise ValueError(f"{option}: expected a finite number")
        for option, limits in self.LIMITS.items():
            _check_limits(option, getattr(self, option), *limits)
        if self.ONE_OF and not any(getattr(self, option) not in (None, {}) for option in self.ONE_OF):
            raise ValueError(f"this does nothing yet: give it one of {', '.join(self.ONE_OF)}")

    def listens(self) -> tuple[str, ...]:
        """Return no topic: most actions need no state."""
        return ()

    def asks(self) -> tuple[tuple[str, str], ...]:
        """Return no question: most devices keep their state retained, or toggle by themselves."""
        return ()


def _check_limits(option: str, amount: Amount | None, low: float, high: float) -> None:
    numbers = () if amount is None else amount.to if isinstance(amount, Sweep) else (amount,)
    for number in numbers:
        if not low <= number <= high:
            raise ValueError(f"{option}: expected {low:g} to {high:g}, got {number:g}")


def encoded(tree: object) -> bytes:
    """Return JSON.

    Raises:
        ActionError: a template came to something that JSON has no words for.
    """
    try:
        return msgspec.json.encode(tree)
    except TypeError as error:
        raise ActionError(f"a template came to no value: {error}") from None


def switched(power: Power, now: bool | None) -> Power:
    """Return ``on`` or ``off``, made from the known state; ``toggle`` where that is unknown."""
    if power != "toggle" or now is None:
        return power
    return "off" if now else "on"


def is_on(payload: bytes | None, *keys: str) -> bool | None:
    """Return whether a state says on; None where it does not tell.

    Args:
        payload: text (``ON``, ``off``, ``true``), a brightness, or JSON.
        keys: where in the JSON it stands.
    """
    if payload is None:
        return None
    said = inside(payload_of(payload), keys)
    if isinstance(said, bool):
        return said
    if isinstance(said, int | float):
        return said > 0
    return {"on": True, "true": True, "off": False, "false": False}.get(str(said).lower())


def payload_of(payload: bytes) -> object:
    """Return a payload as JSON, or as text where it is none."""
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return payload.decode(errors="replace")


def inside(tree: object, keys: tuple[str, ...]) -> object:
    """Return what stands at the keys in nested tables, or None."""
    for key in keys:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def without_none(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return the fields that say something."""
    return {name: value for name, value in fields.items() if value is not None}


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue, 0..255, of ``#rrggbb``."""
    red, green, blue = re.findall("[0-9a-fA-F]{2}", colour)
    return int(red, 16), int(green, 16), int(blue, 16)
