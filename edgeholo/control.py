"""Control at run time: what the house asks is looked at, obeyed, answered and kept; a changed file is followed as well."""

import functools
import logging
from collections.abc import Callable, Sequence

from edgeholo.config import Config
from edgeholo.errors import EdgeholoError
from edgeholo.kept import Kept, on_top, place
from edgeholo.line import Line
from edgeholo.options import OPTIONS, changed, unknown
from edgeholo.pipeline import Mind
from edgeholo.publish.commands import Command, Commands
from edgeholo.settings import value_of

_LOGGER = logging.getLogger(__name__)


class Control:
    """Makes the configuration that counts: file, environment and command line, and on top what was set over MQTT.

    Args:
        base: what file, environment and command line make now.
        read: reads these anew.

    Attributes:
        config: the configuration to begin with.
        commands: where the connection puts what the house asks.
        restart: whether a restart was asked for.
        actions: what can be asked for beside the options.

    Raises:
        ConfigError: the base makes no sense.
    """

    def __init__(self, base: Config, read: Callable[[], Config]) -> None:
        self._read = read
        self._base = base
        self._kept = Kept(place(base.device.id))
        self.config, self._kept.values = self._complete(base)
        self.commands = Commands()
        self.restart = False
        self.actions = {"reset": self._reset, "restart": self._restart, "snapshot": self._snapshot}

    def obey(self, line: Line, now_s: float) -> None:
        """Do what was asked since the last time; a wrong command changes nothing, and its sender is told."""
        commands, lost = self.commands.take()
        if lost:
            line.announcer.refused("set", f"{lost} commands", "too many at once; the newest were looked at")
        batch: list[Command] = []
        for command in commands:
            if command.option in OPTIONS and not command.refusal:
                batch.append(command)
            else:
                self._set(line, batch)
                batch = []
                self._act(line, command)
        self._set(line, batch)
        self._kept.save(now_s)

    def reload(self, line: Line) -> None:
        """Take the changed file; a wrong one changes nothing, and what was set over MQTT stays on top."""
        try:
            base = self._read()
            config, values = self._complete(base)
            line.take(config)
        except EdgeholoError as error:
            _LOGGER.error("not reloaded, the old configuration goes on: %s", error)
            return
        self._base, self._kept.values = base, values
        _LOGGER.info("configuration reloaded")

    def close(self) -> None:
        """Keep what is not kept yet."""
        self._kept.write()

    def _complete(self, base: Config) -> tuple[Config, dict[str, object]]:
        Mind(base)  # Its mistakes are those of the file, and no reason to drop what was set over MQTT.
        return on_top(base, self._kept.values, Mind)

    def _set(self, line: Line, batch: Sequence[Command]) -> None:
        """Set options, all at once: of a hundred values of a slider the camera need not be opened for each."""
        good: list[Command] = []
        for command in batch:
            try:
                changed(line.config, command.option, command.value)
            except EdgeholoError as error:
                _refuse(line, command, str(error))
            else:
                good.append(command)
        if good:
            self._take(line, good)

    def _take(self, line: Line, batch: Sequence[Command]) -> None:
        """Let the line follow; where it cannot, halve the batch until the one that is to blame is alone."""
        try:
            config = functools.reduce(lambda old, each: changed(old, each.option, each.value), batch, line.config)
            line.take(config)
        except EdgeholoError as error:
            if len(batch) == 1:
                _refuse(line, batch[0], str(error))
                return
            middle = len(batch) // 2
            self._take(line, batch[:middle])
            self._take(line, batch[middle:])
            return
        paths = {path for command in batch for path in OPTIONS[command.option]}
        self._kept.values |= {path: value_of(config, path) for path in sorted(paths)}
        for command in batch:
            _LOGGER.info("set over MQTT: %s %s", command.option, command.text)
            _answer(line, command, value_of(config, OPTIONS[command.option][0]))

    def _act(self, line: Line, command: Command) -> None:
        """Do what is no option but an action."""
        try:
            if command.refusal:
                raise EdgeholoError(command.refusal)
            if command.option not in self.actions:
                raise EdgeholoError(unknown(command.option, self.actions))
            self.actions[command.option](line, command)
        except EdgeholoError as error:
            _refuse(line, command, str(error))
            return
        _LOGGER.info("asked over MQTT: %s %s", command.option, command.text)
        _answer(line, command, command.value)

    def _reset(self, line: Line, _command: Command) -> None:
        """Forget what was set over MQTT."""
        line.take(self._base)
        self._kept.values = {}

    def _restart(self, _line: Line, _command: Command) -> None:
        """End, and be started again."""
        self.restart = True

    def _snapshot(self, line: Line, _command: Command) -> None:
        """Draw whoever is there."""
        if line.config.camera.privacy:
            raise EdgeholoError("the camera is closed for privacy; set/privacy off opens it")
        line.announcer.draw()


def _refuse(line: Line, command: Command, error: str) -> None:
    _LOGGER.warning("not set over MQTT: %s %s: %s", command.option, command.text, error)
    line.announcer.refused(command.option, command.text, error)
    _answer(line, command, command.value, error)


def _answer(line: Line, command: Command, value: object, error: str = "") -> None:
    """Tell the one who asked, where an answer is wanted."""
    if command.answer_to:
        line.announcer.answer(command, value, error)
