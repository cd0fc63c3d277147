"""A device without a keyboard is taught a gesture over MQTT: a real daemon, and a hand that shows something new."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edgeholo.perceive.recording import Recorder
from edgeholo.types import Sight, Verdict
from tests.commanding import Phone
from tests.real_broker import Mosquitto
from tests.taught_shows import frames, held, repeated, two_middle_fingers
from tests.test_control import phone
from tests.test_daemon import House, Process, broker, house, patterned

__all__ = ["broker", "house", "phone"]


@pytest.fixture
def daemon(tmp_path: Path, broker: Mosquitto, house: House) -> Iterator[Process]:
    """Return a daemon before which somebody shows an unusual hand again and again."""
    recording = tmp_path / "teacher.holo"
    with Recorder(recording, engine="none", source="none") as recorder:
        for frame in frames(repeated(lambda begin_s, seed: held(two_middle_fingers(), begin_s, seed=seed))):
            verdict = Verdict("ok", "", usable=True, changed=False)
            recorder.write(Sight(frame.timestamp_ns, frame.seq, frame.size, verdict, frame))
    daemon = Process(tmp_path, broker.url, patterned(recording))
    house.wait_for("state/camera", state="running")
    yield daemon
    daemon.process.kill()
    daemon.process.wait()


def test_a_gesture_is_taught_recognised_and_forgotten(daemon: Process, house: House, phone: Phone) -> None:
    """The lesson tells how it goes; what was learned counts at once, and no more when it is forgotten."""
    assert house.payloads("state/learn") == [
        {"name": "", "state": "idle", "shows_done": 0, "shows_wanted": 0, "hint": ""}
    ]
    phone.set("learn", "horns")
    house.wait_for("state/learn", name="horns", state="shown", shows_done=1, shows_wanted=3)
    assert "horns" in house.wait_for("info", taught=["horns"])["gestures"]
    assert "horns is learned" in house.wait_for("state/learn", state="learned", shows_done=3)["hint"]
    house.wait_for("event/gesture", event_type="horns", phase="start")
    phone.set("learn", "horns")
    assert "was taught already" in house.wait_for("state/error", option="learn")["error"]
    phone.set("forget", "horns")
    assert "horns" not in house.wait_for("info", taught=[])["gestures"]
    assert daemon.end()[0] == 0


def test_a_lesson_is_cancelled_by_an_empty_payload_and_by_privacy(daemon: Process, house: House, phone: Phone) -> None:
    """Nothing is stored, and a closed camera teaches nothing."""
    phone.set("learn", '{"name":"horns","shows":10,"hand":"left"}')
    house.wait_for("state/learn", name="horns", state="waiting", shows_wanted=10)
    phone.set("learn", "")
    house.wait_for("state/learn", name="horns", state="cancelled")
    phone.set("learn", '{"name":"horns","shows":10}')
    house.wait_for("state/learn", state="recording")
    phone.set("privacy", "on")
    assert house.wait_for("state/learn", state="cancelled")["hint"] == "the camera was closed"
    phone.set("learn", "horns")
    assert "closed for privacy" in house.wait_for("state/error", option="learn")["error"]
    assert daemon.end()[0] == 0


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ("Horns!", "is no name for a gesture"),
        ("ok", "ok is taken"),
        ('{"name":"horns","shows":99}', "choose 1 to 10"),
        ('{"name":"horns","finger":3}', "name, shows, kind, hand, replace"),
        ("17", "Expected `str`"),
    ],
)
def test_a_lesson_that_cannot_be_is_refused(
    payload: str, words: str, daemon: Process, house: House, phone: Phone
) -> None:
    """The error says what would be a lesson."""
    phone.set("learn", payload)
    assert words in house.wait_for("state/error", option="learn")["error"]
    assert daemon.end()[0] == 0
