"""What ``edgeholo doctor`` looks at: one function a check, each trying the real thing."""

import ctypes
import grp
import os
import platform
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from edgeholo import __version__
from edgeholo.board import Board
from edgeholo.capture.feed import Feed
from edgeholo.capture.quality import QualityGate
from edgeholo.config import Config
from edgeholo.errors import EdgeholoError
from edgeholo.perceive.engine import assets_of, open_engine
from edgeholo.perceive.models.cache import cache_folder
from edgeholo.perceive.models.fetch import state
from edgeholo.perceive.models.manifest import ASSETS
from edgeholo.publish.address import shown
from edgeholo.publish.embedded import EMBEDDED
from edgeholo.publish.publisher import NO_BROKER
from edgeholo.publish.subscriber import Subscriber
from edgeholo.types import CameraState, Frame, PixelFormat

_CAMERA_S = 12.0
"""A Pi's camera needs two seconds to its first frame, a network camera up to eight."""
_HOT_C = 80.0
"""Where a Pi's firmware begins to slow it down."""
_FREE_MB = 200
"""Models and bundles take 60 MB, an update twice that."""
_TIME_ERROR = 5
"""What ntp_adjtime(3) returns while the clock is not synchronised."""
_UNDER_VOLTAGE, _THROTTLED = 0x1, 0x4
"""Bits of the firmware's get_throttled."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        check: its name.
        state: ok, warning (works, but), bad, or unknown (cannot be told here).
        text: what is so.
        mend: what to do about it, empty when nothing.
    """

    check: str
    state: Literal["ok", "warning", "bad", "unknown"]
    text: str
    mend: str = ""


def system(_config: Config) -> Finding:
    """Say what this machine is."""
    model = Path("/proc/device-tree/model")
    board = model.read_text(encoding="utf-8").rstrip("\0") if model.exists() else platform.machine()
    return Finding("system", "ok", f"edgeholo {__version__}, Python {platform.python_version()}, {board}")


def camera(config: Config) -> Finding:
    """Take one frame and look at its quality."""
    states: list[CameraState] = []
    feed = Feed(config.camera, states.append)
    try:
        feed.start()
        frame = feed.take(_CAMERA_S)
    finally:
        feed.stop()
    if frame is None:
        why = states[-1].detail if states and states[-1].detail else f"no frame within {_CAMERA_S:g} s"
        return Finding("camera", "bad", why, "check the cable and camera.source")
    verdict = QualityGate(config.quality).check(frame)
    width, height = frame.size
    text = f"{states[-1].source}: {width}x{height} {frame.format}, picture {verdict.state}"
    return Finding("camera", "ok" if verdict.state == "ok" else "warning", text, verdict.hint)


def models(config: Config) -> Finding:
    """Verify the files that the engine needs."""
    states = {name: state(ASSETS[name]) for name in assets_of(config.engine)}
    bad = [f"{name} {condition}" for name, condition in states.items() if condition != "ok"]
    if bad:
        return Finding("models", "warning", ", ".join(bad), "run edgeholo models fetch, or let the daemon fetch them")
    return Finding("models", "ok", f"{len(states)} files verified in {cache_folder('assets')}")


def engine(config: Config) -> Finding:
    """Open the engine and let it look at an empty picture."""
    pixels = np.zeros((config.camera.height, config.camera.width, 3), np.uint8)
    opened = open_engine(config.engine)
    try:
        started = time.perf_counter()
        opened.detect(Frame(pixels, PixelFormat.RGB, 0, 0))
        looked_ms = (time.perf_counter() - started) * 1e3
    finally:
        opened.close()
    return Finding("engine", "ok", f"{opened.name} runs; a first look took {looked_ms:.0f} ms")


def broker(config: Config) -> Finding:
    """Connect and subscribe."""
    url = config.broker.url
    if url in (NO_BROKER, EMBEDDED):
        return Finding("broker", "ok", f"{url}: nothing to connect to")
    with Subscriber(config.broker, [f"{config.publish.base}/{config.device.id}/#"]):
        return Finding("broker", "ok", f"{shown(url)} answers")


def clock(_config: Config) -> Finding:
    """Ask the kernel whether the clock is synchronised."""
    timex = ctypes.create_string_buffer(256)
    if ctypes.CDLL(None).ntp_adjtime(timex) == _TIME_ERROR:
        return Finding(
            "clock",
            "warning",
            "not synchronised: events may carry a wrong time",
            "enable NTP: timedatectl set-ntp true",
        )
    return Finding("clock", "ok", "synchronised")


def temperature(_config: Config) -> Finding:
    """Read the processor's temperature."""
    degrees = Board().temperature_c()
    if degrees is None:
        return Finding("temperature", "unknown", "this machine does not tell")
    hot = degrees >= _HOT_C
    return Finding(
        "temperature", "warning" if hot else "ok", f"{degrees:g} °C", "give it air or a heat sink" if hot else ""
    )


def throttling(_config: Config) -> Finding:
    """Read what a Raspberry Pi's firmware complains of."""
    throttled = Board().throttled()
    bits = None if throttled is None else hex(throttled)
    if bits is None:
        return Finding("throttling", "unknown", "not a Raspberry Pi")
    if int(bits, 16) & _UNDER_VOLTAGE:
        return Finding(
            "throttling", "bad", f"under-voltage ({bits})", "use the official power supply and a short cable"
        )
    if int(bits, 16) & _THROTTLED:
        return Finding("throttling", "warning", f"slowed down ({bits})", "give it air or a heat sink")
    return Finding("throttling", "ok", bits)


def disk(_config: Config) -> Finding:
    """Look for free space where models are kept."""
    folder = cache_folder("assets")
    free_mb = shutil.disk_usage(folder).free / 1e6
    text = f"{free_mb:.0f} MB free at {folder}"
    return Finding("disk", "ok", text) if free_mb > _FREE_MB else Finding("disk", "bad", text, "free some space")


def permissions(_config: Config) -> Finding:
    """Look whether the cameras and the cache are ours to use."""
    closed = [str(device) for device in Path("/dev").glob("video*") if not os.access(device, os.R_OK | os.W_OK)]
    if closed:
        group = grp.getgrgid(Path(closed[0]).stat().st_gid).gr_name
        mend = f"sudo usermod -aG {group} {os.environ.get('USER', '$USER')}, then log in again"
        return Finding("permissions", "bad", f"{', '.join(closed)} may not be opened", mend)
    if not os.access(cache_folder("assets"), os.W_OK):
        return Finding("permissions", "bad", f"{cache_folder('assets')} is not writable", "set EDGEHOLO_CACHE")
    return Finding("permissions", "ok", "cameras and cache may be used")


CHECKS: dict[str, Callable[[Config], Finding]] = {
    "system": system,
    "camera": camera,
    "models": models,
    "engine": engine,
    "broker": broker,
    "clock": clock,
    "temperature": temperature,
    "throttling": throttling,
    "disk": disk,
    "permissions": permissions,
}


def examine(name: str, config: Config) -> Finding:
    """Make one check; an error of ours is a finding."""
    try:
        return CHECKS[name](config)
    except EdgeholoError as error:
        return Finding(name, "bad", str(error))
