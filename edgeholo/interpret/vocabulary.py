"""The gestures that edgeholo knows: one table that recognition, topics, discovery and docs read."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a gesture is made with, and so which module recognises it."""

    STATIC = "static"
    """A hand held in a shape."""
    MOVEMENT = "movement"
    """The way a hand goes."""
    BOTH_HANDS = "both_hands"
    """The way two hands go."""
    BODY = "body"
    """Arms and trunk, held."""
    POSTURE = "posture"
    """Sitting, standing, lying: the change counts."""
    FACE = "face"
    """The face, while that branch is on."""
    TAUGHT = "taught"
    """Shown by the people of the house."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A gesture as it is written everywhere.

    Attributes:
        name: snake_case.
        kind: what it is made with.
        description: how to make it, in words for a person.
        onset_s: seconds below which its onset never falls unless it is set for this gesture by name: longer for what
            hands also do without meaning it.
        everyday: whether it counts unless asked otherwise; what people do all day without meaning it does not.
        once: whether it is over when it is recognised, and so has no hold and no end.
    """

    name: str
    kind: Kind
    description: str
    onset_s: float = 0.0
    everyday: bool = True
    once: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """A continuous control, 0..1.

    Attributes:
        name: snake_case; the last level of its topic.
        description: how to take it, turn it and let go, in words for a person.
    """

    name: str
    description: str


_S, _M, _H, _B, _P, _F = Kind.STATIC, Kind.MOVEMENT, Kind.BOTH_HANDS, Kind.BODY, Kind.POSTURE, Kind.FACE

