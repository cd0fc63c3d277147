"""The time of day of frames and states, though the clock jumps, and whether it can be trusted."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edgeholo import timesync
from edgeholo.clock import Clock, boot_ns, time_of
from edgeholo.config import Publish
from edgeholo.publish.announcer import Announcer
from edgeholo.publish.topics import Topics
from edgeholo.timesync import clock_is_right
from edgeholo.types import Armed, Gesture, Message, People, Phase, Presence, Side

_CLOSE = timedelta(seconds=5)
"""A loaded machine may pause between two readings of the clock."""
_YEAR_S = 365 * 86_400


class _Machine:
    """A machine whose time of day is off, until a time server is heard."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.behind_s = 0.0
        self.heard = True
        real = time.time_ns
        monkeypatch.setattr(time, "time_ns", lambda: real() - int(self.behind_s * 1e9))
        monkeypatch.setattr("edgeholo.clock.clock_is_right", lambda: self.heard)

    def boot(self) -> None:
        """Start a year after the last power cut, without a battery."""
        self.behind_s, self.heard = _YEAR_S, False

    def hear(self) -> None:
        """Hear a time server."""
        self.behind_s, self.heard = 0.0, True


class _Mailbox:
    """Takes what the announcer sends."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    connected = True
    trouble = ""

    def start(self) -> None:
        """Be ready."""

    def stop(self, flush_s: float = 0.0) -> None:
        """Be done."""

    def send(self, message: Message) -> None:
        """Keep a message."""
        self.messages.append(message)

    def subscribe(self, topic_filter: str, callback: object, qos: int = 1) -> None:
        """Hear nothing."""

    def counts(self) -> dict[str, int]:
        """Count nothing."""
        return {}

    def newest(self, path: str) -> dict[str, object]:
        """Return the newest payload of a topic."""
        payload: dict[str, object] = json.loads(
            next(message.payload for message in reversed(self.messages) if message.topic.endswith(path))
        )
        return payload


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> _Machine:
    """Return a machine whose clock can be set."""
    return _Machine(monkeypatch)


def test_a_cameras_stamp_becomes_the_time_of_day() -> None:
    """A frame exposed ten seconds ago was exposed ten seconds ago on the wall clock too."""
    clock = Clock(live=True)
    stamp = time.monotonic_ns() - 10_000_000_000
    assert abs(datetime.now(UTC) - timedelta(seconds=10) - clock.wall_time(stamp)) < _CLOSE


def test_media_time_counts_from_the_first_frame() -> None:
    """Two frames a minute apart in the clip are a minute apart on the clock, wherever the clip starts."""
    clock = Clock(live=False)
    first, second = clock.wall_time(7_000_000_000), clock.wall_time(67_000_000_000)
    assert abs(datetime.now(UTC) - first) < _CLOSE
    assert abs((second - first) - timedelta(seconds=60)) < _CLOSE


def _told(payload: dict[str, object], field: str) -> timedelta:
    """Return how long ago that was, by the real clock."""
    return datetime.now(UTC) - datetime.fromisoformat(str(payload[field]))


def _announcer(clock: Clock) -> tuple[Announcer, _Mailbox]:
    mailbox = _Mailbox()
    return Announcer(Topics("edgeholo", "hall"), mailbox, clock, Publish()), mailbox


def _people(at_ns: int) -> People:
    return People((), frozenset(), (640, 480), at_ns, 0)


def test_events_say_that_the_time_is_doubtful_until_it_is_right(machine: _Machine) -> None:
    """A year behind before the time server is heard, right at once after; only doubt is told."""
    machine.boot()
    announcer, mailbox = _announcer(Clock(live=True))
    thumb = Gesture("thumb_up", Phase.START, Side.LEFT, 0.9, 0.0, 0, time.monotonic_ns())
    announcer.understood(_people(thumb.timestamp_ns), [thumb])
    early = mailbox.newest("event/gesture")
    assert early["time_sure"] is False
    assert abs(_told(early, "time") - timedelta(seconds=_YEAR_S)) < _CLOSE
    announcer.acting("Lamp", thumb, ["mqtt lamp"])("")
    assert mailbox.newest("event/action")["time_sure"] is False
    announcer.refused("hold_s", "soon", "no number")
    assert mailbox.newest("state/error")["time_sure"] is False
    machine.hear()
    announcer.understood(_people(thumb.timestamp_ns), [thumb])
    late = mailbox.newest("event/gesture")
    assert "time_sure" not in late
    assert abs(_told(late, "time")) < _CLOSE


@pytest.mark.parametrize("live", [True, False])
def test_what_has_lasted_since_before_the_clock_was_set_is_said_again(machine: _Machine, live: bool) -> None:
    """Presence and arming get the right ``since`` when the clock jumps, from a camera as from media."""
    machine.boot()
    clock = Clock(live=live)
    announcer, mailbox = _announcer(clock)
    now_ns = time.monotonic_ns() if live else 7_000_000_000
    announcer.understood(
        _people(now_ns), [Presence(present=True, count=1, since_ns=now_ns, timestamp_ns=now_ns), Armed(True, now_ns)]
    )
    assert mailbox.newest("state/presence")["time_sure"] is False
    assert not clock.corrected()
    machine.hear()
    assert clock.corrected()
    announcer.correct()
    assert not clock.corrected()
    for path in ("state/presence", "state/armed"):
        assert "time_sure" not in mailbox.newest(path)
        assert abs(_told(mailbox.newest(path), "since")) < _CLOSE


def test_a_house_in_which_nothing_has_lasted_is_told_nothing_anew(machine: _Machine) -> None:
    """No presence and no arming was said: nothing is to be corrected."""
    announcer, mailbox = _announcer(Clock(live=True))
    announcer.correct()
    assert mailbox.messages == []


def test_a_clock_that_is_turned_smoothly_is_no_step(machine: _Machine) -> None:
    """A time server that is near turns it by a hundredth of a second now and then; a second at once is a step."""
    clock = Clock(live=True)
    for _ in range(100):
        machine.behind_s += 0.01
        assert not clock.corrected()
    machine.behind_s += 1.0
    assert clock.corrected()
    assert not clock.corrected()


def test_ages_do_not_follow_the_clock(machine: _Machine) -> None:
    """A frame is as old as before when the clock jumps by a year: latency and rates never see it."""
    clock = Clock(live=True)
    stamp = time.monotonic_ns() - 1_000_000_000
    machine.boot()
    assert 1.0 <= clock.age_ns(stamp) / 1e9 < 1 + _CLOSE.total_seconds()


def test_a_moment_is_the_same_whatever_the_clock_says(machine: _Machine) -> None:
    """The time since the start is nobody's to set, and gives the time of day of any moment as it is known now."""
    moment = boot_ns() - 60_000_000_000
    assert abs(datetime.now(UTC) - timedelta(seconds=60) - time_of(moment)) < _CLOSE


