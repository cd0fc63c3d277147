"""The image that ``make image`` builds, started whole in an emulated machine until its gesture arrives at a broker outside."""

import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edgeholo.publish.client import Received
from edgeholo.publish.subscriber import Subscriber
from tests.pi.arm_machine import BROKER_HOST, Card, Machine
from tests.real_broker import Mosquitto, options

ROOT = Path(__file__).parents[2]
_LOGGER = logging.getLogger(__name__)
_BUILD_S = 7200
"""Twenty to forty minutes the first time, on two cores."""
_BOOT_S = 2400
"""Emulation is some hundred times slower than a Raspberry Pi, and the machine may have other work."""
_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGfakekeyfakekeyfakekeyfakekeyfakekeyfakekey owner@home"

pytestmark = pytest.mark.timeout(_BUILD_S + 2 * _BOOT_S)


@pytest.fixture(scope="module", params=["", "yes"], ids=["writable", "readonly"])
def image(request: pytest.FixtureRequest) -> Path:
    """Return the image, with a root that can be written and with one that cannot."""
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "VENV": str(Path(sys.prefix)), "READONLY": request.param}
    subprocess.run(["nice", ROOT / "provisioning/image/build.sh"], check=True, env=environment, timeout=_BUILD_S)
    suffix = "debian-readonly" if request.param else "debian"
    return next((ROOT / "dist").glob(f"edgeholo-*-{suffix}.img"))


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a broker outside of the machine."""
    with Mosquitto(tmp_path) as mosquitto:
        yield mosquitto


@pytest.fixture
def card(image: Path, broker: Mosquitto, demo_clip: Path, tmp_path: Path) -> Card:
    """Return a card with the image, as `edgeholo provision` prepares it, and with a recorded person instead of a camera."""
    card = Card(image, tmp_path)
    boot = card.boot_partition(tmp_path / "bootfs")
    _edgeholo("record", demo_clip, boot / "person.holo")
    (tmp_path / "more.toml").write_text(
        'camera.source = "pattern"\nengine.name = "recorded"\nengine.recording = "/boot/firmware/person.holo"\n'
    )
    (tmp_path / "key.pub").write_text(_KEY + "\n")
    _edgeholo(
        *("provision", boot, "--yes", "--no-wifi", "--hostname", "hall", "--timezone", "Europe/Berlin"),
        *("--broker", f"mqtt://{BROKER_HOST}:{broker.port}", "--ssh-key", tmp_path / "key.pub"),
        *("--config", tmp_path / "more.toml"),
    )
    card.take(boot)
    return card


def _edgeholo(*arguments: object) -> None:
    subprocess.run([sys.executable, "-m", "edgeholo.cli", *map(str, arguments)], check=True)


def _hears(subscriber: Subscriber, heard: list[Received], topic: str) -> Callable[[], bool]:
    def arrived() -> bool:
        while message := subscriber.next(0.0):
            heard.append(message)
        return any(message.topic == topic for message in heard)

    return arrived


def test_the_image_starts_and_its_gesture_reaches_a_broker_outside(
    image: Path, card: Card, broker: Mosquitto, tmp_path: Path
) -> None:
    """From the power on to the event: kernel, cloud-init, network, installer, hardened service; and again after a power cut."""
    before = card.digest(2)
    for start in ("first", "second"):
        heard: list[Received] = []
        with (
            Subscriber(options(broker.url), ["edgeholo/hall/#"]) as subscriber,
            Machine(card, tmp_path) as machine,
        ):
            began_s = time.monotonic()
            machine.until(_hears(subscriber, heard, "edgeholo/hall/event/gesture"), _BOOT_S)
            machine.until(lambda: not card.text("edgeholo/pending"), _BOOT_S)
            _LOGGER.info("%s start: event after %.0f s", start, time.monotonic() - began_s)
        events = [json.loads(message.payload) for message in heard if message.topic.endswith("event/gesture")]
        assert events[0]["event_type"] in {"victory", "thumb_up"}
    assert "edgeholo is set up and runs" in card.text("edgeholo/setup.log")
    if "readonly" in image.name:
        assert card.digest(2) == before, "the root was written"
