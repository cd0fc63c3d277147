"""What is wrong here, and how to mend it: camera, models, engine, broker, clock, heat, disk, permissions, rules."""

import argparse
import json
import os
from dataclasses import asdict
from functools import partial

from edgeholo.act.location import rules_file
from edgeholo.cli import options
from edgeholo.cli.checks import CHECKS, Finding, examine
from edgeholo.errors import EdgeholoError
from edgeholo.rulebook import Rulebook
from edgeholo.settings import Settings
from edgeholo.supervision import set_up_logging

_MARKS = {"ok": "ok  ", "warning": "warn", "bad": "BAD ", "unknown": "-   "}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    options.add_config(parser)
    parser.add_argument("--source", metavar="SRC", help="look at this one instead of the configured camera")
    parser.add_argument("--broker", metavar="URL", help="instead of the configured broker")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Make every check; return 1 if one is bad."""
    settings = options.settings(args)
    set_up_logging("error")
    findings = []
    for check in (*(partial(examine, name, settings.config) for name in CHECKS), partial(_rules, settings)):
        findings.append(check())
        if not args.json:
            print(_line(findings[-1]), flush=True)
    if args.json:
        print(json.dumps({"findings": [asdict(finding) for finding in findings]}))
    return int(any(finding.state == "bad" for finding in findings))


def _rules(settings: Settings) -> Finding:
    """Read the rules, as the daemon would."""
    book = Rulebook(lambda config: rules_file(config.rules, settings.file, os.environ))
    file = book.file(settings.config)
    try:
        count = len(book.load(settings.config).rules)
    except EdgeholoError as error:
        return Finding("rules", "bad", str(error), "edgeholo rules check names every mistake")
    return Finding("rules", "ok", f"{count} in {file}" if count else f"none in {file}")


def _line(finding: Finding) -> str:
    mend = f"\n{'':18}-> {finding.mend}" if finding.mend else ""
    return f"{_MARKS[finding.state]} {finding.check:12} {finding.text}{mend}"
