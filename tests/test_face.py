"""Faces: what they show, measured against themselves at rest, and what heads do; talkers do none of it."""

import math
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeholo.interpret.face import signs
from edgeholo.interpret.face.features import FaceFeatures, measure_face
from edgeholo.interpret.face.signs import FaceSigns
from edgeholo.interpret.vocabulary import Kind, names
from edgeholo.types import FACE_POINTS, Face
from tests import pbtxt
from tests.face_shapes import REST, SIZE, Look, face, mirrored, moves, played, shaped
from tests.played import reference

RATES = [10, 15, 30, 60]
Looks = list[tuple[float, Look]]


def _measured(look: Look, **place: float) -> FaceFeatures:
    features = measure_face(face(shaped(look), **place), SIZE)  # type: ignore[arg-type]
    assert features is not None
    return features


def _looks(duration_s: float, rate_hz: float, **ways: object) -> Looks:
    """Return a face for so long; ``ways`` are what it does at a time, by the name of the measure."""
    times = np.arange(0, duration_s, 1 / rate_hz).tolist()
    return [(t_s, Look(**{name: way(t_s) for name, way in ways.items()})) for t_s in times]  # type: ignore[operator]


def _swings(deg: float, hz: float, times: float, start_s: float = 1.5, *, about: float = 0.0) -> object:
    """Return an angle that goes to and fro; ``about`` 0.5 begins in the middle, 0 at one end."""

    def way(t_s: float) -> float:
        turns = (t_s - start_s) * hz
        if not 0 <= turns <= times:
            return 0.0
        return deg * ((1 - math.cos(math.tau * turns)) / 2 if about == 0 else about * math.sin(math.tau * turns))

    return way


def _between(start_s: float, end_s: float, value: float, rest: float = 0.0) -> object:
    return lambda t_s: value if start_s <= t_s < end_s else rest


def _most(looks: Looks, sign: str, *, irises: bool = False) -> float:
    """Return how far a sign is shown at best."""
    return max(shown[sign] for _, shown, _ in played(looks, irises=irises))


def test_the_vocabulary_has_the_signs_that_faces_make() -> None:
    """What topics and docs promise can be recognised, and nothing else is."""
    assert {*signs.HELD, "blink", "nod", "shake"} == set(names(Kind.FACE))


@pytest.mark.parametrize("axis", ["yaw_deg", "pitch_deg", "roll_deg"])
@pytest.mark.parametrize("deg", [-30.0, -12.0, 8.0, 25.0])
def test_a_head_that_turns_is_measured_in_degrees(axis: str, deg: float) -> None:
    """About one axis, and about no other."""
    before, after = _measured(Look()), _measured(Look(**{axis: deg}))
    for name in ("yaw_deg", "pitch_deg", "roll_deg"):
        turned = getattr(after, name) - getattr(before, name)
        assert turned == pytest.approx(deg if name == axis else 0.0, abs=1.5)


@pytest.mark.parametrize(
    "look", [Look(yaw_deg=25), Look(pitch_deg=-20), Look(roll_deg=40), Look(yaw_deg=-15, pitch_deg=15)]
)
def test_a_turned_head_has_the_same_face(look: Look) -> None:
    """Mouth, brows and lids are measured as seen from the front."""
    before, after = _measured(Look()), _measured(look)
    for name in ("left_eye", "right_eye", "mouth_open", "mouth_width", "mouth_lift", "brows"):
        assert getattr(after, name) == pytest.approx(getattr(before, name), abs=0.01)


@settings(max_examples=25, deadline=None)
@given(st.floats(15, 300), st.floats(50, 600), st.floats(50, 400), st.floats(-30, 30))
def test_neither_place_nor_size_changes_a_measure(apart_px: float, x: float, y: float, yaw_deg: float) -> None:
    """Only the size in pixels follows the size."""
    look = Look(yaw_deg=yaw_deg, smile=0.1, eyes=0.8)
    here, there = _measured(look), measure_face(face(shaped(look), apart_px=apart_px, at=(x, y)), SIZE)
    assert there is not None
    assert there.size_px == pytest.approx(apart_px, rel=0.05)
    for name in FaceFeatures.__slots__:
        if name != "size_px":
            assert getattr(there, name) == pytest.approx(getattr(here, name), abs=0.01 + 0.05 * ("deg" in name))


def test_a_mirror_swaps_the_eyes_and_turns_the_head_the_other_way() -> None:
    """And changes nothing else."""
    points = shaped(Look(yaw_deg=12, pitch_deg=5, roll_deg=-8, smile=0.1))
    here, there = (measure_face(face(each), SIZE) for each in (points, mirrored(points)))
    assert here is not None
    assert there is not None
    assert (there.left_eye, there.right_eye) == pytest.approx((here.right_eye, here.left_eye), abs=2e-3)
    assert (there.yaw_deg, there.pitch_deg, there.roll_deg) == pytest.approx(
        (-here.yaw_deg, here.pitch_deg, -here.roll_deg), abs=0.5
    )
    assert (there.mouth_width, there.brows) == pytest.approx((here.mouth_width, here.brows), abs=2e-3)


