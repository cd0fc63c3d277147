"""The configuration: check a file, or show every value with its origin."""

import argparse

import msgspec

from edgeholo import kept
from edgeholo.capture.source import is_live
from edgeholo.cli import options
from edgeholo.config import Config
from edgeholo.pipeline import Mind
from edgeholo.publish.address import parse, shown
from edgeholo.publish.embedded import EMBEDDED
from edgeholo.publish.publisher import NO_BROKER
from edgeholo.redact import redacted
from edgeholo.settings import Settings, value_of
from edgeholo.settings import options as all_options


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("action", choices=("check", "show"))
    options.add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Check, and show if asked; a mistake is an error, so what is printed is valid."""
    settings = options.settings(args)
    _check(settings.config)
    if args.action == "show":
        print(_shown(_with_kept(settings)))
    else:
        print(f"{settings.file or 'the defaults'}: good")
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
