"""What each hand shape is: lists of conditions, each with the reason for its numbers.

"Home" in the reasons below are the stills of people in their rooms, 1.5 to 3 m away; "webcam" are public recordings of
hands before a webcam. Both were measured with MediaPipe's hand model. "Kazuhito" are 4,450 labelled hands before a webcam,
without depth (Kazuhito00/hand-gesture-recognition-using-mediapipe, Apache-2.0), "rings" 337 more of the same kind that show
an ok (kinivi/hand-gesture-recognition-mediapipe, Apache-2.0).
"""

from edgeholo.interpret.hand.features import HandFeatures
from edgeholo.interpret.membership import Condition

_Condition = Condition[HandFeatures]
Shape = tuple[_Condition, ...]

_STRAIGHT = "stretched fingers bend up to 60 degrees in all (home, webcam), relaxed ones 80 to 110"
_FOLDED = "folded fingers bend 145 degrees and more (home), relaxed ones 80 to 110"
_FAR = "tips of stretched fingers are 1.6 to 2 knuckle distances from the wrist; those of folded ones below 1.3"


def _straight(finger: int) -> Shape:
    return (
        Condition(lambda hand: hand.curl_deg[finger], 98, 60, _STRAIGHT),
        Condition(lambda hand: hand.reach[finger], 1.25, 1.5, _FAR),
    )


def _folded(finger: int) -> Shape:
    return (Condition(lambda hand: hand.curl_deg[finger], 100, 140, _FOLDED),)


def _bent(finger: int) -> Shape:
    return (Condition(lambda hand: hand.curl_deg[finger], 70, 100, "stretched they make the ring an ok"),)


_INDEX, _MIDDLE, _RING, _LITTLE = range(4)
INDEX, MIDDLE, RING, LITTLE = (_straight(finger) for finger in range(4))
NO_INDEX, NO_MIDDLE, NO_RING, NO_LITTLE = (_folded(finger) for finger in range(4))
FIST = (*NO_INDEX, *NO_MIDDLE, *NO_RING, *NO_LITTLE)
FLAT = (*INDEX, *MIDDLE, *RING, *LITTLE)
POINTER = (*INDEX, *NO_MIDDLE, *NO_RING, *NO_LITTLE)

LOOSE_RING: Shape = (
    Condition(
        lambda hand: hand.curl_deg[_RING] - hand.curl_deg[_LITTLE],
        5,
        28,
        "the ring finger follows a stretched little finger more than halfway: 62 against 39 degrees in a call at home",
    ),
)
BENT_INDEX: Shape = (
    Condition(
        lambda hand: hand.curl_deg[_INDEX], 55, 85, "the index finger of a ring bends 85 to 150 degrees (webcam)"
    ),
)

HALF_BENT_INDEX: Shape = (
    *BENT_INDEX,
    Condition(lambda hand: hand.reach[_INDEX], 1.05, 1.25, "of a ring it reaches 1.2 to 1.6 (rings), of a fist 0.9"),
)
INDEX_IN: Shape = (
    Condition(
        lambda hand: hand.reach[_INDEX],
        1.4,
        1.15,
        "the index finger of a fist reaches 0.6 to 1.1 (home, hand alone); one that points at the camera 1.2 and more",
    ),
)
BENT_OTHERS: Shape = tuple(condition for finger in (_MIDDLE, _RING, _LITTLE) for condition in _bent(finger))

UPRIGHT: Shape = (
    Condition(
        lambda hand: hand.palm_rise, 0.05, 0.35, "shapes are shown with the fingers up, 70 degrees either way at most"
    ),
)
NOT_HANGING: Shape = (
    Condition(
        lambda hand: hand.palm_rise,
        -0.92,
        -0.68,
        "palms of hanging hands fall at -0.95 (home); of thumbs down at -0.1, and no further than thumbs up rise: 0.65",
    ),
)
PALM_SHOWN: Shape = (
    Condition(
        lambda hand: hand.facing,
        0.15,
        0.4,
        "a palm meant for the camera faces it; from behind a thumb over the palm cannot be told from a hidden one",
    ),
)
BACK_SHOWN: Shape = (
    Condition(
        lambda hand: hand.facing,
        -0.4,
        -0.7,
        "backs held up to the camera measure -0.9 (hand alone); hands in talk turn",
    ),
)
BACK_TURNED: Shape = (
    Condition(
        lambda hand: hand.facing, -0.55, -0.8, "the same, 37 degrees off at most: hands laid on an arm measure -0.7"
    ),
)
NOT_ON_EDGE: Shape = (
    Condition(
        lambda hand: abs(hand.facing), 0.15, 0.35, "fingers of a hand on edge hide each other and cannot be counted"
    ),
)

