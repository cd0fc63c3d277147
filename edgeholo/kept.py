"""What was set over MQTT, kept over a restart: one small file, written seldom and never by halves."""

import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from edgeholo.config import Config
from edgeholo.errors import ConfigError
from edgeholo.files import write_whole
from edgeholo.options import PATHS
from edgeholo.settings import replaced

_LOGGER = logging.getLogger(__name__)

ORIGIN = "set over MQTT"
_PAUSE_S = 5.0
"""Between two writes: a slider that is drawn sends ten values a second, and a memory card wears out."""

Values = dict[str, object]
"""By dotted path, as in the configuration."""


def folder(device_id: str, environ: Mapping[str, str] = os.environ) -> Path:
    """Return where a device keeps what outlives it: the service's folder, else one of the user's own."""
    if service := environ.get("STATE_DIRECTORY", "").partition(":")[0]:
        return Path(service)
    home = environ.get("XDG_STATE_HOME") or Path(environ.get("HOME", "/")) / ".local" / "state"
    return Path(home) / "edgeholo" / device_id


def place(device_id: str, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the file of what was set over MQTT."""
    return folder(device_id, environ) / "options.json"


def read(file: Path) -> Values:
    """Return what a file holds; nothing, and a warning, where it is none of ours."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Values)
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        _LOGGER.warning("what was set over MQTT is lost: %s: %s", file, reason)
        return {}


def on_top(base: Config, values: Mapping[str, object], check: Callable[[Config], object]) -> tuple[Config, Values]:
    """Return the configuration with the values on top, and those of them that fit; the others are named and dropped.

    Args:
        base: what file, environment and command line make.
        values: what was set over MQTT.
        check: looks at what only the stages understand, and raises ConfigError.
    """
    config, fit = base, Values()
    for path, value in values.items():
        try:
            if path not in PATHS:
                raise ConfigError(f"{path}: there is no such option any more")
            changed = replaced(config, {path: value})
            check(changed)
        except ConfigError as error:
            _LOGGER.warning("a value set over MQTT is dropped: %s", error)
            continue
        config = changed
        fit[path] = value
    return config, fit


class Kept:
    """The values, and the file that outlives the daemon.

    Args:
        file: where they are kept.

    Attributes:
        values: by dotted path.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.values = read(file)
        self._written = dict(self.values)
        self._due_s = 0.0
        self._failed = False

    def save(self, now_s: float) -> None:
        """Write what has changed, if the last write was long enough ago."""
        if self.values != self._written and now_s >= self._due_s:
            self._due_s = now_s + _PAUSE_S
            self.write()

    def write(self) -> None:
        """Write what has changed, at once."""
        if self.values == self._written:
            return
        try:
            write_whole(self._file, msgspec.json.format(msgspec.json.encode(self.values)))
        except OSError as error:
            if not self._failed:
                _LOGGER.warning("what is set over MQTT will not outlive a restart: %s: %s", self._file, error.strerror)
            self._failed = True
            return
        self._written, self._failed = dict(self.values), False
