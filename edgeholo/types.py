"""The vocabulary that flows through edgeholo: frozen values, checked for shape when they are made.

Conventions: ``points`` are float32 (n, 3): x and y as fractions of the picture's width and height (x right,
y down), z in the same unit as x, smaller is nearer. ``world`` is float32 (n, 3) in metres. Left and right are the person's
own. Time is ``timestamp_ns``, CLOCK_MONOTONIC of the exposure for a camera and media time for a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]

POSE_POINTS = 33
HAND_POINTS = 21
FACE_POINTS = 468
FACE_POINTS_WITH_IRISES = 478


class PixelFormat(StrEnum):
    """How the bytes of a frame are laid out; the value is also the name in messages."""

    RGB = "rgb"
    BGR = "bgr"
    GRAY = "gray"
    NV12 = "nv12"
    YUV420 = "yuv420"


class Branch(StrEnum):
    """A part of Holistic that can be masked; the value is also the name of the part in a ``Person``."""

    POSE = "pose"
    LEFT_HAND = "left_hand"
    RIGHT_HAND = "right_hand"
    FACE = "face"


HANDS = frozenset({Branch.LEFT_HAND, Branch.RIGHT_HAND})


class Mode(StrEnum):
    """When a branch runs."""

    OFF = "off"
    """Never."""
    ON = "on"
    """In every frame."""
    AUTO = "auto"
    """When the engine decides that a look is worth its cost."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How hard an engine may work: as it likes, or less while the board is hot.

    Attributes:
        side_by_side: whether several cores may be used at once.
        face: whether the face may be looked at.
        frames_hz: frames a second that it is given at most, None for all.
    """

    side_by_side: bool = True
    face: bool = True
    frames_hz: float | None = None


class Side(StrEnum):
    """The person's own side."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def branch(self) -> Branch:
        """The branch that looks for the hand of this side."""
        return Branch.LEFT_HAND if self is Side.LEFT else Branch.RIGHT_HAND


class Phase(StrEnum):
    """Where in its life a gesture is. ``once`` is for movements, which have no duration to hold."""

    START = "start"
    HOLD = "hold"
    REPEAT = "repeat"
    """Still held: again and again, where asked for."""
    END = "end"
    ONCE = "once"


QualityState = Literal["ok", "dark", "bright", "blurred", "covered", "frozen"]