THUMB_OVER: Shape = (
    Condition(
        lambda hand: hand.thumb_clear,
        0.72,
        0.47,
        "a fist's thumb lies on the fingers, 0.1 to 0.45 (webcam), or beside them, up to 0.6 (kazuhito)",
    ),
)
THUMB_CLEAR: Shape = (
    Condition(lambda hand: hand.thumb_clear, 0.45, 0.7, "a raised thumb is 0.8 and more from the fingers (home)"),
    Condition(lambda hand: hand.thumb_across, 1.05, 1.25, "and 1.35 and more from the little finger (home, webcam)"),
)
THUMB_OF_CALL: Shape = (
    Condition(
        lambda hand: hand.thumb_clear, 0.45, 0.7, "a telephone's thumb is 0.8 and more from the fingers (home, webcam)"
    ),
    Condition(lambda hand: hand.thumb_across, 0.8, 1.0, "and 1.05 and more from the little finger's knuckle (home)"),
)
THUMB_OUT: Shape = (
    Condition(
        lambda hand: hand.thumb_clear, 0.45, 0.65, "a stretched thumb is 0.55 and more from the fingers (webcam)"
    ),
    Condition(
        lambda hand: hand.thumb_across, 0.95, 1.15, "a stretched thumb is 1.0 to 1.6 from the little finger (webcam)"
    ),
    Condition(lambda hand: hand.thumb_side, 0.1, 0.35, "and stands out beside the palm"),
)
THUMB_FAR_OUT: Shape = (
    Condition(
        lambda hand: hand.thumb_across, 1.2, 1.4, "counted as a finger only if nobody could take it for a lazy one"
    ),
    Condition(lambda hand: hand.thumb_side, 0.35, 0.6, "lazy thumbs of a V stand out by at most 0.4 (webcam)"),
)
THUMB_BESIDE: Shape = (
    Condition(
        lambda hand: hand.thumb_across,
        0.7,
        0.9,
        "thumbs of open hands are 0.9 and more from the little finger (webcam)",
    ),
    Condition(lambda hand: hand.thumb_side, -0.1, 0.15, "over the palm it is a four"),
)
THUMB_ON_PALM: Shape = (
    Condition(
        lambda hand: hand.thumb_across, 0.9, 0.7, "thumbs of a four are 0.25 to 0.45 from the little finger (home)"
    ),
    Condition(lambda hand: hand.thumb_side, 0.05, -0.13, "and 0.3 to 0.5 inside the palm"),
)
THUMB_IN: Shape = (
    Condition(
        lambda hand: hand.thumb_across, 1.2, 0.95, "folded thumbs stay below 1.0 (home and webcam: V, rock, pointing)"
    ),
)
THUMB_OF_POINTER: Shape = (
    Condition(
        lambda hand: hand.thumb_clear,
        0.8,
        0.6,
        "the thumb lies on the folded fingers or beside them: 0.1 to 0.55 (home, kazuhito); that of an L is 0.8 away",
    ),
    Condition(
        lambda hand: hand.thumb_across, 1.4, 1.15, "0.7 to 1.0 from the little finger (home), up to 1.25 (kazuhito)"
    ),
)
THUMB_OF_ROCK: Shape = (
    Condition(
        lambda hand: hand.thumb_clear, 0.8, 0.6, "the thumb lies on the two folded fingers: 0.1 to 0.55 (home, webcam)"
    ),
    Condition(
        lambda hand: hand.thumb_across,
        1.1,
        0.85,
        "0.4 to 0.8 from the little finger (home); beyond 1.0 it is I love you",
    ),
)
THUMB_UP: Shape = (
    Condition(lambda hand: hand.thumb_rise, 0.5, 0.73, "52 degrees either way is half sure, 45 is sure"),
)
THUMB_DOWN: Shape = (
    Condition(lambda hand: hand.thumb_rise, -0.42, -0.65, "hands turn down less far than up: 58 degrees is half sure"),
)
INDEX_UP: Shape = (
    Condition(
        lambda hand: hand.index_rise, 0.65, 0.85, "41 degrees either way is half sure: halfway to the side has no name"
    ),
)
INDEX_DOWN: Shape = (Condition(lambda hand: hand.index_rise, -0.67, -0.87, "39 degrees either way is half sure"),)
INDEX_LEFT: Shape = (
    Condition(lambda hand: hand.index_left, 0.67, 0.87, "the same; a finger that points at the camera has no side"),
)
INDEX_RIGHT: Shape = (Condition(lambda hand: hand.index_left, -0.67, -0.87, "the same on the other side"),)
SPREAD: Shape = (Condition(lambda hand: hand.spread_deg, 4, 10, "a V opens by 11 to 34 degrees (home, webcam)"),)
RING_OF_TWO: Shape = (
    Condition(lambda hand: hand.pinch, 0.5, 0.3, "closed rings measure 0.02 to 0.25 (rings, flat), depth adds to it"),
)
TIPS_TOGETHER: Shape = (
    *RING_OF_TWO,
    Condition(
        lambda hand: hand.thumb_clear,
        0.1,
        0.3,
        "tips that meet are 0.25 and more from the joints (rings), a fist's less",
    ),
)
THUMB_ACROSS_INDEX: Shape = (
    Condition(
        lambda hand: hand.thumb_angle_deg,
        8,
        16,
        "thumbs down stand off the palm by 30 to 45 degrees, hanging ones by 10",
    ),
)

