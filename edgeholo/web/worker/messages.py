"""What the page and its worker say to each other: a line of JSON each; the file and the answer are in memory that both see."""

from typing import Literal

import msgspec

from edgeholo.config import EngineOptions, QualityGate, Smoothing

Type = Literal["image/jpeg", "video/webm", "application/json"]
"""What an answer can be: a still with a skeleton, a clip with one, or the points."""


class Setup(msgspec.Struct, frozen=True):
    """First of all, once.

    Attributes:
        engine: its options; every branch is on, whatever they say.
        smoothing: of clips.
        quality: when a picture is too bad.
        upload: file descriptor of the memory with the file.
        answer: file descriptor of the memory for the answer.
        clip: a path that ends in ``.webm`` and leads to ``answer``: the writer goes by the ending.
    """

    engine: EngineOptions
    smoothing: Smoothing
    quality: QualityGate
    upload: int
    answer: int
    clip: str


class Job(msgspec.Struct, frozen=True):
    """A file has been put into the memory.

    Attributes:
        wanted: what the answer may be, the best first.
    """

    wanted: tuple[Type, ...]


class Ready(msgspec.Struct, frozen=True, tag=True):
    """Files may come.

    Attributes:
        missing: walls that this system does not have.
    """

    missing: tuple[str, ...]


class Done(msgspec.Struct, frozen=True, tag=True):
    """The answer is in the memory.

    Attributes:
        media_type: what it is.
        parts_ms: what took how long.
    """

    media_type: Type
    parts_ms: dict[str, float]


class Refusal(msgspec.Struct, frozen=True, tag=True):
    """There is no answer, for a reason that whoever asks can mend.

    Attributes:
        reason: one word.
        error: one sentence.
    """

    reason: str
    error: str


class Trouble(msgspec.Struct, frozen=True, tag=True):
    """There is no answer, for a reason that is ours.

    Attributes:
        error: one sentence for whoever asks.
        log: what goes into the log; never anything of the file.
    """

    error: str
    log: str = ""


Reply = Ready | Done | Refusal | Trouble