@pytest.mark.parametrize(
    ("battery", "heard", "kernel", "right"),
    [
        (None, False, False, False),
        ("35", False, False, False),
        ("soon", False, False, False),
        ("now", False, False, True),
        (None, True, False, True),
        (None, False, True, True),
    ],
)
def test_a_clock_is_right_when_a_server_the_kernel_or_a_battery_says_so(
    tmp_path: Path, battery: str | None, heard: bool, kernel: bool, right: bool
) -> None:
    """A Raspberry Pi 5 without a battery has a battery clock that begins in 1970."""
    if battery:
        file = tmp_path / "sys/class/rtc/rtc0/since_epoch"
        file.parent.mkdir(parents=True)
        file.write_text(f"{int(time.time()) if battery == 'now' else battery}\n", encoding="ascii")
    if heard:
        flag = tmp_path / "run/systemd/timesync/synchronized"
        flag.parent.mkdir(parents=True)
        flag.touch()
    assert clock_is_right(tmp_path, lambda: kernel) is right


def test_the_kernel_is_asked_and_set_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the real kernel answers is a yes or a no; a refusal, as in a hardened service, is a no."""
    assert timesync.kernel_is_sure() in (True, False)

    class Refusal:
        ntp_adjtime = staticmethod(lambda _timex: -1)

    monkeypatch.setattr(timesync, "_library", Refusal)
    assert not timesync.kernel_is_sure()
