"""Rules: check what was written, or try it on a recording; nothing is sent."""

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path

from edgeholo.act.location import rules_file
from edgeholo.act.mistakes import RulesError
from edgeholo.act.rules import Rules, read
from edgeholo.act.words import described
from edgeholo.cli import options, rehearsal
from edgeholo.config import Gestures
from edgeholo.interpret.repertoire import repertoire
from edgeholo.perceive.recording import is_recording
from edgeholo.rulebook import names
from edgeholo.settings import Settings
from edgeholo.supervision import set_up_logging


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="check|try")
    check = actions.add_parser("check", help="explain every mistake, with line and column; say what the rules do")
    check.add_argument("rules", nargs="?", type=Path, metavar="FILE", help="rules (default: as configured)")
    options.add_config(check)
    attempt = actions.add_parser("try", help="show what would have been done in a recording, a clip or a still")
    attempt.add_argument("file", metavar="FILE", help="a recording, or any source of `edgeholo events`")
    attempt.add_argument("--rules", type=Path, metavar="FILE", help="rules (default: as configured)")
    attempt.add_argument("--at", type=_moment, metavar="TIME", help="when it begins, 2026-11-23T19:00 (default: now)")
    attempt.add_argument(
        "--topic",
        type=_state,
        action="append",
        default=[],
        metavar="TOPIC=PAYLOAD",
        help="what the house says, for conditions and toggles; as often as needed",
    )
    options.add_config(attempt)
    options.add_engine(attempt)
    attempt.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Check, or try."""
    set_up_logging("warning")
    if args.action == "try" and not is_recording(Path(args.file)):
        args.source = args.file
    settings = options.settings(args)
    file = args.rules or rules_file(settings.config.rules, settings.file, os.environ)
    if args.action == "check":
        return _check(settings, file, asked=args.rules is not None or bool(settings.config.rules.file))
    rules = read(file, names(settings.config))
    rehearsal.rehearse(rules, settings.config, args)
    return 0


def _check(settings: Settings, file: Path, *, asked: bool) -> int:
    if not asked and not file.exists():
        print(f"no rules: {file} does not exist; docs/rules.md shows how to begin")
        return 0
    try:
        rules = read(file, names(settings.config))
    except RulesError as error:
        for mistake in error.mistakes:
            print(f"edgeholo: {file}:{mistake}", file=sys.stderr)
        return error.exit_code
    for rule in rules.rules:
        print("\n".join(described(rule)))
    for note in _notes(rules, settings.config.gestures):
        print(f"note: {note}")
    count = len(rules.rules)
    print(f"{file}: good, {count} rule{'' if count == 1 else 's'}")
    return 0


def _notes(rules: Rules, gestures: Gestures) -> list[str]:
    """Return what is no mistake, but may surprise."""
    recognised = repertoire(gestures).enabled
    asleep = [
        f"{rule.name}: {name} is not recognised in profile {gestures.profile}"
        for rule in rules.rules
        for name in rule.when.gestures
        if name not in recognised and not rule.when.profiles
    ]
    still = [
        f"{rule.name}: {rule.when.value} is not among gestures.values"
        for rule in rules.rules
        if rule.when.value is not None and rule.when.value not in gestures.values
    ]
    return [*asleep, *still]


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write 2026-11-23T19:00") from None


def _state(text: str) -> tuple[str, bytes]:
    topic, equals, payload = text.partition("=")
    if not topic or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is no TOPIC=PAYLOAD")
    return topic, payload.encode()
