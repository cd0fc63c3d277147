"""Gestures of arms and trunk: each is a list of conditions, and is as sure as the weakest of them.

"Clips" in the reasons below are public recordings of signers, talkers and people who exercise, "squats" the labelled bodies of
people who do squats and push-ups; both as MediaPipe's pose model sees them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from edgeholo.interpret.body.features import ArmFeatures, BodyFeatures
from edgeholo.interpret.membership import Condition, weakest
from edgeholo.types import Side

_Condition = Condition[BodyFeatures]
_Conditions = tuple[_Condition, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """A way to hold arms and trunk: what of the body must be seen for it, and how it is held."""

    needs: frozenset[str]
    conditions: _Conditions

    def __call__(self, body: BodyFeatures) -> float:
        """Return how far it is shown: 0 where something that it needs is not seen."""
        if not self.needs <= body.seen:
            return 0.0
        return weakest(self.conditions, body)


def _arm(side: Side, read: Callable[[ArmFeatures], float], no: float, yes: float, why: str) -> _Condition:
    if side is Side.LEFT:
        return Condition(lambda body: read(body.left), no, yes, why)
    return Condition(lambda body: read(body.right), no, yes, why)


_OTHER = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}

FACING: _Conditions = (
    Condition(lambda body: body.front, 0.25, 0.5, "gestures are made towards the camera; from behind left is right"),
)
FRONTAL: _Conditions = (
    *FACING,
    Condition(
        lambda body: body.turn_deg,
        55,
        42,
        "people who face the camera measure 0 to 35 degrees, half turned ones 48 and more: bending forward looks like a lean",
    ),
)


def _straight(side: Side) -> _Condition:
    return _arm(
        side,
        lambda arm: arm.straight_deg,
        130,
        150,
        "stretched elbows measure 155 to 180 degrees, a waving arm's 30 to 120",
    )


def _above_head(side: Side) -> _Conditions:
    return (
        _arm(side, lambda arm: arm.above_nose, 0.4, 0.75, "the top of the head is 0.4 above the nose"),
        _arm(side, lambda arm: arm.fore_rise, 0.35, 0.65, "hands on the head or behind it lie across it"),
        _arm(side, lambda arm: arm.straight_deg, 75, 100, "elbows of hands on the head are bent to 40 to 70 degrees"),
    )


def _stretched_up(side: Side) -> _Conditions:
    return (
        _straight(side),
        _arm(side, lambda arm: arm.rise, 0.7, 0.88, "up within 30 degrees is sure, beyond 45 it points at something"),
        _arm(
            side,
            lambda arm: arm.reach,
            0.8,
            1.1,
            "a stretched arm is 1.3 to 1.7 long; a shorter one points at the camera",
        ),
    )


def _not_raised(side: Side) -> _Condition:
    return _arm(
        side, lambda arm: arm.height, -0.1, -0.4, "hanging or in the lap; the elbow is 0.6 to 0.8 below the shoulder"
    )


def _sideways(side: Side) -> _Conditions:
    return (
        _straight(side),
        _arm(
            side,
            lambda arm: abs(arm.rise),
            0.42,
            0.28,
            "level within 16 degrees is sure; arms spread for balance wander",
        ),
        _arm(side, lambda arm: arm.outward, 0.95, 1.2, "arms stretched sideways reach 1.3 to 1.7 beyond the shoulder"),
    )


def _folded(side: Side) -> _Conditions:
    return (
        _arm(side, lambda arm: arm.straight_deg, 115, 95, "the elbows of crossed arms are bent to 40 to 90 degrees"),
        _arm(side, lambda arm: arm.upper_rise, -0.55, -0.8, "the upper arms hang"),
        _arm(side, lambda arm: abs(arm.fore_rise), 0.6, 0.4, "the forearms lie level"),
    )


def _at_hip(side: Side) -> _Conditions:
    return (
        _arm(side, lambda arm: arm.from_hip, 0.8, 0.6, "wrists of hands on the hips are 0.3 to 0.5 from the joint"),
        _arm(side, lambda arm: arm.elbow_out, 0.3, 0.45, "the elbow stands out; of a hanging arm it is below 0.25"),
        _arm(
            side,
            lambda arm: arm.elbow_out - arm.outward,
            0.15,
            0.3,
            "further than the wrist: pockets and armrests hold hands outside",
        ),
        _arm(
            side, lambda arm: arm.straight_deg, 130, 115, "bent to 70 to 110 degrees; 140 and more of hands in pockets"
        ),
        _arm(side, lambda arm: arm.fore_rise, 0.1, -0.15, "the forearm goes down to the hip"),
    )


def _pointing(side: Side) -> _Held:
    return _Held(
        frozenset({f"{side}_arm", f"{_OTHER[side]}_elbow"}),
        (
            *FRONTAL,
            _straight(side),
            _arm(side, lambda arm: arm.rise, -0.5, -0.25, "an arm on its way down, or carrying something, is lower"),
            _arm(side, lambda arm: arm.rise, 0.92, 0.78, "straight up it is an arm up"),
            _arm(
                side, lambda arm: arm.reach, 1.0, 1.2, "a stretched arm is 1.3 to 1.7 long; reaching ones are shorter"
            ),
            _not_raised(_OTHER[side]),
        ),
    )


def _lean(side: Side) -> _Held:
    way = 1 if side is Side.LEFT else -1
    return _Held(
        frozenset({"hips"}),
        (
            *FRONTAL,
            Condition(lambda body: way * body.tilt_deg, 12, 18, "people who stand tilt by up to 9 degrees (squats)"),
            Condition(lambda body: way * body.tilt_deg, 65, 50, "further down somebody lies"),
            Condition(
                lambda body: body.trunk, 1.0, 1.25, "bending towards the camera, as in push-ups, tilts by chance"
            ),
            Condition(lambda body: way * body.shoulders_deg, 3, 8, "who leans lowers the shoulder of that side"),
        ),
    )


def _one_arm_up(side: Side) -> _Held:
    needs = frozenset({f"{side}_arm", f"{_OTHER[side]}_elbow"})
    return _Held(needs, (*FACING, *_stretched_up(side), _not_raised(_OTHER[side])))


_ARMS = frozenset({"left_arm", "right_arm"})
_LEFT, _RIGHT = Side.LEFT, Side.RIGHT

_CROSSED: _Conditions = (
    Condition(lambda body: body.crossing, 0.0, 0.12, "each wrist is on the other's side, by 0.2 to 0.6"),
    Condition(
        lambda body: abs(body.left.above_nose - body.right.above_nose), 0.55, 0.35, "one forearm lies upon the other"
    ),
)

POINTING = {side: _pointing(side) for side in Side}
"""By side: an arm that points."""

HELD: dict[str, _Held] = {
    "hands_up": _Held(_ARMS | {"nose"}, (*FACING, *_above_head(_LEFT), *_above_head(_RIGHT))),
    "left_arm_up": _one_arm_up(_LEFT),
    "right_arm_up": _one_arm_up(_RIGHT),
    "t_pose": _Held(_ARMS, (*FACING, *_sideways(_LEFT), *_sideways(_RIGHT))),
    "arms_crossed": _Held(_ARMS, (*FACING, *_CROSSED, *_folded(_LEFT), *_folded(_RIGHT))),
    "hands_on_hips": _Held(_ARMS | {"hips"}, (*FACING, *_at_hip(_LEFT), *_at_hip(_RIGHT))),
    "lean_left": _lean(_LEFT),
    "lean_right": _lean(_RIGHT),
}
"""By name: how each is held; ``point_at`` has an arm of its own."""


def scores(features: BodyFeatures) -> dict[str, float]:
    """Return for every gesture of arms and trunk how far it is shown, 0..1; 0 where a part of it is not seen."""
    scored = {name: held(features) for name, held in HELD.items()}
    scored["point_at"] = max(points(features) for points in POINTING.values())
    return scored


def pointing(features: BodyFeatures) -> tuple[Side, float] | None:
    """Return which arm points and where to, or None where none does.

    The angle is 0 up, 90 to the person's left, -90 to their right, 180 down, in degrees.
    """
    shown = {side: points(features) for side, points in POINTING.items()}
    side = max(shown, key=shown.__getitem__)
    if not shown[side]:
        return None
    return side, (features.left if side is Side.LEFT else features.right).angle_deg
