"""What a unit says of itself in these tests, and how it hears what it is told."""

from datetime import UTC, datetime

from edgeholo.config import Config
from edgeholo.health import Health
from edgeholo.options import changed, values
from edgeholo.publish.subscriber import Subscriber
from edgeholo.publish.topics import Topics
from edgeholo.strain import NOW
from edgeholo.types import Armed, CameraState, Gesture, Message, Phase, Presence, Quality, Side
from edgeholo.update.versions import Report
from tests.home.real_home import PATIENCE_S

TIME = datetime(2026, 11, 23, 18, 30, 5, 250_000, tzinfo=UTC)
HINT = "under-voltage now: use the power supply made for this board"
GESTURES = ["thumb_up", "thumb_down", "swipe_left", "horns"]


def armed() -> Config:
    """Return a configuration with a wake gesture."""
    return changed(Config(), "arming", value=True)


def states(topics: Topics, options: Config) -> list[Message]:
    """Return all that a unit says of itself, as the daemon says it."""
    outbox = {"queued": 2, "sent": 1, "expired": 0, "overflowed": 0, "dropped": 0, "refused": 0}
    return [
        topics.presence(Presence(True, 1, 0, 0), since=TIME),
        topics.armed(Armed(True, 0), since=TIME),
        topics.quality(Quality("dark", "too dark: turn a light on", 0)),
        topics.camera(CameraState("running", "v4l2:/dev/video0")),
        topics.learn(name="horns", state="shown", shows_done=1, shows_wanted=3, hint="again, please"),
        topics.health(
            Health(
                14.97,
                100,
                0,
                0,
                41.54,
                27.0,
                0.6,
                212.4,
                58.3,
                "0x50005",
                60.0,
                {},
                outbox,
                slowed=2,
                power=NOW,
                hint=HINT,
            )
        ),
        topics.config(values(options)),
        topics.update("0.1.0", Report(latest="0.2.0")),
    ]


def gesture(topics: Topics, name: str, phase: Phase, seq: int = 1) -> Message:
    """Return an event."""
    return topics.gesture(Gesture(name, phase, Side.LEFT, 0.93, 0.0, 0, 0), seq=seq, run="5d1f0ac3", time=TIME)


def commands(listener: Subscriber, count: int) -> list[tuple[str, str]]:
    """Return the next commands, by unit and option."""
    found: list[tuple[str, str]] = []
    while len(found) < count:
        message = listener.next(PATIENCE_S)
        assert message, f"no more than {found}"
        if "/set/" in message.topic:
            found.append((message.topic.removeprefix("edgeholo/"), message.payload.decode()))
    return found
