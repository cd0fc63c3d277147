"""Every file that edgeholo needs and does not ship: what it is, where it comes from, and how it is recognised.

The models are MediaPipe's own. The packages named here are asked of ``pip`` and ``npm``; the URLs serve those who have neither.
"""

from dataclasses import dataclass
from typing import Literal

_APACHE = "Apache-2.0"
_ASSETS = "https://storage.googleapis.com/mediapipe-assets/"
"""Google's own store; the paths below are those whose digest third_party/external_files.bzl of MediaPipe gives."""
_CDN = "https://cdn.jsdelivr.net/npm/"


@dataclass(frozen=True, slots=True)
class Package:
    """A package that holds assets.

    Attributes:
        client: the program that downloads it.
        name: of the package.
        version: exact.
        megabytes: size of the download, for the progress message.
    """

    client: Literal["pip", "npm"]
    name: str
    version: str
    megabytes: int


@dataclass(frozen=True, slots=True)
class Asset:
    """One file.

    Attributes:
        name: file name in the cache.
        sha256: hexadecimal digest of its content.
        size: bytes.
        licence: SPDX identifier.
        purpose: what it is for, in words.
        package: the package that holds it.
        member: its path inside the package.
        url: where else it is, by https.
    """

    name: str
    sha256: str
    size: int
    licence: str
    purpose: str
    package: Package
    member: str
    url: str


_VISION = "tasks/testdata/vision/"
_WHEEL = Package("pip", "mediapipe", "0.10.21", 36)
_HOLISTIC = Package("npm", "@mediapipe/holistic", "0.5.1675471629", 53)
_FINGERPOSE = Package("npm", "fingerpose", "0.1.0", 2)


def _module(folder: str, name: str, sha256: str, size: int, purpose: str, store: str) -> Asset:
    return Asset(
        name, sha256, size, _APACHE, purpose, _WHEEL, f"mediapipe/modules/{folder}/{name}", _ASSETS + store + name
    )


def _holistic(name: str, sha256: str, size: int, purpose: str) -> Asset:
    return Asset(
        name, sha256, size, _APACHE, purpose, _HOLISTIC, f"package/{name}", f"{_ASSETS}modules/pose_landmark/{name}"
    )


_ALL = (
    _module(
        "pose_detection",
        "pose_detection.tflite",
        "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
        2959046,
        "finds a body",
        _VISION,
    ),
    _holistic(
        "pose_landmark_lite.tflite",
        "f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
        2819824,
        "33 body points, complexity 0",
    ),
    _module(
        "pose_landmark",
        "pose_landmark_full.tflite",
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        6440512,
        "33 body points, complexity 1",
        "modules/pose_landmark/",
    ),
    _holistic(
        "pose_landmark_heavy.tflite",
        "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
        27709200,
        "33 body points, complexity 2",
    ),
    _module(
        "holistic_landmark",
        "hand_recrop.tflite",
        "67d996ce96f9d36fe17d2693022c6da93168026ab2f028f9e2365398d8ac7d5d",
        123792,
        "the hand's crop from the pose",
        "modules/holistic_landmark/",
    ),
    _module(
        "hand_landmark",
        "hand_landmark_full.tflite",
        "11c272b891e1a99ab034208e23937a8008388cf11ed2a9d776ed3d01d0ba00e3",
        5478917,
        "21 hand points",
        _VISION,
    ),
    _module(
        "palm_detection",
        "palm_detection_full.tflite",
        "1b14e9422c6ad006cde6581a46c8b90dd573c07ab7f3934b5589e7cea3f89a54",
        2339846,
        "finds a hand without a body",
        _VISION,
    ),
    _module(
        "face_detection",
        "face_detection_short_range.tflite",
        "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
        229714,
        "finds a face",
        _VISION,
    ),
    _module(
        "face_landmark",
        "face_landmark.tflite",
        "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
        1242398,
        "468 face points",
        _VISION,
    ),
    _module(
        "face_landmark",
        "face_landmark_with_attention.tflite",
        "e06a804e0144f9929eda782122916b35d60c697c3c9344013ca2bbe76a6ce2b4",
        2495106,
        "478 face points with irises",
        _VISION,
    ),
    _module(
        "iris_landmark",
        "iris_landmark.tflite",
        "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f",
        2640568,
        "eye contours and irises",
        "modules/iris_landmark/",
    ),
    Asset(
        "fingers-lq.gif",
        "1452516bb43bf19702f93ca796bba635d708fdc57607597b1e207e9d3e039bbe",
        1834300,
        "MIT",
        "the demo clip: victory, thumb up, victory, thumb up",
        _FINGERPOSE,
        "package/assets/fingers-lq.gif",
        _CDN + "fingerpose@0.1.0/assets/fingers-lq.gif",
    ),
)

ASSETS: dict[str, Asset] = {asset.name: asset for asset in _ALL}
DEMO_CLIP = "fingers-lq.gif"
POSE_MODELS = ("pose_landmark_lite.tflite", "pose_landmark_full.tflite", "pose_landmark_heavy.tflite")
"""Pose landmark model by complexity."""
