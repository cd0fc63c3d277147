"""A clip: looked at frame by frame, then drawn on and written anew."""

import itertools
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import cv2
import msgspec
import numpy as np

from edgeholo import config
from edgeholo.capture.media import VideoSource
from edgeholo.capture.opencv import open_video
from edgeholo.capture.quality import QualityGate
from edgeholo.draw import draw_over
from edgeholo.errors import CameraError
from edgeholo.landmarks import landmarks_of
from edgeholo.types import Frame, People
from edgeholo.web.formats.media import CLIP_FRAMES, Media, Reason, RefusedError, check_clip, check_length, damaged
from edgeholo.web.worker.eyes import Eyes
from edgeholo.web.worker.stills import WORDS, blue_first
from edgeholo.web.worker.stopwatch import Stopwatch

_LONG_SIDE = 640
"""Pixels of a drawn clip: it is for looking at, and writing a frame of Full HD takes longer than finding the people in it."""
_RATES_HZ = (1.0, 60.0)
_USUAL_HZ = 25.0


class Clip:
    """A clip in memory.

    Args:
        media: what it is.
        path: where FFmpeg reads it.

    Attributes:
        seen: who is in each frame, once ``find`` has looked.
    """

    def __init__(self, media: Media, path: str) -> None:
        self._media, self._path = media, path
        self.seen: list[People] = []

        # Only the format that it was checked for, and nothing that it may refer to.
        os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = f"input_format;{media.demuxer}|protocol_whitelist;file"

    def check(self) -> None:
        """Count the frames where FFmpeg guesses that they are too many, before anybody looks for people in them.

        A browser's own recordings are guessed to have a thousand frames a second: the guess alone proves nothing.

        Raises:
            RefusedError: it is too long, or no clip at all.
        """
        video = open_video(self._path, cv2.CAP_FFMPEG)
        if video is None:
            raise damaged(self._media.name, "no frame of it can be decoded")
        if video.get(cv2.CAP_PROP_FRAME_COUNT) > CLIP_FRAMES:
            check_length(0.0, sum(1 for _ in itertools.takewhile(lambda _: video.grab(), range(CLIP_FRAMES + 1))))

    def frames(self) -> Iterator[Frame]:
        """Yield the frames.

        Raises:
            RefusedError: it cannot be decoded, or is larger or longer than it said.
        """
        try:
            with closing(VideoSource(Path(self._path))) as source:
                number = 0
                while (frame := source.read()) is not None:
                    number += 1
                    check_clip(self._media.name, frame.size)
                    check_length(frame.timestamp_ns / 1e9, number)
                    yield frame
        except CameraError:
            raise damaged(self._media.name, "no frame of it can be decoded") from None

    def find(self, eyes: Eyes, options: config.QualityGate, watch: Stopwatch) -> None:
        """Look at every frame.

        Raises:
            RefusedError: nobody is in any of them.
        """
        states: Counter[Reason] = Counter()
        gate = QualityGate(msgspec.structs.replace(options, hold_s=0.0, frozen_s=0.0))
        eyes.begin()
        with watch.part("look"):
            for frame in self.frames():
                self.seen.append(eyes.follow(frame))
                state = gate.check(frame).state
                states["nobody" if state == "ok" else state] += 1
        if not any(people.persons for people in self.seen):
            ((reason, _),) = states.most_common(1)
            raise RefusedError(reason, WORDS[reason].replace("The picture is", "The clip is"))

    def write(self, out: str, watch: Stopwatch) -> None:
        """Write a WebM with everyone's skeleton at ``out``; it has neither sound nor metadata."""
        writer: cv2.VideoWriter | None = None
        with watch.part("draw"):
            for frame, people in zip(self.frames(), self.seen, strict=False):
                size = _fitting(frame.size)
                small = np.asarray(cv2.resize(blue_first(frame), size, interpolation=cv2.INTER_AREA), np.uint8)
                writer = writer or cv2.VideoWriter(out, cv2.VideoWriter.fourcc(*"VP80"), self._rate_hz, size)
                writer.write(draw_over(small, people))
        if writer is not None:
            writer.release()

    def points(self) -> bytes:
        """Return the points of all frames as a JSON list."""
        return msgspec.json.encode([landmarks_of(people) for people in self.seen])

    @property
    def _rate_hz(self) -> float:
        """The mean rate: a written clip has but one."""
        seconds = self.seen[-1].t_s - self.seen[0].t_s
        rate_hz = (len(self.seen) - 1) / seconds if seconds > 0 else _USUAL_HZ
        return min(max(rate_hz, _RATES_HZ[0]), _RATES_HZ[1])


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    """Return a size with even sides, as VP8 has them, that is no larger than needed."""
    factor = min(1.0, _LONG_SIDE / max(size))
    width, height = (max(2, 2 * round(side * factor / 2)) for side in size)
    return width, height
