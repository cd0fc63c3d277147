"""What a file turned out to be, and the limits that hold for all of them."""

from dataclasses import dataclass
from typing import Literal

from edgeholo.errors import EdgeholoError

Size = tuple[int, int]
Reason = Literal[
    "type", "damaged", "hidden", "too_large", "too_long", "dark", "bright", "blurred", "covered", "frozen", "nobody"
]
"""Why a file is not looked at; docs/upload.md has a line for each."""

STILL_PIXELS = 50_000_000
"""A decoded picture of that size takes 150 MB, and drawing on it as much again; telephones photograph with 12 to 50 megapixels."""
STILL_SIDE = 12_000
"""Panoramas are wider, and show nobody larger than a few pixels."""
CLIP_SIDES = (1920, 1088)
"""Long and short side: Full HD, which some encoders round up to whole blocks of 16. Nobody is found better in more."""
CLIP_S = 10.0
CLIP_FRAMES = 300
SLACK_S = 0.5
"""A clip that was cut to ten seconds ends with a whole group of pictures, and its sound outlasts it."""


class RefusedError(EdgeholoError):
    """A file is not looked at.

    Args:
        reason: one word for programs.
        text: what is wrong and how to mend it, one sentence for people.
    """

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True, eq=False)
class Media:
    """A file that is one thing, whole, and within the limits as far as its headers tell.

    Attributes:
        name: of the format, as people call it.
        content: what the decoder is to get: all that it needs, and no more.
        demuxer: FFmpeg's name of the container; empty for a still.
    """

    name: str
    content: bytes
    demuxer: str = ""


def damaged(name: str, what: str) -> RefusedError:
    """Return that a file is broken."""
    return RefusedError("damaged", f"This {name} file is damaged or cut short ({what}). Send the original once more.")


def hidden(name: str, what: str) -> RefusedError:
    """Return that a file is more than one."""
    return RefusedError(
        "hidden", f"This {name} file holds {what}. Send a plain picture or clip: open it, and save or export it anew."
    )


def check_still(name: str, size: Size) -> None:
    """Refuse a picture that is empty or too large.

    Raises:
        RefusedError: with its size.
    """
    width, height = size
    if width <= 0 or height <= 0:
        raise damaged(name, f"it says it is {width} x {height} pixels")
    if width * height > STILL_PIXELS or max(size) > STILL_SIDE:
        raise RefusedError(
            "too_large",
            f"The picture has {width} x {height} pixels; at most {STILL_PIXELS // 1_000_000} megapixels and "
            f"{STILL_SIDE} pixels a side are taken. Make it smaller and send it again.",
        )


def check_clip(name: str, size: Size) -> None:
    """Refuse a clip whose frames are empty or too large.

    Raises:
        RefusedError: with its size.
    """
    if min(size) <= 0:
        raise damaged(name, f"it says it is {size[0]} x {size[1]} pixels")
    if max(size) > CLIP_SIDES[0] or min(size) > CLIP_SIDES[1]:
        raise RefusedError(
            "too_large",
            f"The clip has {size[0]} x {size[1]} pixels; at most 1920 x 1080, lying or standing, "
            "are taken. Make it smaller and send it again.",
        )


def check_length(seconds: float, frames: int) -> None:
    """Refuse a clip that is too long.

    Raises:
        RefusedError: with its length.
    """
    if seconds > CLIP_S + SLACK_S:
        raise _too_long(f"lasts {seconds:.0f} seconds")
    if frames > CLIP_FRAMES:
        raise _too_long(f"has {frames} frames")


def _too_long(what: str) -> RefusedError:
    most = f"at most {CLIP_S:.0f} seconds and {CLIP_FRAMES} frames are taken"
    return RefusedError("too_long", f"The clip {what}; {most}. Cut it and send a part.")
