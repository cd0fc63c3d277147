"""The command line: one module a command, each turning arguments into calls; the only place that prints."""

from edgeholo.cli.main import main

__all__ = ["main"]
