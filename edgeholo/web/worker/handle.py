"""The page's side of the worker: started at the first upload, kept warm, given one file at a time, replaced when it fails."""

import asyncio
import logging
from dataclasses import dataclass

from edgeholo.config import Config
from edgeholo.web.worker.messages import Done, Job, Refusal, Trouble, Type
from edgeholo.web.worker.running import BrokenError, Running

_LOGGER = logging.getLogger(__name__)

IDLE_S = 60.0
"""Models and libraries take 180 MB, which a small board has better uses for."""
DEADLINE_S = 180.0
"""For a file: the longest clip takes half a minute on a laptop, and six times as much on a small board."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a file.

    Attributes:
        media_type: of the content.
        content: picture, clip or points.
        parts_ms: what took how long.
    """

    media_type: Type
    content: bytes
    parts_ms: dict[str, float]


class Worker:
    """A process of its own for files that come from outside.

    Args:
        config: its engine's options count.
        idle_s: it ends after so long without work.
        deadline_s: it is ended after so long with one file.
    """

    def __init__(self, config: Config, idle_s: float = IDLE_S, deadline_s: float = DEADLINE_S) -> None:
        self._config, self._idle_s, self._deadline_s = config, idle_s, deadline_s
        self._turn = asyncio.Lock()
        self._running: Running | None = None
        self._rest: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process's number; None while there is none."""
        return self._running.pid if self._running else None

    async def ask(self, upload: bytes, wanted: tuple[Type, ...]) -> Answer | Refusal:
        """Have a file looked at, after those that came before.

        Raises:
            BrokenError: it took too long, or the worker failed; the next file gets a new one.
        """
        async with self._turn:
            if self._rest:
                self._rest.cancel()
            try:
                return await self._ask(upload, wanted)
            except BaseException:
                await self._end()
                raise
            finally:
                self._rest = asyncio.create_task(self._end_when_idle())

    async def close(self) -> None:
        """End the process."""
        if self._rest:
            self._rest.cancel()
        await self._end()

    async def _ask(self, upload: bytes, wanted: tuple[Type, ...]) -> Answer | Refusal:
        if self._running and self._running.dead:
            await self._end()  # it died at rest, which is nobody's file's fault
        running = self._running = self._running or await Running.start(self._config)
        try:
            running.memory.put(upload)
            reply = await running.reply(Job(wanted), self._deadline_s)
            if isinstance(reply, Done):
                return Answer(reply.media_type, running.memory.take(), reply.parts_ms)
        finally:
            running.memory.wipe()
        if isinstance(reply, Refusal):
            return reply
        _LOGGER.warning("an upload could not be looked at: %s", reply.log if isinstance(reply, Trouble) else reply)
        raise BrokenError(500, reply.error if isinstance(reply, Trouble) else "The worker answered something else.")

    async def _end_when_idle(self) -> None:
        await asyncio.sleep(self._idle_s)
        async with self._turn:
            await self._end()

    async def _end(self) -> None:
        running, self._running = self._running, None
        if running:
            await running.end()
