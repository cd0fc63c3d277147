"""Taught gestures on disk: a file each, points and numbers only, whole or not at all."""

import logging
import os
import re
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta

from edgeholo.config import Gestures
from edgeholo.errors import ConfigError, EdgeholoError
from edgeholo.files import write_whole
from edgeholo.interpret.taught import movements as taught_movements
from edgeholo.interpret.taught import shapes as taught_shapes
from edgeholo.interpret.taught.movements import COLUMNS, POINTS, Way
from edgeholo.interpret.taught.recognition import Kind, Taught
from edgeholo.interpret.taught.shapes import HandShape
from edgeholo.types import HAND_POINTS, Side

_LOGGER = logging.getLogger(__name__)

FORMAT, FORMAT_VERSION = "edgeholo taught gesture", 1

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
"""What a gesture may be called: it is a file's name and a part of messages."""

_DIGITS = 4
"""Of a hand size: a hundredth of a millimetre."""

_Number = Annotated[float, Meta(ge=-1000, le=1000)]
_Point = tuple[_Number, _Number, _Number]
_Hand = Annotated[list[_Point], Meta(min_length=HAND_POINTS, max_length=HAND_POINTS)]
_Row = Annotated[list[_Number], Meta(min_length=COLUMNS, max_length=COLUMNS)]


class _Way(msgspec.Struct, forbid_unknown_fields=True):
    path: Annotated[list[_Row], Meta(min_length=POINTS, max_length=POINTS)]
    duration_s: Annotated[float, Meta(gt=0, le=60)]


class _Version(msgspec.Struct):
    format: Literal["edgeholo taught gesture"]
    version: int


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    name: Annotated[str, Meta(pattern=f"^{NAME.pattern}$")]
    kind: Kind
    hand: Side | None
    taught: str
    shapes: list[_Hand] = []
    ways: list[_Way] = []


def folder(options: Gestures) -> Path:
    """Return where taught gestures are kept: where the configuration says, else with the service's state, else the user's data.

    Raises:
        ConfigError: nothing says where.
    """
    if options.taught:
        return Path(options.taught)
    if os.environ.get("STATE_DIRECTORY"):
        return Path(os.environ["STATE_DIRECTORY"].partition(":")[0]) / "gestures"
    if os.environ.get("XDG_DATA_HOME"):
        return Path(os.environ["XDG_DATA_HOME"]) / "edgeholo" / "gestures"
    try:
        return Path.home() / ".local" / "share" / "edgeholo" / "gestures"
    except RuntimeError:
        raise ConfigError(
            "no place for taught gestures: this user has no home; set gestures.taught to a folder"
        ) from None


def load(folder: Path) -> tuple[Taught, ...]:
    """Return what was taught, by name; a file that cannot be read is named in a warning and left out."""
    gestures = []
    for path in sorted(folder.glob("*.json")):
        try:
            gestures.append(_read(path))
        except EdgeholoError as error:
            _LOGGER.warning("%s", error)
    return tuple(gestures)


def save(folder: Path, taught: Taught) -> Path:
    """Write a gesture, in place of an older one of that name, and return its file.

    Raises:
        EdgeholoError: it cannot be written.
    """
    path = folder / f"{taught.name}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, _encoded(taught))
    except OSError as error:
        raise EdgeholoError(
            f"cannot write {path}: {error.strerror}; set gestures.taught to a folder of your own"
        ) from None
    return path


def forget(folder: Path, name: str) -> bool:
    """Remove a gesture, readable or not; return whether there was one.

    Raises:
        EdgeholoError: it cannot be removed.
    """
    if not NAME.fullmatch(name):
        return False
    path = folder / f"{name}.json"
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise EdgeholoError(f"cannot remove {path}: {error.strerror}") from None
    return True


def _read(path: Path) -> Taught:
    advice = f"teach it again, or remove it: edgeholo gesture forget {path.stem}"
    try:
        content = path.read_bytes()
        found = msgspec.json.decode(content, type=_Version)
        if found.version > FORMAT_VERSION:
            raise EdgeholoError(f"{path} was taught by a newer edgeholo: update this one, or teach it again")
        file = msgspec.json.decode(content, type=_File)
    except OSError as error:
        raise EdgeholoError(f"cannot read {path}: {error.strerror}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise EdgeholoError(f"{path} is no taught gesture ({error}); {advice}") from None
    shapes = [taught_shapes.of_points([np.array(points)]) for points in file.shapes]
    ways = [taught_movements.of_even_points(np.array(each.path), each.duration_s) for each in file.ways]
    readable = tuple(shape for shape in shapes if shape is not None)
    if file.name != path.stem or not (readable if file.kind is Kind.POSE else ways):
        raise EdgeholoError(f"{path} is no taught gesture (another name, or no shows); {advice}")
    return Taught(file.name, file.kind, file.hand, file.taught, readable, tuple(ways))


def _encoded(taught: Taught) -> bytes:
    file = _File(
        FORMAT,
        FORMAT_VERSION,
        taught.name,
        taught.kind,
        taught.hand,
        taught.taught,
        [_rounded_hand(shape) for shape in taught.shapes],
        [_rounded_way(each) for each in taught.ways],
    )
    return msgspec.json.encode(file) + b"\n"


def _rounded_hand(shape: HandShape) -> _Hand:
    return [(x, y, z) for x, y, z in np.round(shape.points, _DIGITS).tolist()]


def _rounded_way(way: Way) -> _Way:
    return _Way(np.round(way.path, _DIGITS).tolist(), round(way.duration_s, _DIGITS))
