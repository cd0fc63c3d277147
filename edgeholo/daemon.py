"""The lifecycle: start, the main loop, reload, stop. The only module that joins the pipeline to publish."""

import contextlib
import logging
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

import msgspec

from edgeholo import __version__, instance
from edgeholo.capture.feed import Feed
from edgeholo.capture.source import is_live
from edgeholo.clock import Clock
from edgeholo.config import Config
from edgeholo.errors import EdgeholoError
from edgeholo.health import Meter
from edgeholo.interpret.timing import timings
from edgeholo.perceive.engine import Engine, branches_of, modes_of, open_engine
from edgeholo.pipeline import Pipeline
from edgeholo.publish import embedded
from edgeholo.publish.address import shown
from edgeholo.publish.announcer import Announcer
from edgeholo.publish.publisher import Sender, open_publisher
from edgeholo.publish.topics import Topics
from edgeholo.redact import redacted
from edgeholo.supervision import Supervisor, set_up_logging
from edgeholo.types import CameraState, Frame

_LOGGER = logging.getLogger(__name__)
_TAKE_S = 0.5
"""How long the main loop waits for a frame before it looks at signals and time again."""


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
        self._camera_runs = False

    def run(self) -> None:
        """Run until stopped.

        Raises:
            EdgeholoError: the start failed, or a thread that must not end did.
        """
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        with instance.claim(self._config.device.id), contextlib.ExitStack() as self._brokers:
            self._startup()
            try:
                self._main_loop()
            finally:
                self._shutdown()

    def _startup(self) -> None:
        config = self._config
        self._feed = Feed(config.camera, self._camera_changed)
        self._clock = Clock(live=self._feed.live)
        self._connect(config)
        try:
            self._engine: Engine = open_engine(config.engine)
            self._pipeline = Pipeline(config, self._engine, live=self._feed.live)
            self._feed.start()
        except EdgeholoError:
            self._sender.stop()
            raise
        self._introduce()
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
        self._sender.stop()
        self._engine.close()
        _LOGGER.info("edgeholo stopped")

    def _report_health(self) -> None:
        self._health_due_s = time.monotonic() + self._config.publish.health_s
        self._announcer.health(self._meter.report(self._feed.dropped, self._sender.counts()))

    def _introduce(self) -> None:
        config = self._config
        branches = branches_of(config.engine)
        gestures = timings(config.gestures)
        self._sender.send(
            self._topics.info(version=__version__, engine=self._engine.name, branches=branches, gestures=gestures)
        )
        modes = {branch.value: mode.value for branch, mode in modes_of(config.engine).items()}
        changeable = {**modes, "landmarks": config.publish.landmarks}
        self._sender.send(self._topics.config(changeable))

    def _camera_changed(self, state: CameraState) -> None:
        """Publish the camera's state; called in this thread, by the feed."""
        self._camera_runs = state.state == "running"
        self._announcer.camera(state)
        self._supervisor.status(f"camera {state.state} {state.detail}".rstrip())

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGHUP:
            self._reloading.set()
            return
        self._stopping.set()
        # A second one ends at once, for those who cannot wait.
        signal.signal(number, signal.SIG_DFL)

    def _reload(self) -> None:
        """Take a new configuration; a wrong one changes nothing, an unchanged section is left running."""
        try:
            new = self._read_config()
            self._reopen_engine(new)
            pipeline = Pipeline(new, self._engine, live=is_live(new.camera))
        except EdgeholoError as error:
            _LOGGER.error("not reloaded, the old configuration goes on: %s", error)
            return
        old, self._config, self._pipeline = self._config, new, pipeline
        self._reconnect(old, new)
        self._reopen_camera(old, new)
        set_up_logging(new.log.level)
        self._introduce()
        _LOGGER.info("configuration reloaded")

    def _reopen_engine(self, new: Config) -> None:
        old = self._config
        if new.engine == old.engine:
            return
        modes = modes_of(new.engine)
        if new.engine == msgspec.structs.replace(old.engine, **modes):
            self._engine.set_branches(modes)
            return
        engine = open_engine(new.engine)
        self._engine.close()
        self._engine = engine

    def _connect(self, config: Config) -> None:
        broker = self._brokers.enter_context(embedded.started(config.broker))
        _LOGGER.info("broker: %s", shown(broker.url))
        self._topics = Topics(config.publish.base, config.device.id)
        self._sender: Sender = open_publisher(broker, config.publish, self._topics)
        self._announcer = Announcer(self._topics, self._sender, self._clock, config.publish)
        self._sender.start()

    def _reconnect(self, old: Config, new: Config) -> None:
        if (old.broker, old.publish, old.device) != (new.broker, new.publish, new.device):
            self._sender.stop()
            self._brokers.close()
            self._connect(new)

    def _reopen_camera(self, old: Config, new: Config) -> None:
        if old.camera != new.camera:
            self._feed.stop()
            self._feed = Feed(new.camera, self._camera_changed)
            self._clock.restart(live=self._feed.live)
            self._feed.start()
