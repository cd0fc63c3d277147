"""Is there a camera, does it deliver, and is the picture good?"""

import os
import time
from pathlib import Path

from edgeholo.board import Board
from edgeholo.capture.feed import Feed
from edgeholo.capture.quality import QualityGate
from edgeholo.capture.source import is_live
from edgeholo.chatter import caught
from edgeholo.checks import messages, processes
from edgeholo.checks.finding import Case, Finding, bad, ok, warning
from edgeholo.checks.programs import kernel_log
from edgeholo.checks.retained import heard
from edgeholo.errors import EdgeholoError
from edgeholo.redact import redacted
from edgeholo.types import CameraState, Frame

FRAME_S = 12.0
"""A Pi's camera needs two seconds to its first frame, a network camera up to eight."""
_GLANCE_S = 0.5
"""How often it is looked whether the camera was given up."""
SETTLE_S = 1.5
"""A camera's exposure needs some frames: the first is darker than the picture."""


def camera(case: Case) -> Finding:
    """Take frames and look at their quality; what the daemon itself has is asked of the daemon."""
    options = case.config.camera
    if options.privacy:
        return ok("camera", "closed for privacy: set/privacy off opens it")
    owner = processes.daemon(case) if is_live(options) else None
    if owner is not None:
        return _of_the_daemon(case, owner)
    with caught("") as said:
        states, frame, why = _try(case)
    if frame is not None:
        width, height = frame[0].size
        text = f"{states[-1].source}: {width}x{height} {frame[0].format}"
        return _picture(text, frame[1])
    return _explained(case, why, "\n".join(said))


def _try(case: Case) -> tuple[list[CameraState], tuple[Frame, str] | None, str]:
    """Return the states of the camera, its last frame with the verdict on it, and why there is none."""
    states: list[CameraState] = []
    os.environ.setdefault("LIBCAMERA_LOG_LEVELS", "*:INFO")
    try:
        feed = Feed(case.config.camera, states.append)
        try:
            feed.start()
            frame = _first(feed, states)
            if frame is not None:
                return states, _settled(case, feed, frame), ""
        finally:
            feed.stop()
    except EdgeholoError as error:
        return states, None, str(error)
    why = states[-1].detail if states and states[-1].detail else f"no frame within {FRAME_S:g} s"
    return states, None, why


def _first(feed: Feed, states: list[CameraState]) -> Frame | None:
    """Return the first frame; a camera that is given up once need not be waited for."""
    deadline_s = time.monotonic() + FRAME_S
    while time.monotonic() < deadline_s and not (states and states[-1].state == "lost"):
        frame = feed.take(_GLANCE_S)
        if frame is not None or feed.ended:
            return frame
    return None


def _settled(case: Case, feed: Feed, frame: Frame) -> tuple[Frame, str]:
    """Return a frame after the exposure has settled, and the state of its picture."""
    gate = QualityGate(case.config.quality)
    state, began_ns = gate.check(frame).state, frame.timestamp_ns
    while frame.timestamp_ns - began_ns < SETTLE_S * 1e9:
        following = feed.take(SETTLE_S)
        if following is None:
            break
        frame, state = following, gate.check(following).state
    return frame, state


def _picture(text: str, state: str) -> Finding:
    if state == "ok":
        return ok("camera", f"{text}, picture ok")
    return warning("camera", f"picture-{state}", f"{text}, picture {state}")


def _of_the_daemon(case: Case, owner: str) -> Finding:
    """Ask the daemon how its camera is."""
    said = heard(case.config)
    camera, quality = said.get("state/camera", {}), said.get("state/quality", {})
    if not camera:
        return ok("camera", f"edgeholo itself has it ({owner}); only the broker could tell how it is")
    source = redacted(str(camera.get("source", "")))
    if camera.get("state") == "running":
        return _picture(f"{source}: edgeholo itself has it ({owner})", str(quality.get("state", "ok")))
    if camera.get("state") == "lost":
        return _explained(case, f"edgeholo ({owner}) says: {camera.get('detail')}", "")
    return ok("camera", f"{source}: edgeholo itself has it ({owner}), {camera.get('state')}")


def _explained(case: Case, why: str, said: str) -> Finding:
    """Return why no camera delivers, from what it, its library and the kernel say, and from who has it."""
    found = messages.from_library(f"{why}\n{said}")
    if found and not (found[0] == "camera-library" and _needs_no_library(case)):
        code, line = found
        text = line if line in why else f"{why} ({line})"
        return bad("camera", code, f"{text}{_by(case)}" if code == "camera-busy" else text)
    if busy := _by(case):
        return bad("camera", "camera-busy", f"{why}{busy}")
    if found := messages.from_kernel(kernel_log() or ()):
        return bad("camera", found[0], f"{why}; the kernel says: {found[1]}")
    none = any(word in why for word in ("no camera", "no such camera", "not connected"))
    return bad("camera", "camera-none" if none else "camera-lost", why)


def _needs_no_library(case: Case) -> bool:
    """Return whether any camera will do, on a machine that has no ribbon cable."""
    return case.config.camera.source == "camera" and not Board(case.root).model().startswith("Raspberry Pi")


def _by(case: Case) -> str:
    """Return who has the camera, as the end of a sentence; nothing where nobody has."""
    path = case.config.camera.source.removeprefix("v4l2:")
    nodes = [Path(path)] if path.startswith("/") else processes.cameras(case.root)
    names = list(processes.holders(nodes))
    return f"; used by {', '.join(names)}" if names else ""
