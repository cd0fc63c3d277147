"""The parts that guard the page, with a clock that the test moves: sessions, throttle, names, and a reader's queue."""

import asyncio

import pytest

from edgeholo.web.callers import host_of
from edgeholo.web.hub import Stream
from edgeholo.web.sessions import Sessions
from edgeholo.web.throttle import Throttle

HOUR_S = 3600.0


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now_s


def test_a_session_ends_twelve_hours_after_its_last_use() -> None:
    """One that is used goes on."""
    clock = Clock()
    sessions = Sessions(clock)
    number = sessions.begin()
    for _ in range(5):
        clock.now_s += 11 * HOUR_S
        assert sessions.use(number)
    clock.now_s += 12 * HOUR_S + 1
    assert not sessions.use(number)
    clock.now_s -= HOUR_S
    assert not sessions.use(number)


def test_sessions_are_random_and_few() -> None:
    """The one that was used longest ago makes room; a guess is none."""
    sessions = Sessions(Clock())
    first, second = sessions.begin(), sessions.begin()
    assert len(first) >= 43  # 256 bits
    assert first != second
    for _ in range(98):
        sessions.begin()
    assert sessions.use(first)
    sessions.begin()
    assert sessions.use(first)
    assert not sessions.use(second)
    assert not sessions.use("")
    assert not sessions.use("\ud800")


def test_tries_come_back_with_time() -> None:
    """Five in a row, then one in fifteen seconds."""
    clock = Clock()
    throttle = Throttle(clock)
    for _ in range(5):
        assert throttle.wait_s("192.168.1.7") == 0
        throttle.wrong("192.168.1.7")
    assert throttle.wait_s("192.168.1.7") == 15
    assert throttle.wait_s("192.168.1.8") == 0
    clock.now_s += 15
    assert throttle.wait_s("192.168.1.7") == 0
    throttle.wrong("192.168.1.7")
    assert throttle.wait_s("192.168.1.7") == 15


def test_many_addresses_together_are_slowed_down_too() -> None:
    """Sixty wrong ones in all, then one a second."""
    clock = Clock()
    throttle = Throttle(clock)
    for number in range(60):
        throttle.wrong(f"10.0.0.{number}")
    assert throttle.wait_s("10.0.1.1") == 1
    clock.now_s += 1
    assert throttle.wait_s("10.0.1.1") == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.168.1.7", "192.168.1.7", True),
        ("fe80::1%eth0", "fe80::2%wlan0", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("", "no address", False),
    ],
)
def test_a_household_counts_as_one(one: str, other: str, *, same: bool) -> None:
    """Whoever has an IPv6 network has more addresses than there are tries."""
    throttle = Throttle(Clock())
    for _ in range(5):
        throttle.wrong(one)
    assert (throttle.wait_s(other) > 0) is same


def test_a_million_addresses_are_not_remembered() -> None:
    """A thousand are."""
    throttle = Throttle(Clock(), everybody=(1e9, 1.0))
    for number in range(3000):
        throttle.wrong(f"10.1.{number // 256}.{number % 256}")
    assert len(throttle._addresses) == 1000


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("hall.local:8380", "hall.local"),
        ("HALL.", "hall"),
        ("[::1]:8380", "::1"),
        ("[::1", "::1"),
        ("a:b:c", "a"),
        ("", ""),
    ],
)
def test_a_host_header_is_read_as_browsers_write_it(header: str, host: str) -> None:
    """With and without a port, in any case."""
    assert host_of(header) == host


def test_a_queue_keeps_the_newest_of_a_kind_and_every_event() -> None:
    """In the order in which they are to be shown."""
    stream = Stream("hall")
    for number in range(50):
        stream.put("landmarks", b"landmarks %d " % number)
        if number % 25 == 0:
            stream.put("", b"event %d " % number)
    assert asyncio.run(stream.next(1)) == b"event 0 event 25 landmarks 49 "
    assert not stream.ended


def test_a_reader_who_is_too_far_behind_begins_anew() -> None:
    """Its connection ends; the browser opens another one, which begins with a snapshot."""
    stream = Stream("hall")
    for _ in range(3000):
        stream.put("", b"x" * 1000)
    assert stream.ended


def test_waiting_has_an_end() -> None:
    """Nothing came: then there is nothing to send but a sign of life."""
    assert asyncio.run(Stream("hall").next(0.01)) == b""
