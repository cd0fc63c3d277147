"""Two small things that several stages share: addresses without secrets, and pauses between tries."""

import random

import pytest

from edgeholo.backoff import Backoff
from edgeholo.redact import redacted


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("rtsp://me:secret@10.0.0.7:554/live", "rtsp://10.0.0.7:554/..."),
        ("rtsp://10.0.0.7/user=me&password=secret", "rtsp://10.0.0.7/..."),
        ("http://cam.local?password=secret", "http://cam.local/..."),
        ("rtsp://me:se/cret@10.0.0.7/live", "rtsp://..."),
        ("rtsp://10.0.0.7/live?user=me@home&password=secret", "rtsp://..."),
        ("rtsp://secret@[fe80::1]/live", "rtsp://[fe80::1]/..."),
        ("rtsp://10.0.0.7", "rtsp://10.0.0.7"),
        ("picamera:0", "picamera:0"),
        ("/home/anna/me@home?.mkv", "/home/anna/me@home?.mkv"),
    ],
)
def test_a_secret_in_an_address_is_never_shown(source: str, shown: str) -> None:
    """Neither before the @ nor in path or query; what is no URL stays as it is."""
    assert redacted(source) == shown


def test_pauses_double_up_to_a_limit_with_jitter() -> None:
    """Each is between a half and the whole of its step, never quite the same, and a reset begins again."""
    backoff = Backoff(1.0, 10.0, random.Random(1))
    pauses = [backoff.next_s() for _ in range(7)]
    for pause, step in zip(pauses, (1, 2, 4, 8, 10, 10, 10), strict=True):
        assert step / 2 <= pause <= step
    assert len(set(pauses)) == 7
    backoff.reset()
    assert backoff.next_s() <= 1.0


def test_a_short_limit_holds_from_the_first_pause_on() -> None:
    """Half a second at most is half a second at most."""
    assert all(Backoff(1.0, 0.5).next_s() <= 0.5 for _ in range(10))
