"""Control at run time: what the house asks is looked at, obeyed, answered and kept."""

import functools
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from edgeholo.errors import EdgeholoError
from edgeholo.layers import Layers
from edgeholo.line import Line
from edgeholo.options import OPTIONS, changed, unknown
from edgeholo.publish.commands import Command
from edgeholo.settings import value_of
from edgeholo.teaching import Teaching
from edgeholo.types import People
from edgeholo.update import request

_LOGGER = logging.getLogger(__name__)

_WATCH = "watch"
"""Asked every few seconds by those who watch, and so not logged each time."""
_CLOSED = "the camera is closed for privacy; set/privacy off opens it"


class Control:
    """Obeys the commands that a line hears.

    Args:
        line: what is changed.
        layers: where the changes are kept.

    Attributes:
        restart: whether a restart was asked for.
        actions: what can be asked for beside the options; each takes the value.
    """

    def __init__(self, line: Line, layers: Layers) -> None:
        self._line = line
        self._layers = layers
        self._teaching = Teaching(line)
        self._now_s = 0.0
        self.restart = False
        self.actions: dict[str, Callable[[object], None]] = {
            "learn": self._learn,
            "forget": self._teaching.forget,
            "snapshot": self._snapshot,
            "reset": self._reset,
            "restart": self._restart,
            "update": _update,
            _WATCH: self._watch,
        }

    def obey(self, now_s: float) -> None:
        """Do what was asked since the last time; a wrong command changes nothing, and its sender is told."""
        self._now_s = now_s
        self._line.announcer.watching.look(now_s)
        commands, lost = self._line.commands.take()
        if lost:
            self._line.announcer.refused("set", f"{lost} commands", "too many at once; the newest were looked at")
        batch: list[Command] = []
        for command in commands:
            if command.option in OPTIONS and not command.refusal:
                batch.append(command)
            else:
                self._set(batch)
                batch = []
                self._act(command)
        self._set(batch)
        if self._line.config.camera.privacy:
            self._teaching.cancel("the camera was closed")
        self._layers.save(now_s)

    def reload(self) -> None:
        """Take changed files; a wrong one changes nothing, and what was set over MQTT stays on top."""
        try:
            self._layers.reload(self._line.take)
        except EdgeholoError as error:
            _LOGGER.error("not reloaded, the old configuration goes on: %s", error)
        else:
            _LOGGER.info("configuration reloaded")
        self._line.reactions.reload()

    def watch(self, people: People) -> None:
        """Look at a frame, where somebody teaches."""
        self._teaching.update(people)

    def _set(self, batch: Sequence[Command]) -> None:
        """Set options, all at once: of a hundred values of a slider the camera need not be opened for each."""
        good: list[Command] = []
        for command in batch:
            try:
                changed(self._line.config, command.option, command.value)
            except EdgeholoError as error:
                self._refuse(command, str(error))
            else:
                good.append(command)
        if good:
            self._take(good)

    def _take(self, batch: Sequence[Command]) -> None:
        """Let the line follow; where it cannot, halve the batch until the one that is to blame is alone."""
        try:
            config = functools.reduce(lambda old, each: changed(old, each.option, each.value), batch, self._line.config)
            self._line.take(config)
        except EdgeholoError as error:
            if len(batch) == 1:
                self._refuse(batch[0], str(error))
                return
            middle = len(batch) // 2
            self._take(batch[:middle])
            self._take(batch[middle:])
            return
        self._layers.keep(config, {path for command in batch for path in OPTIONS[command.option]})
        for command in batch:
            _LOGGER.info("set over MQTT: %s %s", command.option, command.text)
            self._answer(command, value_of(config, OPTIONS[command.option][0]))

    def _act(self, command: Command) -> None:
        """Do what is no option but an action."""
        try:
            if command.refusal:
                raise EdgeholoError(command.refusal)
            if command.option not in self.actions:
                raise EdgeholoError(unknown(command.option, self.actions))
            self.actions[command.option](command.value)
        except EdgeholoError as error:
            self._refuse(command, str(error))
            return
        if command.option != _WATCH:
            _LOGGER.info("asked over MQTT: %s %s", command.option, command.text)
        self._answer(command, command.value)

    def _learn(self, value: object) -> None:
        if self._line.config.camera.privacy and value:
            raise EdgeholoError(_CLOSED)
        self._teaching.learn(value)

    def _snapshot(self, _value: object) -> None:
        if self._line.config.camera.privacy:
            raise EdgeholoError(_CLOSED)
        self._line.announcer.draw()

    def _watch(self, value: object) -> None:
        self._line.announcer.watching.ask(value, self._now_s)

    def _reset(self, _value: object) -> None:
        self._line.take(self._layers.base)
        self._layers.forget()

    def _restart(self, _value: object) -> None:
        self.restart = True

    def _refuse(self, command: Command, error: str) -> None:
        _LOGGER.warning("not obeyed: %s %s: %s", command.option, command.text, error)
        self._line.announcer.refused(command.option, command.text, error)
        self._answer(command, command.value, error)

    def _answer(self, command: Command, value: object, error: str = "") -> None:
        """Tell the one who asked, where an answer is wanted."""
        if command.answer_to:
            self._line.announcer.answer(command, value, error)


def _update(value: object) -> None:
    """Leave a note for the updater, which has the rights that the daemon has not."""
    folder = os.environ.get("STATE_DIRECTORY", "").partition(":")[0]
    if not folder:
        raise EdgeholoError("only a unit installed by provisioning/install.sh can be updated over MQTT")
    request.leave(Path(folder), value)
