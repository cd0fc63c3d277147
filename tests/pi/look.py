"""Shows three pictures of a clip to the engine, each as if nothing had been before, and prints what it finds.

python -m tests.pi.look CLIP      on any processor, emulated ones too
"""

import sys

import msgspec

from edgeholo.capture.feed import frames
from edgeholo.config import Camera, EngineOptions
from edgeholo.landmarks import landmarks_of
from edgeholo.perceive.engine import open_engine

NUMBERS = (0, 20, 40)


def main() -> None:
    """Print a line a picture, as `edgeholo landmarks` does."""
    engine = open_engine(EngineOptions(name="litert", pose="on", left_hand="on", right_hand="on", face="on"))
    for frame in frames(Camera(source=sys.argv[1])):
        if frame.seq in NUMBERS:
            engine.reset()
            print(msgspec.json.encode(landmarks_of(engine.detect(frame))).decode(), flush=True)  # noqa: T201 - it prints for the test
    engine.close()


if __name__ == "__main__":
    main()
