"""The doctor's camera: none, busy, badly plugged, too dark, or in the hands of the daemon. Every finding is made to happen."""

import os
import subprocess
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from paho.mqtt import publish

from edgeholo.capture import v4l2
from edgeholo.checks import camera as module
from edgeholo.checks.camera import camera
from edgeholo.checks.finding import Case
from edgeholo.checks.storage import permissions
from edgeholo.config import Broker, Camera, Config, Device
from tests.real_broker import Mosquitto, until

_LIBRARY = {
    "camera-busy": (
        "[0:00:02.692] [1940]  INFO Camera camera_manager.cpp:327 libcamera v0.4.0\n"
        "[0:00:02.726] [1944]  INFO Camera camera.cpp:841 Pipeline handler in use by another process\n"
    ),
    "camera-timeout": (
        "[0:01:21.107] [2011]  WARN V4L2 v4l2_videodevice.cpp:2095 /dev/video4: Dequeue timer of 1000000.00us has expired!\n"
        "[0:01:21.107] [2011] ERROR RPI pipeline_base.cpp:1364 Camera frontend has timed out!\n"
    ),
    "camera-permission": "[0:10:51.2] [911] ERROR DmaBufAllocator dma_buf_allocator.cpp:120 Could not open any dma-buf provider\n",
}
_KERNEL = {
    "camera-ribbon": (
        "[    5.832638] imx708 11-001a: failed to read chip id 708, with error -5",
        "[    2.900000] dw9807 10-000c: I2C write CTL fail ret = -121\n[    6.849995] imx219 10-0010: Error reading reg 0x0000: -121",
        "[    6.875825] imx219: probe of 10-0010 failed with error -121",
        "[    6.9] imx477 10-001a: probe with driver imx477 failed with error -121",
    ),
    "camera-overlay": ("[    4.959288] arducam_64mp 4-001a: chip id mismatch: 4136!=7388",),
    "camera-none": ("[    3.647594] imx708 10-001a: camera module ID 0x0302",),
}


def _case(root: Path, broker: str = "none", **options: object) -> Case:
    camera_options = msgspec.convert(options, Camera)
    config = Config(device=Device(id="hall"), camera=camera_options, broker=Broker(url=broker))
    return Case(config, root=root, environ={"XDG_RUNTIME_DIR": str(root)})


@pytest.fixture(autouse=True)
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file that stands for the kernel's log, which ``dmesg`` prints."""
    log, folder = tmp_path / "kernel.log", tmp_path / "bin"
    log.write_text("[    0.000000] Booting Linux\n")
    folder.mkdir()
    (folder / "dmesg").write_text(f"#!/bin/sh\ncat {log}\n")
    (folder / "dmesg").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return log


def _plug_in(monkeypatch: pytest.MonkeyPatch, says: str, error: str) -> None:
    """Have a ribbon camera that says something on standard error, as libcamera does, and does not open."""

    class Picamera2:
        def __init__(self, _number: int) -> None:
            os.write(2, says.encode())
            raise RuntimeError(error)

        @staticmethod
        def global_camera_info() -> list[dict[str, str]]:
            return [{"Model": "imx708", "Id": "/base/axi/pcie@120000/rp1/i2c@88000/imx708@1a"}]

    library = types.ModuleType("picamera2")
    library.__dict__["Picamera2"] = Picamera2
    monkeypatch.setitem(sys.modules, "picamera2", library)
    monkeypatch.setitem(sys.modules, "libcamera", types.ModuleType("libcamera"))


