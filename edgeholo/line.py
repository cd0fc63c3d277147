"""The line: all that a configuration makes run, from the camera to the broker, and how it follows a new configuration.

The only module that joins the pipeline to publish, and both to the rules.
"""

import contextlib
import logging
from collections.abc import Callable

import msgspec

from edgeholo import __version__, instance
from edgeholo.capture.feed import Feed
from edgeholo.capture.source import is_live, open_source
from edgeholo.clock import Clock
from edgeholo.config import Config
from edgeholo.errors import EdgeholoError
from edgeholo.explanation import Explanation
from edgeholo.interpret.repertoire import repertoire
from edgeholo.options import values
from edgeholo.perceive.engine import Engine, branches_of, modes_of, open_engine
from edgeholo.pipeline import Eyes, Mind, Pipeline, Understanding
from edgeholo.publish import discovery
from edgeholo.publish.announcer import Announcer
from edgeholo.publish.commands import Commands
from edgeholo.publish.connection import Connection, open_connection
from edgeholo.reactions import Reactions
from edgeholo.supervision import set_up_logging
from edgeholo.types import CameraState, Pace, Sight

_LOGGER = logging.getLogger(__name__)

_RATES = ("landmarks", "landmarks_hz", "values_hz", "health_s")
"""Options of publish that are no reason to say goodbye to the broker."""


