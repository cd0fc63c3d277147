"""The pulse: what the updater knows of the daemon."""

from pathlib import Path

from edgeholo.pulse import INTERVAL_S, Heart, place, read


def test_a_beat_tells_what_the_updater_asks(tmp_path: Path) -> None:
    """Frames since the start, and whether the broker is there."""
    heart = Heart("0.1.0", tmp_path / "pulse.json")
    heart.saw()
    heart.saw()
    heart.beat(100.0, closed=False, broker=True)
    pulse = read(tmp_path / "pulse.json")
    assert pulse is not None
    assert (pulse.version, pulse.frames, pulse.closed, pulse.broker, pulse.time_s) == ("0.1.0", 2, False, True, 100.0)


def test_a_beat_comes_when_it_is_time_for_one(tmp_path: Path) -> None:
    """Not with every turn of the main loop."""
    heart = Heart("0.1.0", tmp_path / "pulse.json")
    for now_s in (0.0, 1.0, INTERVAL_S - 0.1):
        heart.beat(now_s, closed=False, broker=True)
    pulse = read(tmp_path / "pulse.json")
    assert pulse is not None
    assert pulse.time_s == 0.0


def test_there_is_no_pulse_without_a_service_manager(tmp_path: Path) -> None:
    """On a laptop nothing is written anywhere."""
    assert place({}) is None
    Heart("0.1.0", None).beat(0.0, closed=False, broker=False)
    assert read(tmp_path / "pulse.json") is None
    assert place({"RUNTIME_DIRECTORY": "/run/edgeholo:/run/more"}) == Path("/run/edgeholo/pulse.json")


def test_a_folder_that_is_gone_does_not_end_the_daemon(tmp_path: Path) -> None:
    """Nobody judges us, and the gestures go on."""
    Heart("0.1.0", tmp_path / "gone" / "pulse.json").beat(0.0, closed=False, broker=True)
