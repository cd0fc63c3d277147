"""Is the Wi-Fi strong enough?"""

import re
from collections.abc import Iterator

from edgeholo.checks.finding import Case, Finding, ok, unknown, warning
from edgeholo.checks.programs import said

WEAK_DBM = -75.0
"""Below this a Raspberry Pi's radio falls back to its slowest rates and packets are repeated; -67 is what speech asks for."""


def wifi(case: Case) -> Finding:
    """Read how strong each wireless network is that this machine is in."""
    names = sorted(path.parent.name for path in (case.root / "sys/class/net").glob("*/phy80211"))
    levels = dict(_of_the_kernel(case)) or dict(_of_iw(names))
    if not levels:
        return unknown("wifi", f"{', '.join(names)} does not tell") if names else ok("wifi", "none here")
    name, weakest = min(levels.items(), key=lambda each: each[1])
    text = f"{name} {weakest:.0f} dBm"
    return warning("wifi", "wifi-weak", text) if weakest < WEAK_DBM else ok("wifi", text)


def _of_the_kernel(case: Case) -> Iterator[tuple[str, float]]:
    """Yield name and level of /proc/net/wireless, which newer kernels leave out."""
    try:
        lines = (case.root / "proc/net/wireless").read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return
    for line in lines[2:]:
        if match := re.match(r"\s*(\S+):\s+\S+\s+\S+\s+(-\d+)", line):
            yield match[1], float(match[2])


def _of_iw(names: list[str]) -> Iterator[tuple[str, float]]:
    for name in names:
        answer = said("iw", "dev", name, "link")
        if answer and (match := re.search(r"signal:\s*(-\d+)", answer[1])):
            yield name, float(match[1])
