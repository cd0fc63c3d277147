"""The entry point: finds the command, runs it, turns errors into one line and an exit code."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn, Protocol, cast

from edgeholo import __version__
from edgeholo.errors import EdgeholoError
from edgeholo.nearest import did_you_mean

USAGE = 2
_FAILED = 1

COMMANDS = {
    "run": "the daemon: camera in, MQTT out",
    "events": "the same line, offline: one line an event",
    "landmarks": "one JSON object a frame",
    "bench": "what an engine costs a frame",
    "annotate": "draw the skeleton on a still or a video",
    "record": "write a landmark stream, without a pixel",
    "plot": "draw what a recording tells, as PNG and SVG",
    "replay": "play a landmark stream: the same events as live",
    "watch": "what a subscriber sees, live",
    "web": "the page, in a browser",
    "gesture": "teach a gesture by showing it, list, forget",
    "rules": "check the rules, or try them on a recording",
    "models": "fetch, verify, list the model files",
    "config": "check or show the configuration",
    "update": "go to another version, and back by itself where it does not work",
    "provision": "write a flashed memory card: a unit in one boot",
    "doctor": "what is wrong here, and how to mend it",
}
"""Name and purpose; the module of that name in this package has ``arguments`` and ``run``."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as all errors are."""

    def error(self, message: str) -> NoReturn:
        """Print the line and exit."""
        self.exit(USAGE, f"{self.prog}: {message}; see {self.prog} --help\n")


class Command(Protocol):
    """What a module of this package offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it and return the exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return 0 done, 2 usage, 78 configuration or model, 1 anything else."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _dispatch(arguments)
        if sys.stdout is not None:  # a daemon may have none
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader went away: `| head`.
        _let_go_of_stdout()
        return 0
    except OSError as error:
        _let_go_of_stdout()
        print(f"edgeholo: {error.filename or 'standard output'}: {error.strerror or error}", file=sys.stderr)
        return _FAILED
    return code


def _dispatch(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_help())
        return 0 if arguments else USAGE
    if arguments[0] in ("-V", "--version"):
        print(f"edgeholo {__version__}")
        return 0
    if arguments[0] not in COMMANDS:
        print(f"edgeholo: {_unknown(arguments[0])}", file=sys.stderr)
        return USAGE
    return _run_command(arguments[0], arguments[1:])


def _run_command(name: str, arguments: Sequence[str]) -> int:
    try:
        command = cast(Command, importlib.import_module(f"edgeholo.cli.{name}"))
        parser = _Parser(prog=f"edgeholo {name}", description=command.__doc__)
        command.arguments(parser)
        return command.run(parser.parse_args(arguments))
    except EdgeholoError as error:
        print(f"edgeholo: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return _FAILED


def _let_go_of_stdout() -> None:
    """Keep the interpreter from complaining at exit of what it could not write."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {purpose}" for name, purpose in COMMANDS.items()]
    return "\n".join(["usage: edgeholo COMMAND ...", "", *lines, "", "edgeholo COMMAND --help tells more."])


def _unknown(name: str) -> str:
    return f"no command {name}; {did_you_mean(name, COMMANDS) or 'see edgeholo --help'}"
