"""A worker that runs: its process, what is said to it, and what it answers."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Self

import msgspec

import edgeholo
from edgeholo.config import Config
from edgeholo.errors import EdgeholoError
from edgeholo.web.worker.memory import Memory
from edgeholo.web.worker.messages import Ready, Reply, Setup, Trouble

_LOGGER = logging.getLogger(__name__)

START_S = 60.0
"""Loading on a Raspberry Pi Zero 2 W, and making the face's models anew where the daemon never needed them."""
_LATE = "This file takes too long. Send a smaller or shorter one."
_BROKEN = "This file made the worker fail. Send another one."
_SHORT = "There is not enough memory here for this file. Make it smaller and send it again."
_LONGEST_LINE = 1 << 16
_PASSED = ("PATH", "HOME", "LANG", "EDGEHOLO_CACHE", "CACHE_DIRECTORY", "XDG_CACHE_HOME")
"""Of the environment: where the models are. Not where systemd is, and not the broker's password."""


class BrokenError(EdgeholoError):
    """The worker did not answer.

    Args:
        status: HTTP's: 500 it failed, 503 it cannot start, 504 it took too long.
        text: one sentence.
    """

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Running:
    """One life of the worker.

    Args:
        process: that was started.
        memory: that it shares.
    """

    def __init__(self, process: asyncio.subprocess.Process, memory: Memory) -> None:
        self._process, self.memory = process, memory

    @classmethod
    async def start(cls, config: Config) -> Self:
        """Start the process, and wait until it takes files.

        Raises:
            BrokenError: it does not, for instance because a model is missing.
        """
        memory = Memory()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-m", "edgeholo.web.worker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            pass_fds=(memory.upload, memory.answer),
            env=_environment(),
            limit=_LONGEST_LINE,
        )
        running = cls(process, memory)
        try:
            await running._begin(config)
        except BaseException:
            await running.end()
            raise
        return running

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def dead(self) -> bool:
        """Whether it has ended by itself."""
        return self._process.returncode is not None

    async def reply(self, message: msgspec.Struct, patience_s: float) -> Reply:
        """Say something, and return what is answered.

        Raises:
            BrokenError: nothing is.
        """
        said, heard = self._process.stdin, self._process.stdout
        if said is None or heard is None:
            raise BrokenError(500, "The worker hears nothing.")
        try:
            said.write(msgspec.json.encode(message) + b"\n")
            async with asyncio.timeout(patience_s):
                line = await heard.readline()
        except TimeoutError:
            _LOGGER.warning("the upload worker took longer than %.0f s: ended", patience_s)
            raise BrokenError(504, _LATE) from None
        except ConnectionError:
            line = b""
        if not line:
            raise await self._died()
        reply: Reply = msgspec.json.decode(line, type=Reply)
        return reply

    async def end(self) -> None:
        """End the process, and give the memory back."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        try:
            await self._process.communicate()  # the pipes, too
        finally:
            self.memory.close()

    async def _begin(self, config: Config) -> None:
        memory = self.memory
        setup = Setup(config.engine, config.smoothing, config.quality, memory.upload, memory.answer, str(memory.clip))
        reply = await self.reply(setup, START_S)
        if not isinstance(reply, Ready):
            raise BrokenError(503, reply.error if isinstance(reply, Trouble) else "The worker does not start.")
        _LOGGER.info("the upload worker runs%s", f", without {', '.join(reply.missing)}" if reply.missing else "")

    async def _died(self) -> BrokenError:
        code = await self._process.wait()
        if code == -signal.SIGXCPU:
            _LOGGER.warning("the upload worker took too much of the processor: ended")
            return BrokenError(504, _LATE)
        _LOGGER.warning("the upload worker ended by itself (%s)", code)
        return BrokenError(500, _SHORT if code == -signal.SIGKILL else _BROKEN)


def _environment() -> dict[str, str]:
    """Return the worker's environment; a single thread until its walls stand, for they hold for threads that come after."""
    passed = {name: os.environ[name] for name in _PASSED if name in os.environ}
    return {**passed, "PYTHONPATH": str(Path(edgeholo.__file__).parents[1]), "OPENBLAS_NUM_THREADS": "1"}
