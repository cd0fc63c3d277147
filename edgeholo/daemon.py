"""The lifecycle: start, the main loop, stop."""

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from edgeholo import __version__, pulse
from edgeholo.config import Config
from edgeholo.control import Control
from edgeholo.health import Meter
from edgeholo.layers import Layers
from edgeholo.line import Line
from edgeholo.reactions import Reactions
from edgeholo.redact import redacted
from edgeholo.rulebook import Rulebook
from edgeholo.strain import Strain
from edgeholo.supervision import Supervisor
from edgeholo.types import CameraState, Frame
from edgeholo.update.told import Told

_LOGGER = logging.getLogger(__name__)

RESTART = 75
"""Exit code after ``set/restart``: EX_TEMPFAIL of sysexits.h, which systemd/edgeholo.service answers with a new start."""
_TAKE_S = 0.2
"""How long the main loop waits for a frame before it looks at signals, commands and time again: hardly felt by a person."""
_FIRST_HEALTH_S = 2.0
"""The first report is of a few frames at least; a rate over less means nothing."""


class Daemon:
    """Frames in, messages out, until a signal or the end of the media.

    Args:
        config: file, environment and command line, to start with.
        reload: reads them anew, for SIGHUP.
        book: of rules.

    Raises:
        ConfigError: the configuration or the rules make no sense.
    """

    def __init__(self, config: Config, reload: Callable[[], Config], book: Rulebook) -> None:
        self._layers = Layers(config, reload)
        reactions = Reactions(self._layers.config, book)
        self._line = Line(self._layers.config, reactions, self._camera_changed)
        self._control = Control(self._line, self._layers)
        self._supervisor = Supervisor()
        self._heart = pulse.Heart(__version__, pulse.place())
        self._told = Told()
        self._meter = Meter()
        self._stopping = threading.Event()
        self._reloading = threading.Event()
        self._health_due_s = 0.0
        self._strain = Strain()
        self._spared = 0
        self._camera_runs = False
        self._at_terminal = sys.stderr.isatty()

    @property
    def config(self) -> Config:
        """The configuration that runs, with what was set over MQTT."""
        return self._line.config

    def run(self) -> int:
        """Run until stopped, and return the exit code.

        Raises:
            EdgeholoError: the start failed, or a thread that must not end did.
        """
        self.obey(signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        self._startup()
        try:
            self._main_loop()
        finally:
            self._shutdown()
        return RESTART if self._control.restart else 0

    def obey(self, *numbers: signal.Signals) -> None:
        """Take signals from now on: SIGHUP reloads, the others stop."""
        for number in numbers:
            signal.signal(number, self._on_signal)

    def _startup(self) -> None:
        self._line.open()
        self._health_due_s = time.monotonic() + min(_FIRST_HEALTH_S, self.config.publish.health_s)
        self._supervisor.ready(f"watching {redacted(self.config.camera.source)}")
        name = self._line.engine.name
        _LOGGER.info("edgeholo %s runs as %s: engine %s", __version__, self.config.device.id, name)

    def _main_loop(self) -> None:
        while not (self._stopping.is_set() or self._line.feed.ended or self._control.restart):
            frame = self._line.feed.take(_TAKE_S)
            if frame is not None:
                self._process(frame)
            if frame is not None or not self._camera_runs:
                # A camera that is away is reopened in this very thread and said on MQTT; only a line that hangs is to be killed.
                self._supervisor.alive()
            self._look_after_board_and_clock(time.monotonic())
            if time.monotonic() >= self._health_due_s:
                self._report_health()
            if self._reloading.is_set():
                self._reloading.clear()
                self._control.reload()
            self._control.obey(time.monotonic())
            self._line.reactions.look(time.monotonic())
            self._heart.beat(
                time.monotonic(), closed=self.config.camera.privacy, broker=self._line.connection.sender.connected
            )

    def _look_after_board_and_clock(self, now_s: float) -> None:
        if self._strain.look(now_s):
            self._line.keep_pace(self._strain.pace)
            self._report_health()
        if self._line.clock.corrected():
            _LOGGER.info("the clock was corrected")
            self._line.announcer.correct()

    def _process(self, frame: Frame) -> None:
        if not self._strain.passes(frame.timestamp_ns):
            self._spared += 1
            return
        line = self._line
        started = time.perf_counter()
        sight = line.pipeline.eyes.look(frame)
        looked_ms = (time.perf_counter() - started) * 1e3
        understanding = line.pipeline.mind.think(sight)
        decisions = {} if sight.people is None else {name: each.why for name, each in line.engine.decisions.items()}
        age_ms = line.clock.age_ns(frame.timestamp_ns) / 1e6
        self._meter.count(age_ms, None if sight.people is None else looked_ms, decisions)
        line.tell(understanding)
        line.explain(sight, looked_ms, self._strain.slowness)
        self._control.watch(understanding.people)
        self._heart.saw()

    def _shutdown(self) -> None:
        self._supervisor.stopping()
        self._line.feed.stop()
        self._line.finish()
        self._report_health()
        self._line.close()
        self._layers.close()
        _LOGGER.info("edgeholo stopped")

    def _report_health(self) -> None:
        self._health_due_s = time.monotonic() + self.config.publish.health_s
        line = self._line
        counts, rules = line.connection.sender.counts(), line.reactions.counts()
        if (report := self._told.news()) is not None:
            line.announcer.updates(__version__, report)
        line.announcer.health(self._meter.report(line.feed.dropped + self._spared, counts, rules, self._strain))

    def _camera_changed(self, state: CameraState) -> None:
        """Tell the service manager of the camera's state; called in this thread, by the feed."""
        self._camera_runs = state.state == "running"
        self._supervisor.status(f"camera {state.state} {state.detail}".rstrip())

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGHUP and not self._terminal_is_gone():
            self._reloading.set()
            return
        self._stopping.set()
        # A second one ends at once, for those who cannot wait.
        signal.signal(number, signal.SIG_DFL)

    def _terminal_is_gone(self) -> bool:
        """Return whether the window we were started in was closed, which is said by SIGHUP too: nobody asked to be watched on."""
        return self._at_terminal and not sys.stderr.isatty()
