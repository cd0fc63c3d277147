"""Control at run time: a real daemon and a real broker, commanded as the house would do it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edgeholo.daemon import RESTART
from tests.commanding import Phone
from tests.real_broker import Mosquitto, until
from tests.test_daemon import House, Process, broker, house, patterned, recording

__all__ = ["broker", "house", "recording"]


@pytest.fixture
def phone(broker: Mosquitto) -> Iterator[Phone]:
    """Return a client that commands."""
    phone = Phone(broker.port)
    yield phone
    phone.close()


@pytest.fixture
def daemon(tmp_path: Path, broker: Mosquitto, house: House, recording: Path) -> Iterator[Process]:
    """Return a daemon that runs and hears."""
    daemon = Process(tmp_path, broker.url, patterned(recording, '[gestures.profiles]\nmusic = ["victory"]'))
    house.wait_for("state/camera", state="running")
    yield daemon
    daemon.process.kill()
    daemon.process.wait()


def again(daemon: Process, tmp_path: Path, broker: Mosquitto, house: House) -> Process:
    """End a daemon and start it anew, with the same file."""
    assert daemon.end()[0] == 0
    house.wait_for("availability", text="stopped")
    text = daemon.file.read_text(encoding="utf-8").partition("\n")[2].partition("\n")[2]
    return Process(tmp_path, broker.url, text)


def test_a_profile_is_switched_and_answered(daemon: Process, house: House, phone: Phone) -> None:
    """What counts from now on is in info, and nothing else is recognised."""
    info = house.payloads("info")[-1]
    assert info["profiles"] == ["everyday", "all", "music"]
    assert "thumb_up" in info["gestures"]
    phone.set("profile", "music", correlation=b"17")
    house.wait_for("info", gestures=["victory"])
    assert house.wait_for("state/config", profile="music")["hold_s"] == 1.0
    until(lambda: phone.answers)
    assert phone.answers == [(b"17", {"option": "profile", "value": "music", "ok": True, "error": None})]
    heard = len(house.payloads("event/gesture"))
    for _ in range(4):
        house.wait_for("event/gesture")
    assert {event["event_type"] for event in house.payloads("event/gesture")[heard:]} == {"victory"}
    assert daemon.end()[0] == 0


def test_a_gesture_in_progress_ends_when_its_options_change(daemon: Process, house: House, phone: Phone) -> None:
    """Nobody waits for an end that the new mind knows nothing of."""
    started = house.wait_for("event/gesture", phase="start", event_type="victory")
    phone.set("hold_s", "0.5")
    ended = house.wait_for("event/gesture", seq=started["seq"] + 1)
    assert (ended["event_type"], ended["phase"]) == ("victory", "end")
    assert daemon.end()[0] == 0


@pytest.mark.parametrize(
    ("option", "payload", "words"),
    [
        ("hold_s", "soon", "gestures.hold_s: expected `float`"),
        ("profile", "party", "there is no profile 'party'"),
        ("landmark", "on", "did you mean landmarks?"),
        ("pose", "x" * 5000, "longer than 4096 bytes"),
        ("forget", "horns", "no gesture horns was taught"),
        ("learn", "victory", "victory is taken"),
    ],
)
def test_a_wrong_command_changes_nothing_and_is_named(
    option: str, payload: str, words: str, daemon: Process, house: House, phone: Phone
) -> None:
    """With the option, the value and what is wrong, on state/error and to the one who asked."""
    phone.set(option, payload, correlation=b"1")
    error = house.wait_for("state/error", option=option)
    assert words in error["error"]
    assert payload.startswith(error["value"].removesuffix("..."))
    until(lambda: phone.answers)
    assert phone.answers[0][1]["ok"] is False
    assert phone.answers[0][1]["error"] == error["error"]
    house.wait_for("event/gesture")
    assert len(house.payloads("info")) == 1
    assert daemon.end()[0] == 0


def test_a_retained_command_is_ignored(
    tmp_path: Path, broker: Mosquitto, house: House, phone: Phone, recording: Path
) -> None:
    """What somebody once told the broker to keep is not obeyed at the next start, and that is said in the log."""
    phone.set("landmarks", "on", retain=True)
    house.wait_for("set/landmarks")
    daemon = Process(tmp_path, broker.url, patterned(recording))
    house.wait_for("state/camera", state="running")
    phone.set("hold_s", "2")
    assert house.wait_for("state/config", hold_s=2.0)["landmarks"] is False
    code, errors = daemon.end()
    assert code == 0
    assert errors.count("commands must not be retained") == 1


def test_what_was_set_is_kept_over_a_restart_and_forgotten_by_reset(
    daemon: Process, tmp_path: Path, broker: Mosquitto, house: House, phone: Phone
) -> None:
    """Above the file, also above a changed one, until somebody says reset."""
    phone.set("hold_s", "2.5")
    phone.set("hands", "on")
    house.wait_for("state/config", hold_s=2.5, hands="on")
    daemon = again(daemon, tmp_path, broker, house)
    house.wait_for("state/config", hold_s=2.5, left_hand="on", right_hand="on")
    house.wait_for("state/camera", state="running")
    phone.set("reset", "")
    house.wait_for("state/config", hold_s=1.0, hands="auto")
    daemon = again(daemon, tmp_path, broker, house)
    house.wait_for("state/config", hold_s=1.0, hands="auto")
    assert daemon.end()[0] == 0


def test_privacy_closes_the_camera_and_says_so_over_a_restart_too(
    daemon: Process, tmp_path: Path, broker: Mosquitto, house: House, phone: Phone
) -> None:
    """Nobody is seen any more; after a restart the camera is not even opened; then it is."""
    house.wait_for("state/presence", person=True)
    phone.set("privacy", "ON")
    house.wait_for("state/camera", state="closed")
    house.wait_for("state/presence", person=False)
    phone.set("snapshot", "")
    assert "closed for privacy" in house.wait_for("state/error", option="snapshot")["error"]
    daemon = again(daemon, tmp_path, broker, house)
    before = len(house.payloads("state/camera"))
    house.wait_for("state/config", privacy=True)
    phone.set("hold_s", "2")
    house.wait_for("state/config", hold_s=2.0)
    assert [state["state"] for state in house.payloads("state/camera")[before:]] == ["closed"]
    phone.set("privacy", "off")
    house.wait_for("state/camera", state="running")
    house.wait_for("state/presence", person=True)
    assert daemon.end()[0] == 0


def test_a_restart_that_is_asked_for_ends_with_a_code_of_its_own(daemon: Process, house: House, phone: Phone) -> None:
    """Answered, said goodbye, and started again by whoever supervises."""
    phone.set("restart", "", correlation=b"9")
    house.wait_for("availability", text="stopped")
    code, errors = daemon.ended()
    assert code == RESTART, errors
    until(lambda: phone.answers)
    assert phone.answers[0][1]["ok"] is True


def test_two_commands_at_once_are_both_obeyed(daemon: Process, house: House, phone: Phone) -> None:
    """A good one beside a bad one, too: the bad one alone is refused."""
    phone.set("landmarks", "on")
    phone.set("profile", "party")
    phone.set("confidence", "0.7")
    house.wait_for("state/config", landmarks=True, confidence=0.7, profile="everyday")
    house.wait_for("landmarks")
    assert [error["option"] for error in house.payloads("state/error")] == ["profile"]
    assert daemon.end()[0] == 0


def test_a_thousand_commands_in_a_burst_do_not_stall_the_line(daemon: Process, house: House, phone: Phone) -> None:
    """Gestures go on, the last value counts, and what was passed over is told."""
    for number in range(1000):
        phone.set("rate_hz" if number % 2 else "hold_s", str(1 + number / 100))
    house.wait_for("state/config", rate_hz=10.99, hold_s=10.98)
    house.wait_for("event/gesture", phase="start")
    events = [event["seq"] for event in house.payloads("event/gesture")]
    assert events == list(range(1, len(events) + 1))
    assert len(house.payloads("availability")) == 1
    assert daemon.end()[0] == 0


def test_a_snapshot_is_a_drawing_of_nobodys_room(daemon: Process, house: House, phone: Phone) -> None:
    """One PNG, not retained, as often as it is asked for."""
    phone.set("snapshot", "")
    house.wait_for("image/skeleton")
    drawing = house.heard[-1]
    assert drawing.payload.startswith(b"\x89PNG")
    assert not drawing.retained
    house.wait_for("event/gesture")
    assert len(house.payloads("image/skeleton")) == 1
    assert daemon.end()[0] == 0