def test_points_that_are_no_face_have_no_features() -> None:
    """Neither those that are no numbers nor those all in one place."""
    broken = face(REST).points.copy()
    broken[33, 0] = np.nan
    assert measure_face(Face(broken), SIZE) is None
    assert measure_face(Face(np.full((FACE_POINTS, 3), 0.4, np.float32)), SIZE) is None


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize(("deg", "hz", "times"), [(12, 1.0, 2), (15, 1.5, 2), (20, 2.5, 3), (30, 1.2, 4)])
def test_a_nod_is_one_nod_at_any_rate(rate_hz: float, deg: float, hz: float, times: float) -> None:
    """However often the head goes down and up, at least twice."""
    assert moves(played(_looks(6, rate_hz, pitch_deg=_swings(deg, hz, times)))) == ["nod"]


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize(("deg", "hz", "times"), [(30, 1.2, 2), (40, 1.8, 3), (25, 2.0, 3)])
def test_a_shaken_head_is_one_shake_at_any_rate(rate_hz: float, deg: float, hz: float, times: float) -> None:
    """However often it goes to and fro, at least twice."""
    assert moves(played(_looks(6, rate_hz, yaw_deg=_swings(deg, hz, times, about=0.5)))) == ["shake"]


def test_a_second_nod_after_a_rest_is_another_one() -> None:
    """A second of quiet between them is enough."""
    first, second = _swings(18, 1.5, 2), _swings(18, 1.5, 2, start_s=4.5)
    looks = _looks(7, 15, pitch_deg=lambda t_s: first(t_s) + second(t_s))  # type: ignore[operator]
    assert moves(played(looks)) == ["nod", "nod"]


@pytest.mark.parametrize("rate_hz", [10, 30])
@pytest.mark.parametrize(
    ("what", "ways"),
    [
        ("one bow", {"pitch_deg": _swings(25, 1.0, 1)}),
        ("a look down and up again, and again", {"pitch_deg": _swings(25, 0.3, 3)}),
        ("looking around", {"yaw_deg": _swings(60, 0.35, 3, about=0.5)}),
        ("one look over the shoulder", {"yaw_deg": _swings(40, 0.8, 1)}),
        ("the beat of a talker's head", {"pitch_deg": _swings(5, 2.0, 12), "yaw_deg": _swings(6, 1.3, 8, about=0.5)}),
        ("a head that rolls", {"pitch_deg": _swings(15, 1.2, 5), "yaw_deg": _swings(15, 1.2, 5, about=0.5)}),
        ("a head that sways to music", {"roll_deg": _swings(20, 1.2, 6, about=0.5), "yaw_deg": _swings(8, 1.2, 6)}),
    ],
)
def test_heads_that_mean_nothing_neither_nod_nor_shake(what: str, ways: dict[str, object], rate_hz: float) -> None:
    """Talking, walking and looking around go on all day."""
    assert moves(played(_looks(8, rate_hz, **ways))) == [], what


@pytest.mark.parametrize("rate_hz", [15, 30, 60])
@pytest.mark.parametrize(("irises", "closed"), [(False, 0.55), (True, 0.1)])
@pytest.mark.parametrize("blink_s", [0.15, 0.2, 0.3])
def test_a_blink_is_seen(rate_hz: float, irises: bool, closed: float, blink_s: float) -> None:
    """By the plain mesh too, which closes eyes only halfway."""
    looks = _looks(4, rate_hz, eyes=_between(2, 2 + blink_s, closed, 1.0))
    assert moves(played(looks, irises=irises)) == ["blink"]


def test_at_ten_looks_a_second_a_blink_is_seen_once_or_not_at_all() -> None:
    """Sure or silent: never two of one, never one of none."""
    for blink_s in (0.06, 0.1, 0.15, 0.2, 0.3):
        for offset in range(5):
            looks = _looks(4, 10, eyes=_between(2 + offset * 0.02, 2 + offset * 0.02 + blink_s, 0.1, 1.0))
            assert moves(played(looks, irises=True)) in ([], ["blink"])


@pytest.mark.parametrize("rate_hz", [10, 30])
@pytest.mark.parametrize(
    ("what", "ways"),
    [
        ("eyes that stay closed", {"eyes": _between(2, 9, 0.1, 1.0)}),
        ("eyes that look down for a while", {"eyes": _between(2, 3.2, 0.45, 1.0)}),
        ("a bowed head", {"eyes": _between(2, 2.3, 0.5, 1.0), "pitch_deg": _between(2.1, 9, 15.0)}),
        ("open eyes", {"eyes": lambda t_s: 1.0 - 0.05 * np.sin(20 * t_s)}),
    ],
)
def test_what_is_no_blink_is_none(what: str, ways: dict[str, object], rate_hz: float) -> None:
    """With either mesh."""
    for irises in (False, True):
        assert moves(played(_looks(6, rate_hz, **ways), irises=irises)) == [], what


