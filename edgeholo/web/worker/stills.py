"""A still: decoded, looked at, drawn on."""

import cv2
import msgspec
import numpy as np

from edgeholo import config
from edgeholo.capture.quality import QualityGate
from edgeholo.capture.still import decode_still
from edgeholo.capture.upright import Upright
from edgeholo.draw import draw_over
from edgeholo.errors import CameraError
from edgeholo.landmarks import landmarks_of
from edgeholo.pixels import to_rgb
from edgeholo.types import Frame, People, PixelFormat, Pixels
from edgeholo.web.formats.media import Media, RefusedError, damaged
from edgeholo.web.worker.eyes import Eyes
from edgeholo.web.worker.stopwatch import Stopwatch

_JPEG_QUALITY = 90
"""Above it files grow fast, and no eye sees why."""

WORDS = {
    "dark": "The picture is too dark to see anybody: take it with more light.",
    "bright": "The picture is over-exposed: take it with the window or lamp behind you.",
    "blurred": "The picture is out of focus: clean the lens, hold still, and take it again.",
    "covered": "There is nothing in the picture but one colour: the lens was covered, or it was pitch dark.",
    "frozen": "The clip is a picture that stands still: send the picture.",
    "nobody": "Nobody was found in it: the body or at least the head with the shoulders must be in view.",
}


def decode(media: Media) -> Frame:
    """Return the picture, upright.

    Raises:
        RefusedError: it cannot be decoded.
    """
    try:
        return decode_still(media.content, media.name)
    except CameraError:
        raise damaged(media.name, "it cannot be decoded") from None


def find(frame: Frame, eyes: Eyes, options: config.QualityGate, watch: Stopwatch) -> People:
    """Return who is in a picture.

    Raises:
        RefusedError: too dark, blurred and so on, or nobody is.
    """
    with watch.part("shrink"):
        # As large as media is looked at everywhere: beyond Full HD no landmark gets better.
        small = Upright(config.Camera(), live=False).apply(frame)
    verdict = QualityGate(msgspec.structs.replace(options, hold_s=0.0, frozen_s=0.0)).check(small)
    if verdict.state != "ok":
        raise RefusedError(verdict.state, WORDS[verdict.state])
    with watch.part("look"):
        people = eyes.look(small)
    if not people.persons:
        raise RefusedError("nobody", WORDS["nobody"])
    return People(people.persons, people.ran, frame.size, people.timestamp_ns, people.seq)


def drawn(frame: Frame, people: People, watch: Stopwatch) -> bytes:
    """Return a JPEG of the picture with everyone's skeleton, which the frame then has too; it holds no metadata."""
    with watch.part("draw"):
        picture = draw_over(blue_first(frame), people)
    with watch.part("encode"):
        return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1].tobytes()


def points(people: People) -> bytes:
    """Return the points as JSON."""
    return msgspec.json.encode(landmarks_of(people))


def blue_first(frame: Frame) -> Pixels:
    """Return uint8 (h, w, 3) BGR, as OpenCV draws and writes."""
    return frame.pixels if frame.format is PixelFormat.BGR else np.ascontiguousarray(to_rgb(frame)[..., ::-1])
