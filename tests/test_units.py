"""All systemd units, judged by systemd itself."""

import subprocess
import sys
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[1] / "systemd"

EXPOSURE = {
    "edgeholo": 2.0,
    "edgeholo-web": 2.0,
    # It reads what a process wrote that may be taken over: no network, no devices, one folder to write to.
    "edgeholo-settings": 1.5,
    # It writes programs as root and asks the internet: 5.0 is systemd's `medium`.
    "edgeholo-update": 5.0,
}
"""Upper bounds on systemd's scale from 0 (sealed) to 10 (a root shell on the internet)."""


def _analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


def test_every_service_has_its_bound() -> None:
    """One that is new is thought about."""
    assert {unit.stem for unit in UNITS.glob("*.service")} == EXPOSURE.keys()


@pytest.mark.parametrize("name", EXPOSURE)
def test_systemd_accepts_a_service_and_what_watches_for_its_work(name: str, tmp_path: Path) -> None:
    """No unknown option, no bad value; the program is one that exists on this machine."""
    copies = []
    for unit in UNITS.glob(f"{name}.*"):
        text = unit.read_text()
        for version in ("current", "trusted"):
            text = text.replace(f"/opt/edgeholo/{version}/venv/bin/edgeholo", sys.executable)
        copies.append(tmp_path / unit.name)
        copies[-1].write_text(text)
    result = _analyze("verify", "--man=no", *copies)
    assert [line for line in result.stderr.splitlines() if name in line or str(tmp_path) in line] == []
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(("name", "bound"), EXPOSURE.items())
def test_systemd_finds_a_service_little_exposed(name: str, bound: float) -> None:
    """At most its bound."""
    threshold = f"--threshold={bound * 10:.0f}"
    result = _analyze("security", "--offline=true", threshold, "--no-pager", UNITS / f"{name}.service")
    assert result.returncode == 0, result.stdout
