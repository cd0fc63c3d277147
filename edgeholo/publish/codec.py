"""The compact landmark message: MessagePack around three kinds of packed points. ``docs/topics.md`` draws it byte by byte.

x and y are 16-bit numbers in steps of 1/8192 of the picture, z is 8 bits in steps that fit the part, visibility 8 bits.
That is 6 bytes a pose point and 5 a hand or face point, so a decoder is a loop over whole bytes: packing x and y into
12 bits would save a fifth and cost every subscriber a bit shuffle.
"""

import struct
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from edgeholo.types import Branch, Floats, People, Person

VERSION = 1
"""First element of every message; it changes when an old decoder would read nonsense."""
STEPS = 8192
"""Steps of x and y to one picture width or height: a power of two, so that a decoder divides exactly."""
LOW = -3.5
"""Least x and y: 16 bits reach 4.4999. The knees of a person close to the camera were seen at 4.1; beyond is clamped."""
MAX_PERSONS = 15
"""As many as a one-byte MessagePack array can count, which keeps decoders short."""
WORST_XY_ERROR = 0.5 / STEPS
"""Half a step: 6.1e-5 of the picture's width or height, 0.04 pixels at 640."""

_BRANCH_BITS = {Branch.POSE: 1, Branch.LEFT_HAND: 2, Branch.RIGHT_HAND: 4, Branch.FACE: 8}
_POINT = np.dtype([("x", ">u2"), ("y", ">u2"), ("z", "i1")])
_POSE_POINT = np.dtype([*((name, _POINT[name]) for name in "xyz"), ("visibility", "u1")])
_PACKED_POINT = np.dtype([("xy", ">u2", 2), ("z", "i1")])
_PACKED_POSE_POINT = np.dtype([*((name, _PACKED_POINT[name]) for name in ("xy", "z")), ("visibility", "u1")])
"""The same bytes, x and y written at once."""
_FLAT = 1e-30
"""A step of z below which it is too small a float32 to divide by."""
_STEP = struct.Struct(">f")

Packet = tuple[int, float, int, int, int, int, list[tuple[int, bytes | None, bytes | None, bytes | None, bytes | None]]]


class CodecError(ValueError):
    """These bytes are no landmark message, or one of another version."""


def encode(people: People, time: datetime) -> bytes:
    """Return the message of one frame.

    Args:
        people: the first ``MAX_PERSONS`` are sent.
        time: of the frame's exposure, aware.
    """
    width, height = people.size
    branches = sum(_BRANCH_BITS[branch] for branch in people.ran)
    persons = [_pack_person(person) for person in people.persons[:MAX_PERSONS]]
    return msgspec.msgpack.encode((VERSION, time.timestamp(), people.seq, width, height, branches, persons))


def decode(payload: bytes) -> dict[str, Any]:
    """Return a message as the JSON-like frame that ``edgeholo landmarks --json`` prints.

    ``t`` is in seconds since 1970, ``ran`` lists the branches that looked, ``pose`` has rows [x, y, z, visibility], hands and
    face [x, y, z], or None; these and ``person`` (the id, None for nobody) are of the first person, ``others`` lists the rest.

    Raises:
        CodecError: the bytes are something else, cut off, or of another version.
    """
    version, time_s, seq, width, height, branches, persons = _unpack(payload)
    people = [_unpack_person(*person) for person in persons]
    nobody = dict.fromkeys(("person", "pose", "left_hand", "right_hand", "face"))
    return {
        "version": version,
        "t": time_s,
        "seq": seq,
        "size": [width, height],
        "ran": [branch.value for branch, bit in _BRANCH_BITS.items() if branches & bit],
        **(people[0] if people else nobody),
        "others": people[1:],
    }


def _unpack(payload: bytes) -> Packet:
    try:
        packet: Packet = msgspec.msgpack.decode(payload, type=Packet)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        _check_version(_version(payload))
        raise CodecError(f"not a landmark message: {error}") from error
    _check_version(packet[0])
    return packet


def _check_version(version: int | None) -> None:
    if version not in (None, VERSION):
        raise CodecError(f"landmark message of version {version}, this edgeholo reads {VERSION}: update the older side")


def _version(payload: bytes) -> int | None:
    """Return the version of a message whose other fields are not understood."""
    try:
        first = msgspec.msgpack.decode(payload, type=list[Any])[0]
    except (msgspec.DecodeError, UnicodeDecodeError, IndexError):
        return None
    return first if isinstance(first, int) else None


def _pack_person(person: Person) -> tuple[int, bytes | None, bytes | None, bytes | None, bytes | None]:
    pose, hands = person.pose, (person.left_hand, person.right_hand)
    left, right = (_pack(hand.points) if hand else None for hand in hands)
    return (
        person.id,
        _pack(pose.points, pose.visibility) if pose else None,
        left,
        right,
        _pack(person.face.points) if person.face else None,
    )


def _pack(points: Floats, visibility: Floats | None = None) -> bytes:
    """Return the step of z (float32), then the points; what is not a number is sent as 0.

    Plain ufuncs in place, for this runs at the rate of the frames: ``np.clip`` and ``np.where`` take three times as long.
    """
    exact = _finite(points.astype(np.float64))
    z = exact[:, 2]
    step = float(np.float32(max(z.max(), -z.min()) / 127))
    packed = np.zeros(len(exact), _PACKED_POINT if visibility is None else _PACKED_POSE_POINT)
    if step > _FLAT:
        packed["z"] = np.rint(z / step)
    packed["xy"] = _rounded((exact[:, :2] - LOW) * STEPS, 0xFFFF)
    if visibility is not None:
        packed["visibility"] = _rounded(_finite(visibility.astype(np.float64) * 255), 0xFF)
    return _STEP.pack(step) + packed.tobytes()


def _finite(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the values with 0 for what is not a number; they may be changed."""
    finite = np.isfinite(values)
    if not finite.all():
        values[~finite] = 0
    return values


def _rounded(values: npt.NDArray[np.float64], most: int) -> npt.NDArray[np.float64]:
    """Return the values as whole numbers from 0 to ``most``; they are changed."""
    np.rint(values, out=values)
    np.maximum(values, 0, out=values)
    return np.minimum(values, most, out=values)


def _unpack_person(
    person: int, pose: bytes | None, left: bytes | None, right: bytes | None, face: bytes | None
) -> dict[str, Any]:
    return {
        "person": person,
        "pose": _points("pose", pose, _POSE_POINT, (33,)),
        "left_hand": _points("hand", left, _POINT, (21,)),
        "right_hand": _points("hand", right, _POINT, (21,)),
        "face": _points("face", face, _POINT, (468, 478)),
    }


def _points(name: str, part: bytes | None, point: np.dtype[np.void], counts: Sequence[int]) -> list[list[float]] | None:
    if part is None:
        return None
    if (len(part) - _STEP.size) not in [count * point.itemsize for count in counts]:
        raise CodecError(f"not a landmark message: a {name} of {len(part)} bytes")
    packed = np.frombuffer(part, point, offset=_STEP.size)
    columns: list[npt.NDArray[np.float64]] = [packed[axis] / STEPS + LOW for axis in "xy"]
    columns.append(packed["z"].astype(float) * _STEP.unpack_from(part)[0])
    if point is _POSE_POINT:
        columns.append(packed["visibility"] / 255)
    return [list(row) for row in np.stack(columns, axis=1).round(6).tolist()]
