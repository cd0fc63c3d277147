"""The lifecycle: start, the main loop, reload, stop. The only module that joins the pipeline to publish."""

import contextlib
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

import msgspec

from edgeholo import __version__, instance
from edgeholo.capture.feed import Feed
from edgeholo.capture.source import is_live, open_source
from edgeholo.clock import Clock
from edgeholo.config import Config
from edgeholo.errors import EdgeholoError
from edgeholo.health import Heat, Meter
from edgeholo.interpret.timing import timings
from edgeholo.perceive.engine import Engine, branches_of, modes_of, open_engine
from edgeholo.pipeline import Eyes, Mind, Pipeline
from edgeholo.publish.announcer import Announcer
from edgeholo.publish.connection import Connection, open_connection
from edgeholo.redact import redacted
from edgeholo.supervision import Supervisor, set_up_logging
from edgeholo.types import CameraState, Frame

_LOGGER = logging.getLogger(__name__)
_TAKE_S = 0.5
"""How long the main loop waits for a frame before it looks at signals and time again."""
_FIRST_HEALTH_S = 2.0
"""The first report is of a few frames at least; a rate over less means nothing."""


class Daemon:
    """Frames in, messages out, until a signal or the end of the media.

    Args:
        config: the configuration to start with.
        reload: reads it anew, for SIGHUP.
    """

    def __init__(self, config: Config, reload: Callable[[], Config]) -> None:
        self._config = config
        self._read_config = reload
        self._supervisor = Supervisor()
        self._meter = Meter()
        self._stopping = threading.Event()
        self._reloading = threading.Event()
        self._health_due_s = 0.0
        self._heat = Heat()
        self._camera_runs = False
        self._claimed: set[str] = set()
        self._at_terminal = sys.stderr.isatty()

    def run(self) -> None:
        """Run until stopped.

        Raises:
            EdgeholoError: the start failed, or a thread that must not end did.
        """
        self.obey(signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        with contextlib.ExitStack() as self._claims:
            self._claim(self._config)
            self._startup()
            try:
                self._main_loop()
            finally:
                self._shutdown()

    def obey(self, *numbers: signal.Signals) -> None:
        """Take signals from now on: SIGHUP reloads, the others stop."""
        for number in numbers:
            signal.signal(number, self._on_signal)

    def _startup(self) -> None:
        config = self._config
        self._feed = Feed(config.camera, self._camera_changed)
        self._clock = Clock(live=self._feed.live)
        self._connection = open_connection(config)
        self._announcer = Announcer(self._connection.topics, self._connection.sender, self._clock, config.publish)
        self._connection.start()
        self._announcer.begin()
        try:
            self._engine: Engine = open_engine(config.engine)
            self._pipeline = Pipeline(config, self._engine, live=self._feed.live)
            self._feed.start()
        except EdgeholoError:
            self._connection.close()
            raise
        self._introduce()
        self._health_due_s = time.monotonic() + min(_FIRST_HEALTH_S, config.publish.health_s)
        self._supervisor.ready(f"watching {redacted(config.camera.source)}")
        _LOGGER.info("edgeholo %s runs as %s: engine %s", __version__, config.device.id, self._engine.name)

    def _main_loop(self) -> None:
        while not self._stopping.is_set() and not self._feed.ended:
            frame = self._feed.take(_TAKE_S)
            if frame is not None:
                self._process(frame)
            if frame is not None or not self._camera_runs:
                # A camera that is away is reopened in this very thread and said on MQTT; only a line that hangs is to be killed.
                self._supervisor.alive()
            if time.monotonic() >= self._health_due_s:
                self._report_health()
            if self._reloading.is_set():
                self._reloading.clear()
                self._reload()

    def _process(self, frame: Frame) -> None:
        started = time.perf_counter()
        sight = self._pipeline.eyes.look(frame)
        looked_ms = (time.perf_counter() - started) * 1e3
        understanding = self._pipeline.mind.think(sight)
        decisions = {} if sight.people is None else {name: each.why for name, each in self._engine.decisions.items()}
        age_ms = self._clock.age_ns(frame.timestamp_ns) / 1e6
        self._meter.count(age_ms, None if sight.people is None else looked_ms, decisions)
        self._announcer.understood(understanding.people, understanding.observations)

    def _shutdown(self) -> None:
        self._supervisor.stopping()
        self._feed.stop()
        self._report_health()
        self._connection.close()
        self._engine.close()
        _LOGGER.info("edgeholo stopped")

    def _report_health(self) -> None:
        self._health_due_s = time.monotonic() + self._config.publish.health_s
        health = self._meter.report(self._feed.dropped, self._connection.sender.counts())
        self._announcer.health(health)
        self._heat.update(health.temp_c)
        self._engine.spare_cores(self._heat.hot)

    def _introduce(self) -> None:
        config = self._config
        branches = branches_of(config.engine)
        gestures = timings(config.gestures)
        topics, sender = self._connection.topics, self._connection.sender
        sender.send(topics.info(version=__version__, engine=self._engine.name, branches=branches, gestures=gestures))
        modes = {branch.value: mode.value for branch, mode in modes_of(config.engine).items()}
        changeable = {**modes, "landmarks": config.publish.landmarks}
        sender.send(topics.config(changeable))

    def _camera_changed(self, state: CameraState) -> None:
        """Publish the camera's state; called in this thread, by the feed."""
        self._camera_runs = state.state == "running"
        self._announcer.camera(state)
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

    def _reload(self) -> None:
        """Take a new configuration; a wrong one changes nothing, an unchanged section is left running."""
        old = self._config
        try:
            new = self._read_config()
            mind = Mind(new) if _differ(old, new, "smoothing", "gestures", "presence") else self._pipeline.mind
            if _differ(old, new, "camera") and not is_live(new.camera):
                open_source(new.camera).close()
            self._claim(new)
            connection = open_connection(new) if _moves(old, new) else self._connection
            engine = self._engine_for(new, connection)
        except EdgeholoError as error:
            _LOGGER.error("not reloaded, the old configuration goes on: %s", error)
            return
        self._config, self._pipeline.mind = new, mind
        if engine is not self._engine or _differ(old, new, "quality", "motion", "camera"):
            self._pipeline.eyes = Eyes(new, engine, live=is_live(new.camera))
        self._replace_engine(engine)
        self._announcer.take(new.publish)
        self._replace_connection(connection)
        self._reopen_camera(old, new)
        set_up_logging(new.log.level)
        self._introduce()
        _LOGGER.info("configuration reloaded")

    def _claim(self, config: Config) -> None:
        """Claim the device id; it stays ours until the end."""
        if config.device.id not in self._claimed:
            self._claims.enter_context(instance.claim(config.device.id))
            self._claimed.add(config.device.id)

    def _engine_for(self, new: Config, connection: Connection) -> Engine:
        """Return the engine that a new configuration asks for, the running one where that will do."""
        old = self._config.engine
        modes = modes_of(new.engine)
        try:
            if new.engine == old:
                return self._engine
            if new.engine == msgspec.structs.replace(old, **modes):
                self._engine.set_branches(modes)
                return self._engine
            return open_engine(new.engine)
        except EdgeholoError:
            if connection is not self._connection:
                connection.close()
            raise

    def _replace_engine(self, engine: Engine) -> None:
        if engine is not self._engine:
            self._engine.close()
            self._engine = engine

    def _replace_connection(self, connection: Connection) -> None:
        if connection is not self._connection:
            self._connection.close()
            self._connection = connection
            connection.start()
            self._announcer.move(connection.topics, connection.sender)

    def _reopen_camera(self, old: Config, new: Config) -> None:
        if old.camera != new.camera:
            self._feed.stop()
            self._feed = Feed(new.camera, self._camera_changed)
            self._clock.restart(live=self._feed.live)
            self._feed.start()


def _moves(old: Config, new: Config) -> bool:
    """Return whether messages go elsewhere, or wait otherwise; rates are no reason to say goodbye."""
    rates = {name: getattr(new.publish, name) for name in ("landmarks", "landmarks_hz", "health_s")}
    return _differ(old, new, "broker", "device") or msgspec.structs.replace(old.publish, **rates) != new.publish


def _differ(old: Config, new: Config, *sections: str) -> bool:
    return any(getattr(old, section) != getattr(new, section) for section in sections)
