"""The configuration: check a file, show every value with its origin, or apply what was wished for on the page."""

import argparse
import os
import subprocess
import time

import msgspec

from edgeholo import kept
from edgeholo.amend import pending, wish
from edgeholo.amend.places import Places, places
from edgeholo.capture.source import is_live
from edgeholo.cli import options
from edgeholo.config import Config
from edgeholo.errors import EdgeholoError
from edgeholo.pipeline import Mind
from edgeholo.publish.address import parse, shown
from edgeholo.publish.embedded import EMBEDDED
from edgeholo.publish.publisher import NO_BROKER
from edgeholo.redact import redacted
from edgeholo.settings import Settings, load, value_of
from edgeholo.settings import options as all_options
from edgeholo.supervision import set_up_logging

_UNITS = ("edgeholo.service", "edgeholo-web.service")
_PAUSE_S = 1.0
"""The page looks for the outcome ten times a second."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("action", choices=("check", "show", "apply"))
    parser.add_argument("--pending", action="store_true", help="of apply: what the page has left a note of (as root)")
    options.add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Check, and show if asked; a mistake is an error, so what is printed is valid."""
    if args.action == "apply":
        return _apply(args)
    settings = options.settings(args)
    _check(settings.config)
    if args.action == "show":
        print(_shown(_with_kept(settings)))
    else:
        print(f"{settings.file or 'the defaults'}: good")
    return 0


def _apply(args: argparse.Namespace) -> int:
    """Carry out the page's note, say what became of it, and have another broker taken.

    The note comes from a process with fewer rights. What it was refused for is told to the page; it is no failure of ours.
    """
    if not args.pending:
        raise EdgeholoError("config apply carries out what the page has left a note of: say --pending")
    set_up_logging("info")

    def find() -> Places:
        # What stands above the file has no say here: it is the file that is changed.
        return places(load(args.config, {}, {}), os.environ)

    note = pending.carry_out(wish.SERVICE, find, lambda outcome: wish.tell(wish.OUTCOME, outcome))
    if note and not note.rules:
        # The page reads the answer before it is started anew, and the daemon is given its password only at a start.
        time.sleep(_PAUSE_S)
        subprocess.run(["/usr/bin/systemctl", "--no-block", "try-restart", *_UNITS], check=False)
    return 0


def _check(config: Config) -> None:
    """Look at what only the stages understand.

    Raises:
        ConfigError: one of them would not.
    """
    Mind(config)
    is_live(config.camera)
    if config.broker.url not in (NO_BROKER, EMBEDDED):
        parse(config.broker)


def _with_kept(settings: Settings) -> Settings:
    """Return what the daemon runs with: on top is what was set over MQTT, where this user may read it."""
    config, fit = kept.on_top(settings.config, kept.read(kept.place(settings.config.device.id)), _check)
    return Settings(config, {**settings.origins, **dict.fromkeys(fit, kept.ORIGIN)}, settings.file)


def _shown(settings: Settings) -> str:
    """Return the tree as TOML, the origin of each value behind it."""
    tables: dict[str, list[str]] = {}
    for path, _ in all_options():
        table, _, key = path.rpartition(".")
        value = _toml(path, value_of(settings.config, path))
        line = f"{f'{key} = {value}':60} # {settings.origins.get(path, 'default')}"
        tables.setdefault(table, [f"[{table}]"]).append(line)
    return "\n\n".join("\n".join(lines) for lines in tables.values())


def _toml(path: str, value: object) -> str:
    if path == "broker.url":
        value = shown(str(value))
    if path == "camera.source":
        value = redacted(str(value))
    if isinstance(value, dict):
        pairs = (
            f"{name} = {_toml('', msgspec.to_builtins(inner))}" for name, inner in value.items() if inner is not None
        )
        return "{" + ", ".join(pairs) + "}"
    return msgspec.json.encode(value).decode()
