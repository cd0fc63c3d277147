"""Network cameras: a real RTSP stream through the real FFmpeg."""

import logging
import socket
import time

import pytest

from edgeholo.capture import network
from edgeholo.capture.feed import Feed
from edgeholo.config import Camera
from edgeholo.errors import CameraError
from edgeholo.types import CameraState
from tests.rtsp_camera import RtspCamera, write_stream


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a transport stream of eight seconds."""
    return write_stream(tmp_path_factory.mktemp("stream") / "camera.ts", frames=200)


def url(port: int, user: str = "me:secret@") -> str:
    """Return the camera's address."""
    return f"rtsp://{user}127.0.0.1:{port}/live"


def test_an_rtsp_camera_with_a_password_is_read(stream: bytes) -> None:
    """Frames have the stream's size and the time of their arrival."""
    with RtspCamera(stream, password="me:secret") as camera:
        source = network.open_source(Camera(source=url(camera.port)))
        before = time.monotonic_ns()
        shown = [source.read() for _ in range(5)]
        source.close()
    assert [frame.seq for frame in shown] == [0, 1, 2, 3, 4]
    assert shown[0].size == (320, 240)
    assert shown[0].timestamp_ns >= before
    assert "PLAY" in camera.requests


def test_a_network_camera_that_falls_silent_is_noticed_and_comes_back(
    stream: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """The states say so, and neither they nor the journal show the password."""
    states: list[CameraState] = []
    with RtspCamera(stream, password="me:secret", pause_s=0.02) as camera, caplog.at_level(logging.DEBUG):
        feed = Feed(Camera(source=url(camera.port), stall_s=0.7, reopen_max_s=1), states.append)
        feed.start()
        deadline = time.monotonic() + 12

        def wait_for(name: str) -> None:
            while states[-1].state != name:
                assert time.monotonic() < deadline, states
                feed.take(0.1)

        wait_for("running")
        camera.stalled.set()
        wait_for("lost")
        camera.stalled.clear()
        wait_for("running")
        feed.stop()
    assert [state.state for state in states] == ["opening", "running", "lost", "running"]
    assert "secret" not in caplog.text + str(states)


@pytest.mark.parametrize("kind", ["refused", "silent", "wrong password"])
def test_a_network_camera_that_does_not_answer_is_one_line_without_the_password(
    stream: bytes, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nobody there, somebody who says nothing, and somebody who wants another password."""
    with socket.create_server(("127.0.0.1", 0)) as silent, RtspCamera(stream, password="me:other") as camera:
        port = silent.getsockname()[1] if kind == "silent" else camera.port
        if kind == "refused":
            with socket.create_server(("127.0.0.1", 0)) as gone:
                port = gone.getsockname()[1]
        with pytest.raises(CameraError, match="no video stream") as caught:
            network.open_source(Camera(source=url(port), stall_s=0.5))
    assert "secret" not in str(caught.value)
    assert capfd.readouterr().err == ""
