"""One person's face over time: what it shows, and what the head did. Everybody is measured against their own face at rest."""

from edgeholo.interpret.face.features import FaceFeatures
from edgeholo.interpret.face.moves import Blinks, Head, Swings
from edgeholo.interpret.face.neutral import Neutral, Range
from edgeholo.interpret.membership import membership
from edgeholo.interpret.moves import Move

HELD = ("long_blink", "mouth_open", "smile", "eyebrows_up")
"""The signs that are held."""

_NOD_DEG = 8.0
"""Smallest swing of a nod, smoothed: a talker's head beats time by up to 5, a nod that is meant goes 10 to 30."""

_SHAKE_DEG = 10.0
"""Smallest swing of a shake: signers' and talkers' heads sway by up to 8, a shaken head goes 15 to 60."""

_EYE = Range(least=0.18, most=0.5, up_s=1.0, down_s=15.0)
"""Open eyes measure 0.2 to 0.4. Wide eyes are learnt at once, narrow ones slowly: who looks down looks up again."""

_BROW = Range(least=0.15, most=0.34, up_s=10.0, down_s=10.0)
_WIDTH = Range(least=0.46, most=0.58, up_s=10.0, down_s=5.0)
"""Mouths of 6 people at rest measured 0.50 to 0.57: who smiles from the first moment on is not taken for resting."""

_LIFT = Range(least=0.0, most=0.06, up_s=10.0, down_s=5.0)
"""Corners of resting mouths measured 0.02 to 0.05."""

_PITCH = Range(least=-60.0, most=60.0, up_s=5.0, down_s=5.0)
_AT_REST = 0.2
"""A sign shown less than this is none: the rest of its measure is learnt from such frames, and ..."""

_PACE_SHOWN = 0.1
"""... ten times as slowly from the others: a face that always looks so is at rest after all."""

_SHUT_NO, _SHUT_YES = 0.35, 0.22
"""Opening of the wider eye over its usual one, refined mesh: closed 0 to 0.2, looking down 0.35 to 0.45. The plain mesh cannot
tell the two (0.5 to 0.6 both): with it, eyes that are closed for long are not reported."""

_GAPE_NO, _GAPE_YES = 0.28, 0.4
"""Talkers open their mouths by up to 0.25, laughing ones by 0.19."""

_BROAD_NO, _BROAD_YES = 1.18, 1.33
"""Width of the mouth over its width at rest: three broad smiles measured 1.37 to 1.5; talkers and eaters get to 1.26."""

_LIFTED_NO, _LIFTED_YES = 0.03, 0.055
"""How far the corners rise beyond their rest: broad smiles 0.07 to 0.13; those of talkers, who smile with it, get as high."""

_RAISED_NO, _RAISED_YES = 1.07, 1.17
"""Height of the brows over that at rest: raised ones of the footage 1.17, the restlessness of others 1.04."""

_WIDE_NO, _WIDE_YES = 0.88, 0.98
"""Eyes are as open as usual, or more, under raised brows; who looks down stretches the lids, and the brows seem raised."""

_BENT_NO, _BENT_YES = 10.0, 5.0
"""Degrees from the usual pitch: lids and brows follow the head when it bends down."""

_TURNED_NO, _TURNED_YES = 40.0, 25.0
"""Degrees of yaw: beyond, half of the face is guessed."""

_SMALL_PX, _LARGE_ENOUGH_PX = 24, 36
"""Eye distance: mouths at 37 (two to three metres from a 640 pixel camera) still measure steadily."""

_SMALL_EYES_PX, _LARGE_ENOUGH_EYES_PX = 36, 48
"""The same for lids and brows: at 40, eyes are three pixels high and tremble by a tenth."""


class FaceSigns:
    """Follows one person's face.

    In the first second (``neutral.LEARN_S``) of a face, and after a reset, nothing that is measured against its rest is
    said: no smile, no eyebrows, no blink. An open mouth, a nod and a shake need no rest.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything, the face at rest too."""
        self._eyes = (Neutral(_EYE), Neutral(_EYE))
        self._brows, self._width, self._lift, self._pitch = (Neutral(at) for at in (_BROW, _WIDTH, _LIFT, _PITCH))
        self._nods, self._shakes = Swings("nod", _NOD_DEG), Swings("shake", _SHAKE_DEG)
        self._blinks = Blinks()
        self._shown = dict.fromkeys(HELD, 0.0)

    def update(self, t_s: float, features: FaceFeatures) -> tuple[dict[str, float], list[Move]]:
        """Return how far each held sign is shown, 0..1, and the moves that are over.

        Args:
            t_s: seconds, later than the last.
            features: of the face in this frame.
        """
        opening = self._opening(t_s, features)
        bent_deg = abs(self._learnt(t_s, self._pitch, features.pitch_deg, "long_blink") - features.pitch_deg)
        front = membership(abs(features.yaw_deg), _TURNED_NO, _TURNED_YES)
        mouth = min(front, membership(features.size_px, _SMALL_PX, _LARGE_ENOUGH_PX))
        eyes = min(
            membership(features.size_px, _SMALL_EYES_PX, _LARGE_ENOUGH_EYES_PX),
            membership(bent_deg, _BENT_NO, _BENT_YES),
            front,
        )
        self._shown = {
            "long_blink": min(eyes, membership(opening, _SHUT_NO, _SHUT_YES)) if features.refined else 0.0,
            "mouth_open": min(mouth, membership(features.mouth_open, _GAPE_NO, _GAPE_YES)),
            "smile": min(mouth, self._smile(t_s, features)),
            "eyebrows_up": min(eyes, self._raised(t_s, features), membership(opening, _WIDE_NO, _WIDE_YES)),
        }
        return self._shown, self._moves(t_s, features, opening, eyes)

    def _learnt(self, t_s: float, neutral: Neutral, measure: float, sign: str) -> float:
        """Return the measure at rest; while that is being learnt the measure itself, as if it were at rest."""
        pace = 1.0 if self._shown[sign] < _AT_REST else _PACE_SHOWN
        rest = neutral.update(t_s, measure, pace)
        return measure if rest is None else rest

    def _opening(self, t_s: float, features: FaceFeatures) -> float:
        """Return how far the wider eye is open, 1 as far as usual: who winks blinks with one only."""
        eyes = zip(self._eyes, (features.left_eye, features.right_eye), strict=True)
        return max(eye / self._learnt(t_s, rest, eye, "long_blink") for rest, eye in eyes)

    def _smile(self, t_s: float, features: FaceFeatures) -> float:
        width = features.mouth_width / self._learnt(t_s, self._width, features.mouth_width, "smile")
        lift = features.mouth_lift - self._learnt(t_s, self._lift, features.mouth_lift, "smile")
        return min(membership(width, _BROAD_NO, _BROAD_YES), membership(lift, _LIFTED_NO, _LIFTED_YES))

    def _raised(self, t_s: float, features: FaceFeatures) -> float:
        height = features.brows / self._learnt(t_s, self._brows, features.brows, "eyebrows_up")
        return membership(height, _RAISED_NO, _RAISED_YES)

    def _moves(self, t_s: float, features: FaceFeatures, opening: float, eyes: float) -> list[Move]:
        yaw, pitch, roll = features.yaw_deg, features.pitch_deg, features.roll_deg
        found = [
            self._nods.update(Head(t_s, pitch, (yaw, roll))),
            self._shakes.update(Head(t_s, yaw, (pitch, roll))),
            self._blinks.update(t_s, opening, features),
        ]
        return [move for move in found if move is not None and (move.name != "blink" or eyes > 0.5)]