def test_eyes_closed_for_long_are_told_from_eyes_that_look_down_or_not_at_all() -> None:
    """The refined mesh knows; the plain one cannot, and says nothing."""
    shut, down = _looks(4, 15, eyes=_between(2, 3.5, 0.1, 1.0)), _looks(4, 15, eyes=_between(2, 3.5, 0.42, 1.0))
    assert _most(shut, "long_blink", irises=True) > 0.8
    assert _most(down, "long_blink", irises=True) < 0.3
    assert _most(shut, "long_blink") == 0


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize(
    ("sign", "ways"),
    [
        ("smile", {"smile": _between(2, 9, 0.2)}),
        ("mouth_open", {"mouth": _between(2, 9, 0.5)}),
        ("eyebrows_up", {"brows": _between(2, 9, 0.055)}),
    ],
)
def test_a_held_sign_is_shown_while_it_is_held(sign: str, ways: dict[str, object], rate_hz: float) -> None:
    """Clearly, for seconds, and no other sign with it."""
    answers = played(_looks(5, rate_hz, **ways))
    assert all(shown[sign] > 0.8 for t_s, shown, _ in answers if t_s > 2.6)
    assert all(shown[sign] < 0.2 for t_s, shown, _ in answers if t_s < 2)
    assert all(shown[other] < 0.3 for _, shown, _ in answers for other in signs.HELD if other != sign)


@pytest.mark.parametrize("sign", signs.HELD)
def test_talking_shows_nothing(sign: str) -> None:
    """Lips open and round, brows and lids play, the head beats."""
    looks = _looks(
        10,
        15,
        mouth=lambda t_s: 0.1 + 0.1 * np.sin(9 * t_s),
        smile=lambda t_s: 0.05 * np.sin(5 * t_s),
        brows=lambda t_s: 0.008 * np.sin(2 * t_s),
        pitch_deg=lambda t_s: 2.5 * np.sin(7 * t_s),
    )
    answers = played(looks)
    assert max(shown[sign] for _, shown, _ in answers) < 0.5
    assert moves(answers) == []


def test_who_smiles_from_the_first_moment_on_smiles() -> None:
    """A mouth so broad is nobody's rest; it takes a second to be said."""
    answers = played(_looks(4, 15, smile=lambda _: 0.25))
    assert all(shown["smile"] < 0.05 for t_s, shown, _ in answers if t_s < 0.9)
    assert all(shown["smile"] > 0.6 for t_s, shown, _ in answers if t_s > 1.2)


def test_in_the_first_second_nothing_is_said_that_needs_a_rest() -> None:
    """A reset begins it anew."""
    follower, seconds = FaceSigns(), count()
    for _ in range(2):
        start_s = next(seconds) * 10.0
        rest, raised = _measured(Look()), _measured(Look(smile=0.25, brows=0.06))
        early = [follower.update(start_s + t / 15, raised if t % 2 else rest)[0] for t in range(14)]
        assert all(max(shown["smile"], shown["eyebrows_up"]) < 0.05 for shown in early)
        follower.reset()


def test_brows_that_seem_raised_by_eyes_that_look_down_are_not() -> None:
    """Lids that go down stretch what is above them."""
    assert _most(_looks(5, 15, brows=_between(2, 4, 0.05), eyes=_between(2, 4, 0.5, 1.0)), "eyebrows_up") < 0.3


def test_small_faces_show_neither_lids_nor_brows() -> None:
    """Across a room an eye is three pixels high."""
    looks = _looks(5, 15, eyes=_between(2, 2.2, 0.55, 1.0), brows=_between(3, 9, 0.055))
    answers = played(looks, apart_px=30)
    assert moves(answers) == []
    assert max(shown["eyebrows_up"] for _, shown, _ in answers) < 0.3


@pytest.mark.shared
def test_the_smile_of_a_portrait_is_one(shared_media: Path) -> None:
    """MediaPipe's own measure of it says: mouth smiling 0.9, jaw open 0.1, brows down 0.8, eyes open."""
    points = pbtxt.read(shared_media / "groundtruth/mediapipe/portrait_expected_face_landmarks.pbtxt")["landmark"]
    portrait = np.array([pbtxt.numbers(point, "x", "y", "z") for point in points], np.float32)
    features, follower = measure_face(Face(portrait), (820, 1024)), FaceSigns()
    assert features is not None
    shown = [follower.update(t / 10, features)[0] for t in range(20)][-1]
    assert shown["smile"] > 0.8
    assert max(shown[other] for other in signs.HELD if other != "smile") < 0.2


@pytest.mark.shared
@pytest.mark.parametrize("sign", ["yes", "walk"])
def test_signers_neither_nod_nor_shake_nor_make_faces(shared_media: Path, sign: str) -> None:
    """Their heads go 20 degrees down and up while they sign, once."""
    follower, seen = FaceSigns(), 0
    for people in reference(shared_media / f"reference/signing.{sign}.jsonl"):
        features = None if people.persons[0].face is None else measure_face(people.persons[0].face, people.size)
        if features is not None:
            shown, found = follower.update(people.t_s, features)
            assert max(shown.values()) < 0.5
            assert [move.name for move in found] == []
            seen += 1
    assert seen > 50
