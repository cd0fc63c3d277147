"""Who watches a real daemon, over a real broker: skeletons and reasons, and nothing when nobody looks."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.commanding import Phone
from tests.real_broker import Mosquitto, until
from tests.test_control import phone
from tests.test_daemon import House, Process, broker, house, patterned, recording

__all__ = ["broker", "house", "phone", "recording"]


@pytest.fixture
def daemon(tmp_path: Path, broker: Mosquitto, house: House, recording: Path) -> Iterator[Process]:
    """Return a daemon that runs at fifteen frames a second, and tells nothing of the skeletons."""
    daemon = Process(tmp_path, broker.url, patterned(recording))
    house.wait_for("state/camera", state="running")
    yield daemon
    daemon.process.kill()
    daemon.process.wait()


def streams(house: House) -> list[int]:
    """Return how many skeletons and insights were heard so far."""
    return [len(house.payloads(path)) for path in ("landmarks", "insight")]


def test_nobody_hears_skeletons_or_reasons_unasked(daemon: Process, house: House) -> None:
    """Nothing is worked out that nobody looks at."""
    for _ in range(4):
        house.wait_for("event/gesture")
    assert streams(house) == [0, 0]
    assert daemon.end()[0] == 0


def test_who_watches_sees_every_frame_and_is_told_why(daemon: Process, house: House, phone: Phone) -> None:
    """Beside the event a hand that is active, with no option changed and one line in the log for many renewals."""
    for number in range(3):
        phone.set("watch", '{"seconds": 30, "hz": 15}', correlation=str(number).encode())
    house.wait_for("landmarks")
    started = house.wait_for("event/gesture", phase="start")
    insight = house.wait_for("insight")
    hand = insight["persons"][0]["parts"][f"{started['hand']}_hand"]
    assert (hand["shape"], hand["state"], hand["why"]) == (started["event_type"], "active", "")
    assert insight["looking"] is True
    assert insight["branches"]["pose"] == {"run": True, "why": "in every frame"}
    assert insight["branches"]["face"] == {"run": False, "why": "off"}
    until(lambda: len(phone.answers) == 3)
    assert all(answer["ok"] for _, answer in phone.answers)
    assert [config["landmarks"] for config in house.payloads("state/config")] == [False]
    skeletons, insights = _more(house, 4.0)
    assert insights < skeletons <= 4 * 15 + 1
    assert insights <= 4 * 5 + 1
    code, errors = daemon.end()
    assert code == 0
    assert errors.count("somebody watches") == 1
    assert "watch" not in errors.replace("somebody watches", "")


def test_a_lease_that_is_not_renewed_ends_and_another_begins_at_once(
    daemon: Process, house: House, phone: Phone
) -> None:
    """A watcher that was killed costs nothing for long."""
    phone.set("watch", "0.5")
    house.wait_for("insight")
    assert "somebody watches" in _line(daemon)
    assert "nobody watches any more" in _line(daemon)
    phone.set("hold_s", "2")
    house.wait_for("state/config", hold_s=2.0)
    before = streams(house)
    house.wait_for("event/gesture")
    assert streams(house) == before
    phone.set("watch", "30")
    house.wait_for("insight")
    phone.set("watch", "0")
    assert "somebody watches" in _line(daemon)
    assert "nobody watches any more" in _line(daemon)
    assert daemon.end()[0] == 0


def test_a_lease_outlives_no_restart(
    daemon: Process, tmp_path: Path, broker: Mosquitto, house: House, phone: Phone, recording: Path
) -> None:
    """It is no option, and nothing of it is kept."""
    phone.set("watch", "60")
    house.wait_for("insight")
    assert daemon.end()[0] == 0
    house.wait_for("availability", text="stopped")
    before = streams(house)
    again = Process(tmp_path, broker.url, patterned(recording))
    house.wait_for("event/gesture")
    assert streams(house) == before
    assert again.end()[0] == 0


def test_a_wrong_lease_is_refused_by_name(daemon: Process, house: House, phone: Phone) -> None:
    """And nobody watches."""
    phone.set("watch", "90", correlation=b"1")
    assert "write seconds, at most 60" in house.wait_for("state/error", option="watch")["error"]
    until(lambda: phone.answers)
    assert phone.answers[0][1]["ok"] is False
    assert daemon.end()[0] == 0


def test_gestures_their_zone_and_their_own_options_are_set_and_a_wrong_name_changes_nothing(
    daemon: Process, house: House, phone: Phone
) -> None:
    """Info says what counts and what could; state/config has what was set, and only that."""
    if not house.payloads("info"):
        house.wait_for("info")
    info = house.payloads("info")[-1]
    assert set(info["gestures"]) < set(info["known"])
    phone.set("gestures", '["victory"]')
    house.wait_for("info", gestures=["victory"])
    phone.set("each", '{"victory": {"hold_s": 0.3}}')
    phone.set("zone", "[0, 0, 1, 0.9]")
    config = house.wait_for("state/config", gestures=["victory"], each={"victory": {"hold_s": 0.3}})
    assert config["zone"] in ([0.0, 0.0, 1.0, 0.9], [0.0, 0.0, 1.0, 1.0])
    for option, payload, words in (
        ("gestures", '["thumbs_up"]', "there is no gesture 'thumbs_up'; did you mean thumb_up?"),
        ("each", '{"thumb": {}}', "there is no gesture 'thumb'; did you mean thumb_up?"),
        ("zone", "[0.5, 0, 0.6, 1]", "leaves the picture"),
    ):
        phone.set(option, payload)
        assert words in house.wait_for("state/error", option=option)["error"]
    phone.set("gestures", "")
    config = house.wait_for("state/config", gestures=[])
    assert (config["each"], config["zone"]) == ({"victory": {"hold_s": 0.3}}, [0.0, 0.0, 1.0, 0.9])
    assert daemon.end()[0] == 0


def _line(daemon: Process) -> str:
    """Return the next line of the log that tells of watchers."""
    while True:
        line = daemon.next_line()
        if "watches" in line:
            return line


def _more(house: House, seconds: float) -> list[int]:
    """Return how many skeletons and insights come while frames of so many seconds go by, as their times say."""
    first = house.wait_for("insight")
    before = streams(house)
    while _seconds(house.wait_for("insight")) - _seconds(first) < seconds:
        pass
    return [now - then for now, then in zip(streams(house), before, strict=True)]


def _seconds(insight: dict[str, object]) -> float:
    return datetime.fromisoformat(str(insight["time"])).timestamp()
