"""Go to another version: put beside this one, watched for a minute, and taken back where frames or the broker stay away."""

import argparse
import contextlib
import fcntl
import logging
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from edgeholo.cli import options
from edgeholo.errors import EdgeholoError
from edgeholo.supervision import set_up_logging
from edgeholo.update import request
from edgeholo.update.releases import is_version
from edgeholo.update.service import Systemd
from edgeholo.update.trial import Time
from edgeholo.update.updater import Updater, install_script
from edgeholo.update.versions import HOME, Versions, number

_LOGGER = logging.getLogger(__name__)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    options.add_config(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "what",
        nargs="?",
        default="",
        metavar="VERSION|FILE",
        help="a version of update.source, or a release's file with FILE.sha256 beside it; the newest by default",
    )
    what.add_argument("--check", action="store_true", help="print which version is here and which is newest")
    what.add_argument("--pending", action="store_true", help="what edgeholo-update.service does: what waits to be done")


def run(args: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    versions = Versions()
    current = versions.current
    set_up_logging("info")
    updater = Updater(
        versions,
        Systemd(),
        Time(time.monotonic, time.sleep),
        install_script,
        lambda: options.settings(args).config.update.source,
    )
    if os.geteuid():
        raise EdgeholoError("an update needs root: sudo edgeholo update")
    with _alone(), _interruptible():
        if args.check:
            print(f"installed {number(current)}, newest {updater.check()}")
        elif args.pending:
            _pending(updater)
        else:
            updater.finish()
            print(f"edgeholo {_go(updater, args.what)} runs")
    return 0


def _go(updater: Updater, what: str) -> str:
    if what in ("", request.NEWEST) or is_version(what):
        return updater.to_release("" if what == request.NEWEST else what)
    file = Path(what).absolute()
    if not file.is_file():
        raise EdgeholoError(f"{what} is neither a version, as in 0.2.0, nor a file that is there")
    return updater.to_file(file)


def _pending(updater: Updater) -> None:
    """End a trial, then look at the request; what fails is said in the log and on MQTT, and is no failure of the unit."""
    try:
        updater.finish()
        wanted = request.take()
        if wanted == request.CHECK:
            updater.check()
        elif wanted:
            _go(updater, wanted)
    except EdgeholoError as error:
        _LOGGER.error("%s", error)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other update is at work."""
    try:
        lock = (HOME / ".lock").open("w")
    except OSError as error:
        raise EdgeholoError(f"{HOME}: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _LOGGER.info("install.sh or another update is at work; waiting until it is done")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let a closed window and a stop of the unit be what Ctrl-C is: a trial that is broken off ends with the old version."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, interrupt)
    yield