SHAPES: dict[str, tuple[Shape, ...]] = {
    "closed_fist": ((*FIST, *INDEX_IN, *THUMB_OVER, *UPRIGHT),),
    "open_palm": (
        (*FLAT, *THUMB_BESIDE, *UPRIGHT, *PALM_SHOWN),
        (*FLAT, *THUMB_FAR_OUT, *UPRIGHT, *BACK_SHOWN),
    ),
    "palm_towards": ((*FLAT, *THUMB_BESIDE, *UPRIGHT, *PALM_SHOWN),),
    "palm_away": ((*FLAT, *THUMB_BESIDE, *UPRIGHT, *BACK_TURNED),),
    "pointing_up": ((*POINTER, *THUMB_OF_POINTER, *INDEX_UP, *UPRIGHT),),
    "pointing_left": ((*POINTER, *INDEX_LEFT),),
    "pointing_right": ((*POINTER, *INDEX_RIGHT),),
    "pointing_down": ((*POINTER, *THUMB_OF_POINTER, *INDEX_DOWN),),
    "thumb_up": ((*FIST, *THUMB_CLEAR, *THUMB_UP, *NOT_HANGING),),
    "thumb_down": ((*FIST, *THUMB_CLEAR, *THUMB_DOWN, *NOT_HANGING, *THUMB_ACROSS_INDEX),),
    "victory": ((*INDEX, *MIDDLE, *NO_RING, *NO_LITTLE, *THUMB_IN, *SPREAD, *UPRIGHT),),
    "i_love_you": ((*INDEX, *NO_MIDDLE, *NO_RING, *LITTLE, *THUMB_OUT, *UPRIGHT),),
    "ok": ((*BENT_INDEX, *MIDDLE, *RING, *LITTLE, *RING_OF_TWO, *UPRIGHT),),
    "pinch": ((*HALF_BENT_INDEX, *BENT_OTHERS, *TIPS_TOGETHER, *UPRIGHT),),
    "call": ((*NO_INDEX, *NO_MIDDLE, *LOOSE_RING, *LITTLE, *THUMB_OF_CALL, *NOT_HANGING),),
    "four": ((*FLAT, *THUMB_ON_PALM, *UPRIGHT, *PALM_SHOWN),),
    "three": (
        (*INDEX, *MIDDLE, *RING, *NO_LITTLE, *THUMB_IN, *UPRIGHT, *NOT_ON_EDGE),
        (*INDEX, *MIDDLE, *NO_RING, *NO_LITTLE, *THUMB_FAR_OUT, *UPRIGHT, *NOT_ON_EDGE),
    ),
    "rock": ((*INDEX, *NO_MIDDLE, *NO_RING, *LITTLE, *THUMB_OF_ROCK, *UPRIGHT),),
}
"""By name: the shapes that carry it, each a list of conditions."""

VARIANTS = {"palm_towards": "open_palm", "palm_away": "open_palm"}
"""Narrower names of a gesture, off unless asked for: name of the variant, name of what it is a variant of."""
