"""What a subscriber sees, live: a screen on a terminal, else a line a message."""

import argparse
import contextlib
import json
import os
import sys

from edgeholo.cli import options
from edgeholo.cli.screen.glyphs import Glyphs, environment, has_braille
from edgeholo.cli.screen.live import show
from edgeholo.errors import ConfigError
from edgeholo.publish.client import Received, matches
from edgeholo.publish.codec import CodecError, decode
from edgeholo.publish.embedded import EMBEDDED
from edgeholo.publish.publisher import NO_BROKER
from edgeholo.publish.subscriber import Subscriber
from edgeholo.redact import redacted
from edgeholo.supervision import set_up_logging

_PARTS = ("pose", "left_hand", "right_hand", "face")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    options.add_config(parser)
    parser.add_argument("--broker", metavar="URL", help="mqtt://user@host:1883, mqtts://, ws://, wss://")
    parser.add_argument("--unit", default="", metavar="ID", help="which unit (default: the first that is online)")
    parser.add_argument("--lines", action="store_true", help="a line a message, as into a pipe, instead of the screen")


def run(args: argparse.Namespace) -> int:
    """Show a unit, or print messages, until Ctrl-C."""
    config = options.settings(args).config
    if config.broker.url in (NO_BROKER, EMBEDDED):
        raise ConfigError(f"broker.url is `{config.broker.url}`: say with --broker mqtt://host where to listen")
    set_up_logging("error")
    base = config.publish.base
    with contextlib.suppress(KeyboardInterrupt), Subscriber(config.broker, [f"{base}/#"]) as house:
        if args.lines or not _has_screen():
            _print(house, f"{base}/{args.unit}/#" if args.unit else f"{base}/#")
        else:
            show(house, base, args.unit, redacted(config.broker.url), Glyphs(plain=not has_braille(environment())))
    return 0


def _has_screen() -> bool:
    """Return whether there is a terminal to be painted on; a dumb one cannot move its cursor."""
    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") not in ("", "dumb")


def _print(house: Subscriber, topics: str) -> None:
    # A broker that was there and went away is worth a word; the first failure is an error of its own.
    set_up_logging("warning")
    print(f"listening to {topics}, Ctrl-C ends", file=sys.stderr)
    for message in house.messages():
        if matches(topics, message.topic):
            print(described(message), flush=True)


def described(message: Received) -> str:
    """Return a message as a line: topic, then payload in words."""
    above, _, name = message.topic.rpartition("/")
    in_words = _columns if above.endswith("/set") else _READERS.get(name, _columns)
    retained = " (retained)" if message.retained else ""
    return f"{message.topic}{retained}  {in_words(message.payload)}"


def _landmarks(payload: bytes) -> str:
    try:
        frame = decode(payload)
    except CodecError as error:
        return f"{len(payload)} bytes: {error}"
    persons = [", ".join(part for part in _PARTS if person[part]) for person in (frame, *frame["others"])]
    return f"{len(payload)} bytes, frame {frame['seq']}: {'; '.join(filter(None, persons)) or 'nobody'}"


def _skeleton(payload: bytes) -> str:
    return f"{len(payload)} bytes, a picture"


def _error(payload: bytes) -> str:
    fields = _fields(payload)
    if not fields.keys() >= {"option", "value", "error"}:
        return _columns(payload)
    return f"{fields['option']} {fields['value']!r} was not obeyed: {fields['error']}"


def _lesson(payload: bytes) -> str:
    fields = _fields(payload)
    if not fields.keys() >= {"name", "state", "shows_done", "shows_wanted", "hint"}:
        return _columns(payload)
    words = f"{fields['name']} {fields['state']}, {fields['shows_done']} of {fields['shows_wanted']}: {fields['hint']}"
    return words if fields["name"] else str(fields["state"])


_READERS = {"landmarks": _landmarks, "skeleton": _skeleton, "error": _error, "learn": _lesson}
"""Last level of a topic to what makes words of its payload, where ``key value`` pairs will not do."""


def _columns(payload: bytes) -> str:
    """Return a JSON object as ``key value`` pairs, anything else as it is."""
    fields = _fields(payload)
    if not fields:
        return payload.decode(errors="replace")
    return "  ".join(f"{key} {_short(value)}" for key, value in fields.items() if value is not None)


def _fields(payload: bytes) -> dict[str, object]:
    """Return the fields of a JSON object, none of anything else."""
    try:
        fields = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _short(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} {inner}" for key, inner in value.items()) + "}"
    if isinstance(value, list) and len(value) > 6:
        return f"({len(value)})"
    return str(value)
