"""The landmark message: how small, how exact, and what becomes of bytes that are none."""

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis.extra.numpy as hnp
import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeholo.publish import codec
from edgeholo.types import Branch, Face, Floats, Hand, People, Person, Pose

TIME = datetime(2025, 11, 22, 18, 30, 5, 250_000, tzinfo=UTC)
ALL = frozenset(Branch)


def points(count: int, seed: int = 0, spread: float = 1.0) -> Floats:
    """Return made-up points around the middle of the picture."""
    return (0.5 + spread * np.random.default_rng(seed).uniform(-0.5, 0.5, (count, 3))).astype(np.float32)


def somebody(face: int = 0, person: int = 0) -> Person:
    """Return a person with pose and both hands, and a face of so many points."""
    return Person(
        person,
        Pose(points(33, 1), np.linspace(0, 1, 33, dtype=np.float32)),
        Hand(points(21, 2, 0.1)),
        Hand(points(21, 3, 0.1)),
        Face(points(face, 4, 0.2)) if face else None,
    )


def people(*persons: Person, seq: int = 1234, size: tuple[int, int] = (640, 480)) -> People:
    """Return one frame."""
    return People(persons, ALL, size, 0, seq)


def test_pose_and_two_hands_are_at_most_480_bytes() -> None:
    """Also with the largest numbers that fit into the fields around them."""
    seqs = {100: 449, 70_000: 453, 2**63: 457}
    assert {seq: len(codec.encode(people(somebody(), seq=seq), TIME)) for seq in seqs} == seqs
    assert len(codec.encode(people(somebody(person=2**63), seq=2**63), TIME)) == 465


def test_a_face_adds_what_the_documentation_says() -> None:
    """468 points, or 478 with the irises."""
    without = len(codec.encode(people(somebody()), TIME))
    sizes = [len(codec.encode(people(somebody(count)), TIME)) - without for count in (468, 478)]
    assert sizes == [2346, 2396]


def test_a_frame_comes_back_in_the_shape_of_the_landmarks_command() -> None:
    """Time, number, size and branches are exact; points have rows of three, the pose of four."""
    frame = codec.decode(codec.encode(people(somebody(478, person=3)), TIME))
    assert {key: frame[key] for key in ("t", "seq", "size", "ran", "person", "others")} == {
        "t": TIME.timestamp(),
        "seq": 1234,
        "size": [640, 480],
        "ran": ["pose", "left_hand", "right_hand", "face"],
        "person": 3,
        "others": [],
    }
    shapes = [np.shape(frame[part]) for part in ("pose", "left_hand", "right_hand", "face")]
    assert shapes == [(33, 4), (21, 3), (21, 3), (478, 3)]
    assert json.loads(json.dumps(frame)) == frame


def test_nobody_and_missing_parts_come_back_as_none() -> None:
    """A part that is not there is None, and so is everything when nobody is."""
    empty = codec.decode(codec.encode(people(), TIME))
    assert [empty[key] for key in ("person", "pose", "left_hand", "right_hand", "face")] == [None] * 5
    only_a_hand = codec.decode(codec.encode(people(Person(0, right_hand=Hand(points(21)))), TIME))
    assert only_a_hand["left_hand"] is None
    assert only_a_hand["right_hand"] is not None


def test_several_persons_come_back_in_order_up_to_fifteen() -> None:
    """The first is the frame, the rest are others."""
    frame = codec.decode(codec.encode(people(*(somebody(person=n) for n in range(20))), TIME))
    assert [frame["person"], *(other["person"] for other in frame["others"])] == list(range(15))


@given(
    hnp.arrays(np.float32, (21, 3), elements=st.floats(-3.5, 4.4375, width=32)),
)
def test_x_and_y_are_exact_to_a_sixteen_thousandth_and_z_to_a_254th_of_its_part(hand: Floats) -> None:
    """The bounds that docs/topics.md states, for any points."""
    frame = codec.decode(codec.encode(people(Person(0, left_hand=Hand(hand))), TIME))
    error = np.abs(np.array(frame["left_hand"]) - hand.astype(float))
    assert error[:, :2].max() <= codec.WORST_XY_ERROR + 1e-6 <= 0.000063
    assert error[:, 2].max() <= np.abs(hand[:, 2]).max() / 254 * 1.001 + 1e-6


