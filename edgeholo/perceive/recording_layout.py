"""How sights lie in a recording: MessagePack, point clouds as the bytes of little-endian float32.

A recording is a gzip stream of blocks (see ``blocks``), each a MessagePack value: first a ``Header``, then one ``_Sight`` a
frame. Fields are positional, and only ever added at the end. No pixel, no clock of the wall, no password.
"""

from typing import Final, Literal

import msgspec
import numpy as np

from edgeholo.types import (
    Branch,
    Face,
    Floats,
    Hand,
    People,
    Person,
    Pose,
    QualityState,
    Sight,
    Verdict,
)

FORMAT: Final = "edgeholo-recording"
FORMAT_VERSION = 1


class Header(msgspec.Struct, frozen=True):
    """What a recording says about itself.

    Attributes:
        format: always ``FORMAT``.
        version: of the layout.
        edgeholo: version of the program that wrote it.
        engine: name of the engine that saw this.
        source: camera or file it was seen through, without user, password and query.
    """

    format: Literal["edgeholo-recording"]
    version: int
    edgeholo: str
    engine: str
    source: str


class _Points(msgspec.Struct, frozen=True, array_like=True):
    """A pose, a hand or a face; what a part does not have is None."""

    points: bytes
    world: bytes | None = None
    visibility: bytes | None = None


class _Person(msgspec.Struct, frozen=True, array_like=True):
    id: int
    pose: _Points | None
    left_hand: _Points | None
    right_hand: _Points | None
    face: _Points | None


class _People(msgspec.Struct, frozen=True, array_like=True):
    persons: tuple[_Person, ...]
    ran: tuple[Branch, ...]
    size: tuple[int, int]
    timestamp_ns: int
    seq: int


class _Sight(msgspec.Struct, frozen=True, array_like=True):
    timestamp_ns: int
    seq: int
    size: tuple[int, int]
    state: QualityState
    hint: str
    usable: bool
    changed: bool
    people: _People | None
    cost_us: dict[str, int] = {}  # empty in older recordings


_ENCODER = msgspec.msgpack.Encoder()
_SIGHTS = msgspec.msgpack.Decoder(_Sight)
_HEADERS = msgspec.msgpack.Decoder(Header)


def encode_header(header: Header) -> bytes:
    """Return the first block's content."""
    return _ENCODER.encode(header)


def decode_header(content: bytes) -> Header:
    """Return the header.

    Raises:
        ValueError: it is none.
    """
    return _HEADERS.decode(content)


def encode_sight(sight: Sight) -> bytes:
    """Return one frame's block content; every float32 keeps its bits."""
    verdict, people = sight.verdict, sight.people
    return _ENCODER.encode(
        _Sight(
            sight.timestamp_ns,
            sight.seq,
            sight.size,
            verdict.state,
            verdict.hint,
            verdict.usable,
            verdict.changed,
            None if people is None else _pack_people(people),
            {branch: round(cost * 1e3) for branch, cost in sight.cost_ms.items()},
        )
    )


def decode_sight(content: bytes) -> Sight:
    """Return the frame of a block.

    Raises:
        ValueError: it is none.
    """
    packed = _SIGHTS.decode(content)
    verdict = Verdict(packed.state, packed.hint, packed.usable, packed.changed)
    people = None if packed.people is None else _unpack_people(packed.people)
    cost_ms = {branch: cost / 1e3 for branch, cost in packed.cost_us.items()}
    return Sight(packed.timestamp_ns, packed.seq, packed.size, verdict, people, cost_ms)


def _pack_people(people: People) -> _People:
    persons = tuple(
        _Person(
            person.id,
            _pack_pose(person.pose),
            _pack_hand(person.left_hand),
            _pack_hand(person.right_hand),
            None if person.face is None else _Points(_bytes(person.face.points)),
        )
        for person in people.persons
    )
    return _People(persons, tuple(sorted(people.ran)), people.size, people.timestamp_ns, people.seq)


def _pack_pose(pose: Pose | None) -> _Points | None:
    if pose is None:
        return None
    return _Points(_bytes(pose.points), _maybe_bytes(pose.world), _bytes(pose.visibility))


def _pack_hand(hand: Hand | None) -> _Points | None:
    return None if hand is None else _Points(_bytes(hand.points), _maybe_bytes(hand.world))


def _unpack_people(people: _People) -> People:
    persons = tuple(
        Person(
            person.id,
            _unpack_pose(person.pose),
            _unpack_hand(person.left_hand),
            _unpack_hand(person.right_hand),
            None if person.face is None else Face(_cloud(person.face.points)),
        )
        for person in people.persons
    )
    return People(persons, frozenset(people.ran), people.size, people.timestamp_ns, people.seq)


def _unpack_pose(pose: _Points | None) -> Pose | None:
    if pose is None:
        return None
    visibility = np.frombuffer(pose.visibility or b"", "<f4").astype(np.float32)
    return Pose(_cloud(pose.points), visibility, _maybe_cloud(pose.world))


def _unpack_hand(hand: _Points | None) -> Hand | None:
    return None if hand is None else Hand(_cloud(hand.points), _maybe_cloud(hand.world))


def _bytes(values: Floats) -> bytes:
    return values.astype("<f4").tobytes()


def _maybe_bytes(values: Floats | None) -> bytes | None:
    return None if values is None else _bytes(values)


def _cloud(content: bytes) -> Floats:
    return np.frombuffer(content, "<f4").reshape(-1, 3).astype(np.float32)


def _maybe_cloud(content: bytes | None) -> Floats | None:
    return None if content is None else _cloud(content)