def _check_shape(name: str, array: npt.NDArray[np.generic], *expected: tuple[int, ...]) -> None:
    if array.shape not in expected:
        wanted = " or ".join(str(shape) for shape in expected)
        raise ValueError(f"{name}: expected shape {wanted}, got {array.shape}")


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture as the camera gave it.

    Attributes:
        pixels: uint8; (h, w, 3) for RGB and BGR, (h, w) for GRAY, (h * 3 // 2, w) for NV12 and YUV420 (I420).
        format: layout of ``pixels``.
        timestamp_ns: nanoseconds; exposure time (CLOCK_MONOTONIC) of a camera, media time of a file.
        seq: number of the frame since the source was opened, counting dropped ones.
    """

    pixels: Pixels
    format: PixelFormat
    timestamp_ns: int
    seq: int

    def __post_init__(self) -> None:
        """Reject arrays that are no picture."""
        planar = self.format in (PixelFormat.NV12, PixelFormat.YUV420)
        dimensions = 3 if self.format in (PixelFormat.RGB, PixelFormat.BGR) else 2
        if self.pixels.dtype != np.uint8:
            raise ValueError(f"frame: expected uint8 pixels, got {self.pixels.dtype}")
        if self.pixels.ndim != dimensions or (dimensions == 3 and self.pixels.shape[2] != 3):
            raise ValueError(f"frame: shape {self.pixels.shape} does not fit format {self.format}")
        if 0 in self.pixels.shape or (planar and self.pixels.shape[0] % 3):
            raise ValueError(f"frame: shape {self.pixels.shape} is no {self.format} picture")

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width = self.pixels.shape[:2]
        if self.format in (PixelFormat.NV12, PixelFormat.YUV420):
            height = height * 2 // 3
        return width, height


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """A body.

    Attributes:
        points: float32 (33, 3), BlazePose order.
        visibility: float32 (33,), 0..1, the chance that the point is in the picture and not hidden.
        world: float32 (33, 3), metres from the middle of the hips, or None where the source has none.
    """

    points: Floats
    visibility: Floats
    world: Floats | None = None

    def __post_init__(self) -> None:
        """Check shapes."""
        _check_shape("pose points", self.points, (POSE_POINTS, 3))
        _check_shape("pose visibility", self.visibility, (POSE_POINTS,))
        if self.world is not None:
            _check_shape("pose world", self.world, (POSE_POINTS, 3))


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """A hand.

    Attributes:
        points: float32 (21, 3), wrist, then thumb to little finger from the palm outwards.
        world: float32 (21, 3), metres from the middle of the hand, or None where the source has none.
    """

    points: Floats
    world: Floats | None = None

    def __post_init__(self) -> None:
        """Check shapes."""
        _check_shape("hand points", self.points, (HAND_POINTS, 3))
        if self.world is not None:
            _check_shape("hand world", self.world, (HAND_POINTS, 3))


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A face: float32 (468, 3) in face-mesh order, (478, 3) with the irises at the end."""

    points: Floats

    def __post_init__(self) -> None:
        """Check shapes."""
        _check_shape("face points", self.points, (FACE_POINTS, 3), (FACE_POINTS_WITH_IRISES, 3))


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """One person; a part is None when it was not found or, see ``People.ran``, not looked for."""

    id: int
    pose: Pose | None = None
    left_hand: Hand | None = None
    right_hand: Hand | None = None
    face: Face | None = None

    def hand(self, side: Side) -> Hand | None:
        """Return the hand of that side, or None."""
        return self.left_hand if side is Side.LEFT else self.right_hand


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """What one frame showed.

    Attributes:
        persons: those who were found, nobody being ``()``.
        ran: the branches that looked; a part outside is not absent but unknown.
        size: (width, height) of the picture in pixels, for angles and distances.
        timestamp_ns: of the frame.
        seq: of the frame.
    """

    persons: tuple[Person, ...]
    ran: frozenset[Branch]
    size: tuple[int, int]
    timestamp_ns: int
    seq: int

    @property
    def t_s(self) -> float:
        """The frame's time in seconds."""
        return self.timestamp_ns / 1e9


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the quality gate thinks of a frame.

    Attributes:
        state: the settled state, after hysteresis.
        hint: what to do about it, in words; empty when ok.
        usable: whether inference is worth its cost on this frame.
        changed: whether ``state`` differs from that of the frame before.
    """

    state: QualityState
    hint: str
    usable: bool
    changed: bool


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """One frame after the gate and the engine: all that interpretation ever gets to know, and all a recording holds.

    Attributes:
        timestamp_ns: of the frame.
        seq: of the frame.
        size: (width, height) of the picture in pixels.
        verdict: of the quality gate.
        people: what the engine saw, unsmoothed; None where it did not look (bad picture, empty room).
        cost_ms: milliseconds of processor time that the engine took, by branch, as far as it can tell.
    """

    timestamp_ns: int
    seq: int
    size: tuple[int, int]
    verdict: Verdict
    people: People | None
    cost_ms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CameraState:
    """How the camera is.

    Attributes:
        state: ``opening``, ``running``, ``lost`` (being reopened), ``closed`` (for privacy) or ``ended`` (media at its end).
        source: which one, as it can be written into the configuration.
        detail: in words, empty when it runs.
    """

    state: Literal["opening", "running", "lost", "closed", "ended"]
    source: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Gesture:
    """Something a person meant.

    Attributes:
        name: snake_case, the same in code, configuration, topics and Home Assistant.
        phase: start, hold, end or once.
        hand: which of the person's hands, None for the body.
        confidence: 0..1.
        duration_s: seconds since the start.
        person: id of the person.
        timestamp_ns: of the frame that decided.
        count: fingers held up, of a hand that shows them; None where nobody could count them.
        angle_deg: where an arm points, for ``point_at``: 0 up, 90 to the person's left, -90 to their right, 180 down.
    """

    name: str
    phase: Phase
    hand: Side | None
    confidence: float
    duration_s: float
    person: int
    timestamp_ns: int
    count: int | None = None
    angle_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Armed:
    """The wake gesture was shown, or its time is over: from now on gestures count, or do not."""

    armed: bool
    timestamp_ns: int


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody came or went; ``since_ns`` is when that state began, ``timestamp_ns`` when it was sure."""

    present: bool
    count: int
    since_ns: int
    timestamp_ns: int


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of the picture changed."""

    state: QualityState
    hint: str
    timestamp_ns: int


@dataclass(frozen=True, slots=True)
class Value:
    """A continuous control.

    Attributes:
        name: of the control.
        value: 0..1.
        phase: ``begin`` when somebody takes it, ``change``, ``end`` with the last value when they let go.
        hand: which of the person's hands, None for both together.
        person: id of the person.
        timestamp_ns: of the frame.
    """

    name: str
    value: float
    phase: Literal["begin", "change", "end"]
    hand: Side | None
    person: int
    timestamp_ns: int


Observation = Armed | Gesture | Presence | Quality | Value


class MessageKind(StrEnum):
    """How a message survives a broker that is away."""

    EVENT = "event"
    """Queued in order until it expires."""
    STATE = "state"
    """Only the newest of a topic counts; sent again on reconnect."""
    STREAM = "stream"
    """Worth something only now; dropped."""


@dataclass(frozen=True, slots=True)
class Message:
    """One MQTT message to be.

    Attributes:
        topic: in full.
        payload: bytes as they go out.
        kind: what becomes of it while the broker is away.
        qos: 0, 1 or 2.
        retain: never for events.
        content_type: MIME type, an MQTT 5 property.
        key: of a stream, what a newer message must share to replace one that still waits; the topic by default.
        correlation: of an answer, what the question brought along; of a question, what the answer is to bring; an MQTT 5 property.
        answer_to: of a question, the topic on which its answer is wanted; an MQTT 5 property.
    """

    topic: str
    payload: bytes
    kind: MessageKind
    qos: int
    retain: bool
    content_type: str = "application/json"
    key: str = ""
    correlation: bytes = b""
    answer_to: str = ""