def test_points_far_outside_and_what_is_no_number_stay_decodable() -> None:
    """They are put on the border, or sent as 0."""
    hand = points(21)
    hand[0], hand[1] = (-9.0, 9.0, 0.0), (np.nan, np.inf, -np.inf)
    left = codec.decode(codec.encode(people(Person(0, left_hand=Hand(hand))), TIME))["left_hand"]
    assert left[0][:2] == [-3.5, 4.499878]
    assert left[1] == [0.0, 0.0, 0.0]
    assert np.isfinite(left).all()


def test_visibility_is_exact_to_a_five_hundredth() -> None:
    """8 bits."""
    rows = codec.decode(codec.encode(people(somebody()), TIME))["pose"]
    assert np.abs(np.array(rows)[:, 3] - np.linspace(0, 1, 33)).max() < 0.002


@given(st.binary(max_size=600))
def test_any_bytes_are_decoded_or_refused_with_one_error(payload: bytes) -> None:
    """A stranger may publish on our topic."""
    with contextlib.suppress(codec.CodecError):
        codec.decode(payload)


@given(st.integers(0, 448), st.integers(0, 255))
def test_a_damaged_message_is_decoded_or_refused_with_one_error(index: int, value: int) -> None:
    """One byte is wrong, or the end is missing."""
    payload = bytearray(codec.encode(people(somebody()), TIME))
    payload[index % len(payload)] = value
    for damaged in (bytes(payload), bytes(payload[:index])):
        with contextlib.suppress(codec.CodecError):
            codec.decode(damaged)


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (b"", "not a landmark message"),
        (b'{"value":0.5}', "not a landmark message"),
        (msgspec.msgpack.encode([2, 0.0, 1, 640, 480, 1, []]), "version 2, this edgeholo reads 1"),
        (msgspec.msgpack.encode([2, {"another": "layout"}]), "version 2, this edgeholo reads 1"),
        (msgspec.msgpack.encode([1, 0.0, 1, 640, 480, 1, [[0, b"short", None, None, None]]]), "a pose of 5 bytes"),
    ],
)
def test_the_refusal_says_what_is_wrong(payload: bytes, text: str) -> None:
    """Garbage, another version, a part of the wrong length."""
    with pytest.raises(codec.CodecError, match=text):
        codec.decode(payload)


@pytest.mark.shared
def test_real_frames_are_eleven_times_as_large_in_json(shared_media: Path) -> None:
    """The ratio that docs/topics.md states, and no real point beyond the stated error."""
    sizes, worst = [], 0.0
    for clip in sorted((shared_media / "reference").glob("*.jsonl"))[:8]:
        for line in clip.read_text(encoding="utf-8").splitlines():
            frame: dict[str, Any] = json.loads(line)
            frame.pop("face", None)
            if not all(frame.get(part) for part in ("pose", "left_hand", "right_hand")):
                continue
            pose, left, right = (np.array(frame[part], np.float32) for part in ("pose", "left_hand", "right_hand"))
            person = Person(0, Pose(pose[:, :3], pose[:, 3]), Hand(left), Hand(right))
            message = codec.encode(people(person, seq=frame["seq"], size=tuple(frame["size"])), TIME)
            back = codec.decode(message)
            worst = max(worst, np.abs(np.array(back["pose"])[:, :2] - pose[:, :2]).max())
            full = {**frame, "pose": pose.tolist(), "left_hand": left.tolist(), "right_hand": right.tolist()}
            sizes.append([len(message), *(len(json.dumps(it, separators=(",", ":"))) for it in (full, frame))])
    means = np.mean(sizes, axis=0)
    assert len(sizes) == 250
    assert max(size for size, *_ in sizes) <= 449
    assert np.allclose(means[1:], [5090, 2006], atol=1)
    assert np.allclose(means[1:] / means[0], [11.3, 4.5], atol=0.05)
    assert worst < 0.000062
