"""What the updater has said, for the daemon to tell the house."""

from pathlib import Path

from edgeholo.update.versions import HOME, Report, read_report


class Told:
    """Reads the updater's report, and remembers what was told already.

    Args:
        file: of the report.
    """

    def __init__(self, file: Path = HOME / "update.json") -> None:
        self._file = file
        self._last: Report | None = None

    def news(self) -> Report | None:
        """Return a report that was not told yet; an empty one where the updater never spoke."""
        report = read_report(self._file)
        if report == self._last:
            return None
        self._last = report
        return report