# An open hand also waves, reaches and starts a swipe; in the swipes of the test footage it rests for 0.4 to 1.1 s before.
# Fists are made in passing: 0.3 s is common among signers and talkers. Who talks points aside and down, too.
# People cross their arms, rest their hands on the hips, lean, point, crouch and sit all day; nobody holds both arms up for 0.4 s
# without meaning something.
_ENTRIES = (
    Entry("closed_fist", _S, "A fist held up, the thumb over the fingers.", onset_s=0.5),
    Entry("open_palm", _S, "An open hand held up, its palm to the camera, for a good second.", onset_s=1.2),
    Entry(
        "palm_towards", _S, "The same as `open_palm`, but never with the back of the hand.", onset_s=1.2, everyday=False
    ),
    Entry(
        "palm_away", _S, "An open hand held up, its back to the camera, for a good second.", onset_s=1.2, everyday=False
    ),
    Entry("pointing_up", _S, "The index finger straight up, the others folded."),
    Entry("pointing_left", _S, "The index finger to your left, the others folded.", onset_s=0.4),
    Entry("pointing_right", _S, "The index finger to your right, the others folded.", onset_s=0.4),
    Entry("pointing_down", _S, "The index finger straight down from a raised forearm, the others folded.", onset_s=0.4),
    Entry("thumb_up", _S, "The thumb straight up, the fingers folded."),
    Entry("thumb_down", _S, "The thumb straight down, the fingers folded; the hand is held up, not hanging."),
    Entry("victory", _S, "Index and middle finger spread to a V, the others and the thumb folded."),
    Entry("i_love_you", _S, "Thumb, index and little finger stretched out, the two between them folded."),
    Entry("ok", _S, "Thumb and index finger closed to a ring, the others stretched out."),
    Entry("pinch", _S, "The tips of thumb and index finger together, the others folded.", everyday=False),
    Entry("call", _S, "Thumb and little finger stretched out, the others folded: a telephone."),
    Entry("four", _S, "Four fingers up, the thumb folded over the palm."),
    Entry("three", _S, "Index, middle and ring finger up; or thumb, index and middle finger."),
    Entry("rock", _S, "Index and little finger up, the two between them folded, the thumb over them."),
    Entry("swipe_left", _M, "An open hand swept to your left, from rest to rest.", once=True),
    Entry("swipe_right", _M, "An open hand swept to your right, from rest to rest.", once=True),
    Entry("swipe_up", _M, "An open hand swept up.", once=True),
    Entry("swipe_down", _M, "An open hand swept down.", once=True),
    Entry("wave", _M, "An open hand, raised, that waves to and fro twice or more.", once=True),
    Entry(
        "circle_clockwise", _M, "A circle drawn in the air with the index finger, clockwise as you see it.", once=True
    ),
    Entry("circle_counterclockwise", _M, "The same, the other way round.", once=True),
    Entry("push", _M, "An open palm pushed towards the camera.", everyday=False, once=True),
    Entry("pull", _M, "An open palm, held out towards the camera, drawn back.", everyday=False, once=True),
    Entry("clap", _H, "Two hands clapped together before the chest.", everyday=False, once=True),
    Entry("spread", _H, "Two open hands, close together, drawn apart.", everyday=False, once=True),
    Entry("squeeze", _H, "Two open hands, apart, brought together.", everyday=False, once=True),
    Entry("hands_up", _B, "Both hands above the head.", onset_s=0.4),
    Entry("left_arm_up", _B, "The left arm stretched up, the right one not.", onset_s=0.4),
    Entry("right_arm_up", _B, "The right arm stretched up, the left one not.", onset_s=0.4),
    Entry("t_pose", _B, "Both arms stretched out sideways.", onset_s=0.4),
    Entry("arms_crossed", _B, "The arms crossed before the chest.", onset_s=0.7, everyday=False),
    Entry("hands_on_hips", _B, "Both hands on the hips, the elbows out.", onset_s=0.7, everyday=False),
    Entry("lean_left", _B, "The trunk leant to your left.", onset_s=0.5, everyday=False),
    Entry("lean_right", _B, "The trunk leant to your right.", onset_s=0.5, everyday=False),
    Entry(
        "point_at",
        _B,
        "One arm stretched out to point, sideways to the camera; the event has its angle.",
        onset_s=0.5,
        everyday=False,
    ),
    Entry("squat", _P, "A squat: on your feet, the thighs level or lower.", onset_s=0.5, everyday=False),
    Entry("sit", _P, "Sitting down, from standing.", everyday=False, once=True),
    Entry("stand", _P, "Standing up, from sitting or lying.", everyday=False, once=True),
    Entry("fall", _P, "A fall: down fast to the floor, and lying there for 3 seconds.", once=True),
    Entry("blink", _F, "Both eyes closed and opened.", everyday=False, once=True),
    Entry(
        "long_blink",
        _F,
        "Both eyes closed for half a second and longer; needs `refine_face`.",
        onset_s=0.5,
        everyday=False,
    ),
    Entry("mouth_open", _F, "The mouth wide open, for half a second.", onset_s=0.5, everyday=False),
    Entry("smile", _F, "A broad smile, for half a second.", onset_s=0.5, everyday=False),
    Entry("eyebrows_up", _F, "The eyebrows raised, for half a second.", onset_s=0.5, everyday=False),
    Entry("nod", _F, "A clear nod: down and up, twice.", once=True),
    Entry("shake", _F, "The head shaken, to and fro, twice.", once=True),
)

VOCABULARY: dict[str, Entry] = {entry.name: entry for entry in _ENTRIES}
"""Every gesture by its name."""

CONTROLS: dict[str, Control] = {
    control.name: control
    for control in (
        Control(
            "pinch", "Tips of thumb and index finger together, to take it; then their distance. A fist lets it be."
        ),
        Control(
            "height",
            "An open palm held still for half a second, to take it; then its height, from the hip to the top of the head. "
            "A fist lets it be.",
        ),
        Control(
            "roll",
            "A hand as if around a knob, held still for half a second, to take it; then how far it is turned. "
            "Opening it lets it be.",
        ),
        Control(
            "spread",
            "Two open hands, level and held still for half a second, to take it; then their distance. A fist lets it be.",
        ),
    )
}
"""Every continuous control by its name."""


def names(kind: Kind) -> tuple[str, ...]:
    """Return the names of one kind, in the order of the table."""
    return tuple(entry.name for entry in _ENTRIES if entry.kind is kind)
