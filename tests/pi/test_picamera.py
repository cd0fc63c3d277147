"""The real picamera2 on libcamera's virtual camera, through our source and the daemon, to events at a real broker."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest

from edgeholo.capture.feed import frames
from edgeholo.config import Camera
from edgeholo.perceive.models.cache import cache_folder
from edgeholo.pixels import to_rgb
from edgeholo.publish.subscriber import Subscriber
from tests.real_broker import Mosquitto, options

PROJECT = Path(__file__).parents[2]
ROOT = PROJECT / ".cache/roots/picamera"
RATE_HZ = 10
"""That of the demo clip."""
PATIENCE_S = 60
"""A first start loads numpy, OpenCV and models from a cold disk."""
ENTER = """
mount -t proc proc "$1/proc"
mount --rbind /sys "$1/sys"
mount --rbind /dev "$1/dev"
mount -t tmpfs tmpfs "$1/tmp"
mkdir "$1/tmp/project" "$1/tmp/tools" "$1/tmp/cache" "$1/tmp/home" "$1/tmp/frames"
mount --bind -o ro "$2" "$1/tmp/project"
mount --bind -o ro "$3" "$1/tmp/tools"
mount --bind "$4" "$1/tmp/cache"
mount --bind "$5" "$1/opt/frames"
root=$1
shift 5
exec chroot "$root" env -i -C /tmp/project HOME=/tmp/home XDG_RUNTIME_DIR=/tmp/home LANG=C.UTF-8 PATH=/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/tmp/project:/tmp/tools EDGEHOLO_CACHE=/tmp/cache LD_PRELOAD=/opt/libfakedma.so \
    /opt/venv/bin/python -m "$@"
"""
"""Runs a module in the root, in a mount namespace of its own: nothing stays mounted."""


@pytest.fixture(scope="session")
def tools(shared_tools: Path) -> Path:
    """Return what it takes to run picamera2 without a camera, with a root in which it is installed."""
    folder = shared_tools / "raspberry_pi"
    subprocess.run([PROJECT / "tests/pi/picamera_root.sh", ROOT, folder], check=True, timeout=1800)
    return folder


def enter(tools: Path, pictures: Path, *arguments: str) -> list[str]:
    """Return the command that runs a module in the root, with a camera that sees those pictures."""
    places = [str(place) for place in (ROOT, PROJECT, tools, cache_folder("").absolute(), pictures)]
    return ["unshare", "--mount", "--propagation", "private", "sh", "-ec", ENTER, "sh", *places, *arguments]


@pytest.mark.timeout(1800)
def test_picamera2_delivers_the_colours_that_the_camera_sees_and_opens_twice(tools: Path, tmp_path: Path) -> None:
    """Pictures come in the size and colours that were given, in the order of time, and again after closing."""
    command = enter(tools, tmp_path, "tests.virtual_camera", "/opt/frames")
    ran = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    lives = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    assert [life["life"] for life in lives] == [1, 2]


@pytest.fixture
def pictures(demo_clip: Path, tmp_path: Path) -> Path:
    """Return a folder with the demo clip as the virtual camera plays it: 0.jpg, 1.jpg, ..., over and over."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for frame in frames(Camera(source=str(demo_clip))):
        picture = cv2.resize(cv2.cvtColor(to_rgb(frame), cv2.COLOR_RGB2BGR), (640, 480))
        cv2.imwrite(str(folder / f"{frame.seq}.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 95])
    return folder


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a running mosquitto, outside the root."""
    with Mosquitto(tmp_path) as mosquitto:
        yield mosquitto


@pytest.mark.timeout(1800)
def test_gestures_before_picamera2_arrive_at_a_broker_in_order(
    tools: Path, pictures: Path, broker: Mosquitto, tmp_path: Path
) -> None:
    """What the man of the demo clip shows passes libcamera, picamera2 and the daemon; a signal ends all of it cleanly."""
    arguments = ("tests.pi.virtual_daemon", str(RATE_HZ), "run", "--source", "picamera:0", "--broker", broker.url)
    with Subscriber(options(broker.url), ["edgeholo/+/#"]) as listener:
        log = tmp_path / "daemon.log"
        with log.open("w") as errors, subprocess.Popen(enter(tools, pictures, *arguments), stderr=errors) as daemon:
            try:
                heard = gestures(listener, 4)
            finally:
                daemon.send_signal(signal.SIGTERM)
                code = daemon.wait(30)
        said = log.read_text()
    assert code == 0, said
    assert "picamera:0: lores stream, NV12, 640 x 480" in said
    # It plays over and over, and nobody knows which picture was there when the first inference was done.
    assert heard in (["victory", "thumb_up"] * 2, ["thumb_up", "victory"] * 2), said


def gestures(listener: Subscriber, count: int) -> list[str]:
    """Return the names of the first gestures that start."""
    names: list[str] = []
    while len(names) < count:
        message = listener.next(PATIENCE_S)
        assert message, f"only {names} came"
        if message.topic.endswith("/event/gesture"):
            event = json.loads(message.payload)
            assert event["hand"] == "left"
            names += [event["event_type"]] * (event["phase"] == "start")
    return names