@pytest.mark.parametrize("code", _LIBRARY)
def test_what_libcamera_says_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Its lines go to standard error from C++; the telling one is found, and nothing of it reaches the terminal."""
    _plug_in(monkeypatch, _LIBRARY[code], "Camera __init__ sequence did not complete.")
    finding = camera(_case(tmp_path, source="picamera:0"))
    assert (finding.state, finding.code) == ("bad", code)
    assert finding.mend


@pytest.mark.parametrize(("code", "line"), [(code, line) for code, lines in _KERNEL.items() for line in lines])
def test_a_sensor_that_does_not_answer_is_a_ribbon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kernel: Path, code: str, line: str
) -> None:
    """The kernel's own lines, of old and new kernels; one of a healthy sensor explains nothing."""
    kernel.write_text(f"[    0.000000] Booting Linux\n{line}\n[    9.0] usb 1-1: new device\n")
    _plug_in(monkeypatch, "", "device refused")
    finding = camera(_case(tmp_path, source="picamera:0"))
    assert finding.code == code
    if code != "camera-none":
        assert "the kernel says: " in finding.text
        assert "[" not in finding.text.rpartition("the kernel says: ")[2]


def test_a_kernel_log_that_is_closed_to_us_explains_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kernel: Path
) -> None:
    """Debian lets root alone read it."""
    for name in ("dmesg", "journalctl"):
        program = kernel.parent / "bin" / name
        program.write_text("#!/bin/sh\necho dmesg: read kernel buffer failed: Operation not permitted >&2\nexit 1\n")
        program.chmod(0o755)
    _plug_in(monkeypatch, "", "device refused")
    assert camera(_case(tmp_path, source="picamera:0")).code == "camera-none"


def test_a_healthy_camera_makes_an_empty_sockets_complaint_meaningless(tmp_path: Path, kernel: Path) -> None:
    """Boards with two sockets log a sensor that does not answer at every start."""
    kernel.write_text("[    5.832638] imx708 11-001a: failed to read chip id 708, with error -5\n")
    assert camera(_case(tmp_path, source="pattern")).state == "ok"


def test_no_camera_is_named_as_such(tmp_path: Path) -> None:
    """A node that is not there, and a search that finds none."""
    finding = camera(_case(tmp_path, source="v4l2:/dev/video99"))
    assert (finding.state, finding.code) == ("bad", "camera-none")


def test_without_picamera2_the_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The import fails, as in a venv without the system's packages; a laptop needs none, it lacks a camera."""
    monkeypatch.setitem(sys.modules, "libcamera", None)
    monkeypatch.setattr(v4l2, "devices", list)
    finding = camera(_case(tmp_path, source="picamera:0"))
    assert finding.code == "camera-library"
    assert "python3-picamera2" in finding.mend
    assert camera(_case(tmp_path, source="camera")).code == "camera-none"
    (tmp_path / "proc/device-tree").mkdir(parents=True)
    (tmp_path / "proc/device-tree/model").write_text("Raspberry Pi 4 Model B Rev 1.4\0")
    assert camera(_case(tmp_path, source="camera")).code == "camera-library"


def test_a_camera_that_another_program_has_is_named_with_that_program(tmp_path: Path) -> None:
    """A real other process with the device open."""
    device = tmp_path / "video0"
    device.write_bytes(b"")
    with device.open("rb") as file, subprocess.Popen(["sleep", "60"], stdin=file) as other:
        until(lambda: Path(f"/proc/{other.pid}/comm").read_text() == "sleep\n")
        finding = camera(Case(Config(camera=Camera(source=f"v4l2:{device}"), broker=Broker(url="none"))))
        other.kill()
    assert (finding.state, finding.code) == ("bad", "camera-busy")
    assert f"sleep (process {other.pid})" in finding.text


