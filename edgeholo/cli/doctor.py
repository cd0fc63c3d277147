"""What is wrong here, and how to mend it: camera, engine, broker, Home Assistant, clock, board, disk, Wi-Fi, rules, service, page."""

import argparse
import json
from dataclasses import asdict

from edgeholo.checks.finding import Case, Finding
from edgeholo.checks.table import CHECKS, examine
from edgeholo.cli import options
from edgeholo.supervision import set_up_logging

_MARKS = {"ok": "ok  ", "warning": "warn", "bad": "BAD ", "unknown": "-   "}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    options.add_config(parser)
    parser.add_argument("--source", metavar="SRC", help="look at this one instead of the configured camera")
    parser.add_argument("--broker", metavar="URL", help="instead of the configured broker")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Make every check; return 1 unless all is good. What cannot be told here is no fault."""
    settings = options.settings(args)
    set_up_logging("critical")
    case = Case(settings.config, settings.file)
    findings = []
    for name in CHECKS:
        findings.append(examine(name, case))
        if not args.json:
            print(_line(findings[-1]), flush=True)
    good = all(finding.state in ("ok", "unknown") for finding in findings)
    if args.json:
        print(json.dumps({"ok": good, "findings": [asdict(finding) for finding in findings]}))
    return int(not good)


def _line(finding: Finding) -> str:
    mend = f"\n{'':18}-> {finding.mend}" if finding.mend else ""
    return f"{_MARKS[finding.state]} {finding.check:12} {finding.text}{mend}"
