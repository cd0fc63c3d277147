"""What this machine is."""

import platform

from edgeholo import __version__
from edgeholo.board import Board
from edgeholo.checks.finding import Case, Finding, ok


def system(case: Case) -> Finding:
    """Say what this machine is."""
    board = Board(case.root).model() or platform.machine()
    return ok("system", f"edgeholo {__version__}, Python {platform.python_version()}, {board}")
