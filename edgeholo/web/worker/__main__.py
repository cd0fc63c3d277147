"""The worker's process: a line of JSON in, a line out, until there is no more. Nothing is ever written to a log from here."""

import os
import sys
import traceback
from typing import IO

import cv2
import msgspec

from edgeholo.errors import EdgeholoError
from edgeholo.web.formats.media import RefusedError
from edgeholo.web.worker import walls
from edgeholo.web.worker.messages import Job, Ready, Refusal, Reply, Setup, Trouble
from edgeholo.web.worker.studio import Studio

_TOO_MUCH = Refusal("too_large", "There is not enough memory here for this file. Make it smaller and send it again.")


def main() -> int:
    """Work until the page hangs up."""
    walls.stand_alone()
    said = os.fdopen(os.dup(1), "wb", buffering=0)
    # What a library may print goes nowhere: it could be of a file.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    setup = msgspec.json.decode(sys.stdin.buffer.readline(), type=Setup)
    try:
        studio = Studio(setup)
    except EdgeholoError as error:
        _say(said, Trouble(f"Uploads cannot be looked at: {error}.", str(error)))
        return 1
    _say(said, Ready(walls.shut()))
    for line in sys.stdin.buffer:
        _say(said, _answer(studio, msgspec.json.decode(line, type=Job)))
    return 0


def _say(said: IO[bytes], reply: Reply) -> None:
    said.write(msgspec.json.encode(reply) + b"\n")


def _answer(studio: Studio, job: Job) -> Reply:
    try:
        return studio.work(job)
    except RefusedError as error:
        return Refusal(error.reason, str(error))
    except MemoryError:
        return _TOO_MUCH
    except cv2.error as error:
        return _TOO_MUCH if error.code == cv2.Error.StsNoMem else _trouble(error)
    except Exception as error:  # noqa: BLE001 - the process's outermost edge
        return _trouble(error)


def _trouble(error: Exception) -> Trouble:
    """Return kind and place of an error; not its text, which may quote the file."""
    frames = traceback.extract_tb(error.__traceback__)
    place = " <- ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
    return Trouble("This file could not be looked at. Send another one.", f"{type(error).__name__} at {place}")


if __name__ == "__main__":
    sys.exit(main())
