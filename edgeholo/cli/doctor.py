"""What is wrong here, and how to mend it: camera, models, engine, broker, clock, heat, disk, permissions."""

import argparse
import json
from dataclasses import asdict

from edgeholo.cli import options
from edgeholo.cli.checks import CHECKS, Finding, examine
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
    config = options.settings(args).config
    set_up_logging("error")
    findings = []
    for name in CHECKS:
        findings.append(examine(name, config))
        if not args.json:
            print(_line(findings[-1]), flush=True)
    if args.json:
        print(json.dumps({"findings": [asdict(finding) for finding in findings]}))
    return int(any(finding.state == "bad" for finding in findings))


def _line(finding: Finding) -> str:
    mend = f"\n{'':18}-> {finding.mend}" if finding.mend else ""
    return f"{_MARKS[finding.state]} {finding.check:12} {finding.text}{mend}"
