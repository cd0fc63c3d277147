"""What is done with a file, from its first byte to the answer."""

import itertools
import mmap
import os

from edgeholo.types import Frame
from edgeholo.web.formats.identify import identify
from edgeholo.web.formats.media import Media, RefusedError
from edgeholo.web.worker import stills, walls
from edgeholo.web.worker.clips import Clip
from edgeholo.web.worker.eyes import Eyes
from edgeholo.web.worker.memory import write
from edgeholo.web.worker.messages import Done, Job, Setup, Type
from edgeholo.web.worker.stopwatch import Stopwatch

STILL_CPU_S = 30
"""Processor time for a still, on the smallest board: a hundred times what a good one takes."""
CLIP_CPU_S = 600


class Studio:
    """Answers one job after the other.

    Args:
        setup: where file and answer are.

    Raises:
        ModelError: a model is missing.
    """

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._eyes = Eyes(setup.engine, setup.smoothing)

    def work(self, job: Job) -> Done:
        """Look at the file, and put the answer into the memory for it.

        Raises:
            RefusedError: the file is not looked at.
        """
        watch = Stopwatch()
        walls.allow_seconds(STILL_CPU_S)
        with watch.part("check"):
            media = identify(self._upload())
        if not media.demuxer:
            with watch.part("decode"):
                frame = stills.decode(media)
            return self._still(job, frame, watch)
        walls.allow_seconds(CLIP_CPU_S)
        return self._clip(job, media, watch)

    def _still(self, job: Job, frame: Frame, watch: Stopwatch) -> Done:
        kind = _chosen(job, "image/jpeg")
        people = stills.find(frame, self._eyes, self._setup.quality, watch)
        answer = stills.points(people) if kind == "application/json" else stills.drawn(frame, people, watch)
        write(self._setup.answer, answer)
        return Done(kind, watch.parts_ms)

    def _clip(self, job: Job, media: Media, watch: Stopwatch) -> Done:
        clip = Clip(media, f"/proc/self/fd/{self._setup.upload}")
        clip.check()
        start = list(itertools.islice(clip.frames(), 2))
        if len(start) == 1:  # as most GIFs of one frame: a picture
            return self._still(job, start[0], watch)
        kind = _chosen(job, "video/webm")
        clip.find(self._eyes, self._setup.quality, watch)
        if kind == "application/json":
            write(self._setup.answer, clip.points())
        else:
            clip.write(self._setup.clip, watch)
        return Done(kind, watch.parts_ms)

    def _upload(self) -> bytes:
        if not os.fstat(self._setup.upload).st_size:
            return b""
        with mmap.mmap(self._setup.upload, 0, access=mmap.ACCESS_READ) as memory:
            return memory[:]


def _chosen(job: Job, drawing: Type) -> Type:
    """Return the best of what is wanted that can be had.

    Raises:
        RefusedError: nothing is.
    """
    for kind in job.wanted:
        if kind in (drawing, "application/json"):
            return kind
    what = "a clip" if drawing == "video/webm" else "a still"
    raise RefusedError("type", f"This is {what}: ask for {drawing} or application/json in Accept.")