def test_a_camera_that_this_user_may_not_open_is_a_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests may run as root, whom nothing is closed to: the question to the kernel is answered for another."""
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev/video0").write_bytes(b"")
    monkeypatch.setattr(os, "access", lambda path, _mode: "video" not in str(path))
    finding = camera(_case(tmp_path, source=f"v4l2:{tmp_path}/dev/video0"))
    assert (finding.code, permissions(_case(tmp_path)).code) == ("camera-permission", "camera-permission")
    monkeypatch.undo()
    assert permissions(_case(tmp_path)).state == "ok"


@pytest.mark.parametrize("state", ["dark", "bright", "covered", "blurred", "ok"])
def test_a_picture_that_is_too_bad_is_named(tmp_path: Path, state: str) -> None:
    """Real frames of a still go through the real quality gate."""
    noise = np.random.default_rng(1).integers(0, 256, (480, 640, 3)).astype(np.uint8)
    slope = np.tile(np.linspace(40, 200, 640), (480, 1)).astype(np.uint8)
    pictures = {
        "dark": noise // 20,
        "bright": np.maximum(noise, 252),
        "covered": np.full_like(noise, 120),
        "blurred": cv2.cvtColor(slope, cv2.COLOR_GRAY2BGR),
        "ok": noise,
    }
    cv2.imwrite(str(tmp_path / "still.png"), pictures[state])
    finding = camera(_case(tmp_path, source=str(tmp_path / "still.png")))
    assert finding.state == ("ok" if state == "ok" else "warning")
    assert finding.code == ("" if state == "ok" else f"picture-{state}")


def test_a_camera_that_is_closed_for_privacy_is_not_opened(tmp_path: Path) -> None:
    """Not even by the doctor."""
    finding = camera(_case(tmp_path, source="v4l2:/dev/video99", privacy=True))
    assert (finding.state, finding.code) == ("ok", "")


@contextmanager
def _daemon(root: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a process that has claimed the device, as the daemon does."""
    script = "import sys; from edgeholo import instance; f = instance.claim('hall'); print('claimed', flush=True); sys.stdin.read()"
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(root)}
    environment.pop("RUNTIME_DIRECTORY", None)
    command = [sys.executable, "-c", script]
    with subprocess.Popen(
        command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "claimed\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("states", "verdict", "code"),
    [
        ({"camera": '{"state":"running","source":"picamera:0"}', "quality": '{"state":"ok"}'}, "ok", ""),
        ({"camera": '{"state":"running","source":"picamera:0"}'}, "ok", ""),
        (
            {"camera": '{"state":"running","source":"picamera:0"}', "quality": '{"state":"frozen"}'},
            "warning",
            "picture-frozen",
        ),
        ({"camera": '{"state":"opening","source":"picamera:0"}'}, "ok", ""),
        ({"camera": '{"state":"lost","source":"x","detail":"no frame for 4 s"}'}, "bad", "camera-lost"),
        ({"camera": "rubbish"}, "ok", ""),
        ({}, "ok", ""),
    ],
)
def test_a_camera_that_the_daemon_has_is_no_fault(
    tmp_path: Path, states: dict[str, str], verdict: str, code: str
) -> None:
    """It runs, and how its camera is comes from the broker; nothing is opened twice."""
    with Mosquitto(tmp_path) as broker, _daemon(tmp_path) as process:
        for name, payload in states.items():
            publish.single(f"edgeholo/hall/state/{name}", payload, retain=True, qos=1, port=broker.port)
        finding = camera(_case(tmp_path, broker.url, source="v4l2:/dev/video99"))
    assert (finding.state, finding.code) == (verdict, code)
    assert f"process {process.pid}" in finding.text


def test_a_daemon_without_a_broker_still_has_its_camera(tmp_path: Path) -> None:
    """Nobody can tell how it is; that is said, and no alarm is raised."""
    with _daemon(tmp_path):
        finding = camera(_case(tmp_path, "mqtt://127.0.0.1:1", source="v4l2:/dev/video99"))
    assert (finding.state, finding.code) == ("ok", "")
    assert camera(_case(tmp_path, source="v4l2:/dev/video99")).code == "camera-none"


def test_the_service_is_known_by_its_folder_though_its_lock_is_closed_to_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Systemd gives it a user of its own; where the lock cannot even be opened, it is in use."""
    lock = tmp_path / "run/edgeholo/edgeholo-hall.61234.lock"
    lock.parent.mkdir(parents=True)
    lock.mkdir()  # what cannot be opened as a file, not even by root
    finding = camera(_case(tmp_path, source="v4l2:/dev/video99"))
    assert "edgeholo itself has it (the service)" in finding.text


def test_a_camera_that_never_delivers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not after an hour."""
    monkeypatch.setattr(module, "FRAME_S", 0.2)
    finding = camera(_case(tmp_path, source="rtsp://127.0.0.1:1/nothing"))
    assert (finding.state, finding.code) == ("bad", "camera-lost")
