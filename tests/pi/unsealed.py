"""Runs in the container: the daemon with the mediapipe engine, without the seal that keeps its library from the network."""

import sys

from edgeholo.cli.main import main
from edgeholo.perceive import mediapipe

setattr(mediapipe, "seal_this_thread", lambda: None)  # noqa: B010 - it is nobody's to change but here
sys.exit(main(["run", "--source", "pattern:", "--engine", "mediapipe", "--broker", "none"]))
