"""Which landmarks belong together: bones of body and hand, contours of the face.

Numbers are those of MediaPipe's pose (33), hand (21) and face mesh (468 or 478); a test compares them with MediaPipe's own.
"""

import itertools

Chain = tuple[int, ...]
"""Points joined one after the other."""

TORSO: tuple[Chain, ...] = ((11, 12, 24, 23, 11),)
HEAD: tuple[Chain, ...] = ((8, 6, 5, 4, 0, 1, 2, 3, 7), (9, 10))
LEFT_LIMBS: tuple[Chain, ...] = ((11, 13, 15), (23, 25, 27, 29, 31, 27))
RIGHT_LIMBS: tuple[Chain, ...] = ((12, 14, 16), (24, 26, 28, 30, 32, 28))
LEFT_PALM: tuple[Chain, ...] = ((15, 17, 19, 15), (15, 21))
"""All that the pose knows of the hand; needless where the hand itself was found."""
RIGHT_PALM: tuple[Chain, ...] = ((16, 18, 20, 16), (16, 22))

HAND: tuple[Chain, ...] = (
    (0, 1, 2, 3, 4),
    (0, 5, 6, 7, 8),
    (9, 10, 11, 12),
    (13, 14, 15, 16),
    (0, 17, 18, 19, 20),
    (5, 9, 13, 17),
)

FACE_OVAL: Chain = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109, 10,
)  # fmt: skip
FACE: tuple[Chain, ...] = (
    FACE_OVAL,
    (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185, 61),
    (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191, 78),
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246, 33),
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466, 263),
    (46, 53, 52, 65, 55),
    (70, 63, 105, 66, 107),
    (276, 283, 282, 295, 285),
    (300, 293, 334, 296, 336),
    (168, 6, 197, 195, 5, 4, 1, 19, 94, 2),
    (98, 97, 2, 326, 327),
)
IRISES: tuple[Chain, ...] = ((469, 470, 471, 472, 469), (474, 475, 476, 477, 474))
"""Rims, only in faces of 478 points."""


def edges(chains: tuple[Chain, ...]) -> set[tuple[int, int]]:
    """Return the pairs of points that chains join, the smaller number first."""
    return {(min(pair), max(pair)) for chain in chains for pair in itertools.pairwise(chain)}
