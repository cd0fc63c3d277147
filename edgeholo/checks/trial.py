"""Opens an engine and lets it look, in a process of its own: one that a processor cannot run takes that process with it.

``python -m edgeholo.checks.trial`` reads the options from standard input and writes one JSON object.
"""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from edgeholo.config import EngineOptions
from edgeholo.errors import EdgeholoError, EngineUnfitError
from edgeholo.perceive.engine import ENGINES
from edgeholo.types import Frame, PixelFormat

COMMAND = (sys.executable, "-m", "edgeholo.checks.trial")
PATIENCE_S = 60.0
"""A Raspberry Pi Zero 2 W opens its models in twenty seconds."""
_SIZE = (480, 640, 3)


class Trial(NamedTuple):
    """How it went.

    Attributes:
        outcome: ``runs``, ``unfit`` (not for this machine), ``fails``, ``dies``, ``hangs``.
        text: what it said.
    """

    outcome: str
    text: str


def tried(options: EngineOptions, command: Sequence[str] = COMMAND) -> Trial:
    """Return how an engine does on this machine."""
    try:
        done = subprocess.run(
            list(command), input=msgspec.json.encode(options), capture_output=True, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return Trial("hangs", f"{options.name} did not look within {PATIENCE_S:g} s")
    if done.returncode < 0:
        return Trial("dies", f"{options.name} was ended by {signal.Signals(-done.returncode).name}")
    try:
        return Trial(**json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, ValueError, TypeError):
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        return Trial("fails", f"{options.name} ended with {done.returncode}: {''.join(last)}")


def main() -> None:
    """Open the engine of standard input and look at an empty picture."""
    options = msgspec.json.decode(sys.stdin.buffer.read(), type=EngineOptions)
    try:
        looked_ms = _look(options)
    except EngineUnfitError as error:
        trial = Trial("unfit", str(error))
    except (EdgeholoError, ImportError, OSError) as error:
        trial = Trial("fails", str(error))
    else:
        trial = Trial("runs", f"{options.name} runs; a first look took {looked_ms:.0f} ms")
    sys.stdout.write(json.dumps(trial._asdict()) + "\n")


def _look(options: EngineOptions) -> float:
    engine = ENGINES[options.name].open(options)
    try:
        started = time.perf_counter()
        engine.detect(Frame(np.zeros(_SIZE, np.uint8), PixelFormat.RGB, 0, 0))
        return (time.perf_counter() - started) * 1e3
    finally:
        engine.close()


if __name__ == "__main__":
    main()
