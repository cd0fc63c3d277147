"""``/api/analyse``: a still or a short clip in, the same with the skeleton out, or its points. Nothing of it is kept."""

import asyncio
import contextlib
from collections.abc import Coroutine, Mapping
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from edgeholo.config import Config
from edgeholo.landmarks import Landmarks
from edgeholo.web.answers import Problem, read
from edgeholo.web.endpoint import Endpoint, Files
from edgeholo.web.formats.media import Reason
from edgeholo.web.negotiation import ranked
from edgeholo.web.worker.handle import Answer, Worker
from edgeholo.web.worker.messages import Refusal, Type
from edgeholo.web.worker.running import BrokenError

T = TypeVar("T")

LONGEST = 25 * 1024 * 1024
"""Bytes: a telephone's photograph has 3 to 12 MB, ten seconds of its film in Full HD 20."""
_SPARE = 3 * LONGEST
"""Longer files are read to their end and forgotten, so that a browser shows the reason and no broken connection."""
_SLOW_S = 120.0
"""For the upload to arrive: 25 MB at 2 Mbit a second."""
_PLACES = 3
"""Files at once: one is looked at, the others wait or are still on their way."""
_AGAIN_S = 5
_KINDS: tuple[Type, ...] = ("image/jpeg", "video/webm", "application/json")
_STILLS = ("image/jpeg", "image/png", "image/webp", "image/gif")
_CLIPS = ("video/mp4", "video/quicktime", "video/webm", "video/x-matroska")
TAKEN = (*_STILLS, *_CLIPS, "application/octet-stream")
_HOW = 'curl --data-binary @photo.jpg -H "Content-Type: image/jpeg" -o drawn.jpg http://.../api/analyse'
_TYPES: Mapping[str, int] = {"type": 415}
"""Reasons with a status code of their own; the others' is 422: the file was understood, and is not looked at."""


class Refused(msgspec.Struct, frozen=True):
    """Why a file was not looked at.

    Attributes:
        error: what is wrong and how to mend it, one sentence.
        reason: the same in one word.
    """

    error: str
    reason: Reason


class Uploads:
    """Takes files one after the other.

    Args:
        config: the engine's options, and when a picture is too bad, count.

    Attributes:
        worker: that looks at them.
    """

    def __init__(self, config: Config) -> None:
        self.worker = Worker(config)
        self._taken = 0

    async def analyse(self, request: Request) -> Answer | Refusal:
        """Return what became of the file in a request's body.

        Raises:
            Problem: too many at once (503), nothing that can be had is wanted (406), or it does not arrive (400, 408, 413, 415).
            BrokenError: the worker failed.
        """
        try:
            _check_type(request)
            wanted = _wanted(request)
            self._check_room()
        except Problem:
            await _pass_over(request)
            raise
        self._taken += 1
        try:
            content = await _body(request)
            return await _while_there(request, self.worker.ask(content, wanted))
        finally:
            self._taken -= 1

    def _check_room(self) -> None:
        if self._taken >= _PLACES:
            again = {"Retry-After": str(_AGAIN_S)}
            raise Problem(503, f"{_PLACES} uploads are being looked at already: try again in a moment.", again)


async def analyse(request: Request) -> Response:
    """Return a picture or clip with everyone's skeleton on it, or the points of the nearest person as JSON.

    Raises:
        Problem: it is not looked at (406, 413, 415, 422), or could not be (500, 503, 504).
    """
    uploads: Uploads = request.app.state.uploads
    try:
        answer = await uploads.analyse(request)
    except BrokenError as error:
        again = {"Retry-After": str(_AGAIN_S)} if error.status == 503 else None
        raise Problem(error.status, str(error), again) from error
    if isinstance(answer, Refusal):
        raise Problem(_TYPES.get(answer.reason, 422), answer.error, reason=answer.reason)
    timing = ", ".join(f"{name};dur={spent_ms:.1f}" for name, spent_ms in answer.parts_ms.items())
    return Response(answer.content, media_type=answer.media_type, headers={"Server-Timing": timing, "Vary": "Accept"})


async def _while_there(request: Request, work: Coroutine[None, None, T]) -> T:
    """Return what comes of work, which ends when nobody waits for it any more.

    Raises:
        Problem: nobody does (400), or hears this.
    """
    working, leaving = asyncio.create_task(work), asyncio.create_task(_leaving(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return await working
        raise Problem(400, "Nobody waits for the answer.")
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _leaving(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _body(request: Request) -> bytes:
    try:
        return await read(request, LONGEST, _SLOW_S, _SPARE)
    except Problem as problem:
        if problem.status_code != 413:
            raise
        text = f"The file is longer than {LONGEST >> 20} MB, the most that is taken here. Make it smaller and send it again."
        raise Problem(413, text, problem.headers, reason="too_large") from None


async def _pass_over(request: Request) -> None:
    """Let somebody finish sending what nobody looks at, unless they ask before they send."""
    if "expect" not in request.headers:
        with contextlib.suppress(Problem):
            await read(request, 0, _SLOW_S, LONGEST + _SPARE)


def _check_type(request: Request) -> None:
    """Refuse forms, and whatever says that it is no picture; what it really is, its content tells.

    Raises:
        Problem: that (415).
    """
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said.startswith("multipart/"):
        raise Problem(415, f"Send the file itself as the body, not in a form: {_HOW}.", reason="type")
    if said and not said.startswith(("image/", "video/")) and said != "application/octet-stream":
        raise Problem(415, f"Send a picture or a clip, and say so: {_HOW}.", reason="type")


def _wanted(request: Request) -> tuple[Type, ...]:
    """Return what the answer may be, the best first.

    Raises:
        Problem: nothing that can be had (406).
    """
    wanted = ranked(request.headers.getlist("accept"), _KINDS)
    if not wanted:
        raise Problem(406, f"The answer can be {', '.join(_KINDS)}: ask for one of these in Accept.")
    return wanted


ROUTES = [
    Endpoint(
        "/api/analyse",
        analyse,
        methods=["POST"],
        takes=Files(
            TAKEN,
            f"A still or a clip of at most ten seconds, at most {LONGEST >> 20} MB; docs/upload.md has all limits.",
        ),
        gives={"image/jpeg": None, "video/webm": None, "application/json": Landmarks | list[Landmarks]},
        errors={406: None, 413: Refused, 415: Refused, 422: Refused, 500: None, 503: None, 504: None},
    )
]
