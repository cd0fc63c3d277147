"""A Debian with a real systemd in a container: made once, copied for each test, told what to do by a script."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = (
    "edgeholo",
    "provisioning",
    "systemd",
    "pyproject.toml",
    "requirements.lock",
    "README.md",
    "LICENSE",
    "NOTICE",
)
INCLUDED = "ca-certificates,systemd-sysv,dbus,iproute2,mosquitto,mosquitto-clients,python3"
"""What a Debian has that somebody set up with a broker on it; nothing of what install.sh is to bring."""
CONFIGURATION = '[device]\nid = "hall"\n[camera]\nsource = "pattern:"\n[broker]\nurl = "mqtt://127.0.0.1:1883"\n'
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_UNIT = """[Unit]
After=mosquitto.service
[Service]
ExecStart=/bin/bash /root/scenario.sh
ExecStopPost=systemctl poweroff --no-block
"""
_RIGHTS = (
    "--capability=CAP_BPF,CAP_PERFMON",
    "--system-call-filter=bpf landlock_create_ruleset landlock_add_rule landlock_restrict_self",
)
"""What systemd needs in a container to put IPAddressDeny to work; without both it says nothing and lets everything through. Landlock
is what every process has on a real machine; nspawn of Debian 12 does not know it.
"""


def made(suite: str = "trixie") -> Path:
    """Return a root file system: that of ``ROOTS=``, or one of our own in .cache/roots, built in half a minute."""
    if given := os.environ.get("ROOTS"):
        return Path(given) / suite
    folder = ROOT / ".cache" / "roots" / suite
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={INCLUDED}", suite, folder],
            check=True,
            timeout=1800,
        )
        # Where a proxy signs what the network brings, its certificate is among the machine's own.
        shutil.copy(_CERTIFICATES, folder / str(_CERTIFICATES).lstrip("/"))
        (folder / "complete").touch()
    return folder


class Container:
    """A copy of a root.

    Args:
        base: what it begins as.
        folder: where it lies.

    Attributes:
        root: its file system.
    """

    def __init__(self, base: Path, folder: Path) -> None:
        self.root = folder
        folder.mkdir(parents=True)
        with subprocess.Popen(["tar", "--one-file-system", "-C", base, "-c", "."], stdout=subprocess.PIPE) as packing:
            subprocess.run(["tar", "-C", folder, "-x"], stdin=packing.stdout, check=True)
        wants = folder / "etc/systemd/system/multi-user.target.wants"
        wants.mkdir(parents=True, exist_ok=True)
        (wants.parent / "scenario.service").write_text(_UNIT)
        if not (wants / "scenario.service").is_symlink():
            (wants / "scenario.service").symlink_to("../scenario.service")

    def give(self, source: Path, place: str) -> None:
        """Copy files or a folder into it."""
        target = self.root / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)

    def give_project(
        self, place: str = "root/edgeholo", version: str = "", spoilt: tuple[str, str, str] | None = None
    ) -> None:
        """Copy this project into it, under another version or with a line changed: file, old text, new text."""
        for name in PROJECT:
            self.give(ROOT / name, f"{place}/{name}")
        if version:
            (self.root / place / "edgeholo/__init__.py").write_text(f'"""edgeholo."""\n\n__version__ = "{version}"\n')
        if spoilt:
            file = self.root / place / spoilt[0]
            text = file.read_text()
            assert spoilt[1] in text
            file.write_text(text.replace(spoilt[1], spoilt[2]))

    def run(self, script: str, *, seconds: int, network: bool = False) -> str:
        """Boot it, run a shell script as root, and return what that wrote, when the machine is off."""
        head = f"exec >/root/scenario.log 2>&1\nexport PIP_CERT={_CERTIFICATES} SSL_CERT_FILE={_CERTIFICATES}\n"
        (self.root / "root/scenario.sh").write_text(head + script)
        (self.root / "root/scenario.log").unlink(missing_ok=True)
        options = ("--resolv-conf=copy-host",) if network else ("--private-network", "--resolv-conf=off")
        subprocess.run(
            [ROOT / "tests/pi/boot.sh", self.root, str(seconds), *options, *_RIGHTS], capture_output=True, check=False
        )
        return (self.root / "root/scenario.log").read_text(errors="replace")
