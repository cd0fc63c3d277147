"""The real daemon on libcamera's virtual camera, which is told to take no more pictures a second than a camera would.

python -m tests.pi.virtual_daemon RATE_HZ ...      RATE_HZ, and what `edgeholo` takes
"""

import sys
import threading
import time
from typing import Any

import libcamera

from edgeholo.cli import main
from tests.virtual_camera import adapt


def pace(rate_hz: float) -> None:
    """Let every request for a picture wait for its turn: the virtual camera answers at once, hundreds a second."""
    queue, lock = libcamera.Camera.queue_request, threading.Lock()
    turn_s = time.monotonic()

    def in_turn(camera: Any, request: Any) -> Any:  # noqa: ANN401 - untyped library
        nonlocal turn_s
        with lock:
            turn_s = max(turn_s + 1 / rate_hz, time.monotonic())
            wait_s = turn_s - time.monotonic()
        time.sleep(max(0.0, wait_s))
        return queue(camera, request)

    libcamera.Camera.queue_request = in_turn


if __name__ == "__main__":
    adapt()
    pace(float(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
