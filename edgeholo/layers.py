"""The configuration that counts: file, environment and command line, and on top what was set over MQTT."""

from collections.abc import Callable, Iterable

from edgeholo.config import Config
from edgeholo.kept import Kept, Values, on_top, place
from edgeholo.pipeline import Mind
from edgeholo.settings import value_of


class Layers:
    """Two layers, and the file that keeps the upper one over a restart.

    Args:
        base: what file, environment and command line make now.
        read: reads these anew.

    Attributes:
        base: the lower layer.
        config: both together, at the start.

    Raises:
        ConfigError: the base makes no sense.
    """

    def __init__(self, base: Config, read: Callable[[], Config]) -> None:
        self._read = read
        self._kept = Kept(place(base.device.id))
        self.base = base
        self.config, self._kept.values = self._complete(base)

    def reload(self, follow: Callable[[Config], object]) -> None:
        """Read the lower layer anew, and have both together followed.

        Raises:
            EdgeholoError: they make no sense, or cannot be followed; the layers are as they were.
        """
        base = self._read()
        config, values = self._complete(base)
        follow(config)
        self.base, self._kept.values = base, values

    def keep(self, config: Config, paths: Iterable[str]) -> None:
        """Put the values of a configuration at these paths into the upper layer."""
        self._kept.values |= {path: value_of(config, path) for path in sorted(paths)}

    def forget(self) -> None:
        """Empty the upper layer."""
        self._kept.values = {}

    def save(self, now_s: float) -> None:
        """Write what has changed, if the last write was long enough ago."""
        self._kept.save(now_s)

    def close(self) -> None:
        """Write what has changed, at once."""
        self._kept.write()

    def _complete(self, base: Config) -> tuple[Config, Values]:
        Mind(base)  # Its mistakes are those of the file, and no reason to drop what was set over MQTT.
        return on_top(base, self._kept.values, Mind)