class Line:
    """Camera, eyes and mind, connection: opened, changed and closed together.

    Args:
        config: to begin with.
        reactions: to what is understood.
        on_camera: called in the thread that calls ``feed.take``, for every change of the camera's state.

    Attributes:
        config: that runs now.
        commands: what the house asks.
        reactions: the rules at work.
    """

    def __init__(self, config: Config, reactions: Reactions, on_camera: Callable[[CameraState], None]) -> None:
        self.config = config
        self.reactions = reactions
        self.commands = Commands()
        self._explanation = Explanation()
        self._on_camera = on_camera
        self._pace = Pace()
        self._claims = contextlib.ExitStack()
        self._claimed: set[str] = set()

    def open(self) -> None:
        """Open everything; a broker or a camera that is away is waited for.

        Raises:
            EdgeholoError: something else is missing; then nothing is open.
        """
        config = self.config
        self._claim(config)
        self.feed = Feed(config.camera, self._camera_changed)
        self.clock = Clock(live=self.feed.live)
        self.connection = self._connect(config)
        self.announcer = Announcer(self.connection.topics, self.connection.sender, self.clock, config.publish)
        self.reactions.open(self.connection.sender, self.announcer, self.clock)
        self.connection.start()
        self.announcer.begin()
        self.announcer.learning("", "idle", 0, 0, "")
        try:
            self.engine: Engine = open_engine(config.engine)
            self.pipeline = Pipeline(config, self.engine, live=self.feed.live)
            self.feed.start()
        except EdgeholoError:
            self.connection.close()
            self._claims.close()
            raise
        self._begin_mind()
        self._introduce()

    def tell(self, understanding: Understanding) -> None:
        """Say what a frame meant, and do what follows from it."""
        self.announcer.understood(understanding.people, understanding.observations)
        self.reactions.understood(understanding.people, understanding.observations)

    def explain(self, sight: Sight, looked_ms: float, pace: str) -> None:
        """Tell those who watch what was made of a frame, and why; nothing is done where nobody does.

        Args:
            sight: what ``tell`` told of last.
            looked_ms: how long the eyes took.
            pace: what is done less because of the heat, in words.
        """
        if not self.announcer.watching.hz:
            return
        self._explanation.look(sight, self.engine.decisions)
        if self.announcer.explains(sight.timestamp_ns):
            persons, modes = self.pipeline.mind.insight(), modes_of(self.config.engine)
            insight = self._explanation.insight(sight, t_ms=looked_ms, modes=modes, pace=pace, persons=persons)
            self.announcer.explained(insight)

    def take(self, new: Config) -> None:
        """Follow a new configuration; what it does not touch runs on.

        Raises:
            EdgeholoError: it cannot be followed; everything is as it was.
        """
        old = self.config
        mind = self._mind_for(new)
        if _differ(old, new, "camera") and not (is_live(new.camera) or new.camera.privacy):
            open_source(new.camera).close()
        self._claim(new)
        connection = self._connect(new) if _moves(old, new) else self.connection
        engine = self._engine_for(new, connection)
        self.config = new
        self._replace_mind(mind)
        if engine is not self.engine or _differ(old, new, "quality", "motion", "camera"):
            self.pipeline.eyes = Eyes(new, engine, live=is_live(new.camera))
            self.announcer.begin()
        self._replace_engine(engine)
        self.announcer.take(new.publish)
        self._replace_connection(connection)
        self._reopen_camera(old, new)
        self.reactions.take(new)
        if _differ(old, new, "log"):
            set_up_logging(new.log.level)
        self._introduce()

    def keep_pace(self, pace: Pace) -> None:
        """Work no harder than that from now on, with this engine and the next.

        Raises:
            ModelError: a model that is needed again cannot be had.
        """
        self._pace = pace
        self.engine.keep_pace(pace)

    def renew_mind(self) -> None:
        """Begin to understand anew, with the gestures that are taught now."""
        self._replace_mind(Mind(self.config))
        self.reactions.take(self.config)
        self._introduce()

    def finish(self) -> None:
        """Say the end of every gesture in progress."""
        ends = self.pipeline.mind.finish()
        self.announcer.observed(ends)
        self.reactions.ended(ends)

    def close(self) -> None:
        """Close everything, and the broker only when it was told what the rules came to."""
        self.reactions.close()
        self.connection.close()
        self.engine.close()
        self._claims.close()

    def _camera_changed(self, state: CameraState) -> None:
        self.announcer.camera(state)
        if state.state == "closed":
            self.announcer.nobody()
            self.reactions.blind()
        self._on_camera(state)

    def _introduce(self) -> None:
        """Say who this is, and how the options stand."""
        topics, sender, known = self.connection.topics, self.connection.sender, repertoire(self.config.gestures)
        sender.send(
            topics.info(
                version=__version__,
                engine=self.engine.name,
                branches=branches_of(self.config.engine),
                gestures=known.enabled,
                profiles=known.profiles,
                taught=known.taught,
                known=known.known,
            )
        )
        sender.send(topics.config(values(self.config)))
        self.connection.introduction.give(
            discovery.device(
                topics,
                self.config,
                version=__version__,
                gestures=known.enabled,
                held=known.held,
                values=known.values,
                profiles=known.profiles,
            )
        )

    def _claim(self, config: Config) -> None:
        """Claim the device id; it stays ours until the end."""
        if config.device.id not in self._claimed:
            self._claims.enter_context(instance.claim(config.device.id))
            self._claimed.add(config.device.id)

    def _connect(self, config: Config) -> Connection:
        """Return a connection that is not started yet, and will bring commands."""
        connection = open_connection(config)
        self.commands.listen(connection.topics, connection.sender)
        return connection

    def _mind_for(self, new: Config) -> Mind:
        """Return the mind that a new configuration asks for, the present one where that will do."""
        same = not _differ(self.config, new, "smoothing", "gestures", "presence")
        return self.pipeline.mind if same and self.config.camera.privacy == new.camera.privacy else Mind(new)

    def _engine_for(self, new: Config, connection: Connection) -> Engine:
        """Return the engine that a new configuration asks for, the running one where that will do."""
        old = self.config.engine
        modes = modes_of(new.engine)
        try:
            if new.engine == old:
                return self.engine
            if new.engine == msgspec.structs.replace(old, **modes):
                self.engine.set_branches(modes)
                return self.engine
            return open_engine(new.engine)
        except EdgeholoError:
            if connection is not self.connection:
                connection.close()
            raise

    def _replace_mind(self, mind: Mind) -> None:
        if mind is not self.pipeline.mind:
            self.finish()
            self.pipeline.mind = mind
            self._begin_mind()

    def _begin_mind(self) -> None:
        self.reactions.begin(self.config)
        if self.config.gestures.arming.enabled:
            self.announcer.disarmed()

    def _replace_engine(self, engine: Engine) -> None:
        if engine is not self.engine:
            self.engine.close()
            self.engine = engine
            engine.keep_pace(self._pace)

    def _replace_connection(self, connection: Connection) -> None:
        if connection is not self.connection:
            self.connection.introduction.make_way(connection.introduction)
            self.connection.close()
            self.connection = connection
            connection.start()
            self.announcer.move(connection.topics, connection.sender)
            self.reactions.move(connection.sender)

    def _reopen_camera(self, old: Config, new: Config) -> None:
        if old.camera != new.camera:
            self.feed.stop()
            self.feed = Feed(new.camera, self._camera_changed)
            self.clock.restart(live=self.feed.live)
            self.feed.start()


def _moves(old: Config, new: Config) -> bool:
    """Return whether messages go elsewhere, or wait otherwise."""
    rates = {name: getattr(new.publish, name) for name in _RATES}
    return _differ(old, new, "broker", "device") or msgspec.structs.replace(old.publish, **rates) != new.publish


def _differ(old: Config, new: Config, *sections: str) -> bool:
    return any(getattr(old, section) != getattr(new, section) for section in sections)
