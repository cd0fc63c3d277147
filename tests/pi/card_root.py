"""Debian as a card's root partition, in a folder: made once by mmdebstrap, booted by a real systemd, and cut off at will."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]
_CACHE = ROOT / ".cache" / "pi"
_COMMON = "systemd-sysv,dbus,openssh-server,sudo,python3-venv,ca-certificates,mosquitto,mosquitto-clients,udev,tzdata"
_PACKAGES = {
    "trixie": f"{_COMMON},cloud-init,netplan.io,wpasupplicant,systemd-resolved,iproute2",
    "bookworm": _COMMON,
}
_BOOT_PARTITION = """# As on Raspberry Pi OS, whose own package (rpi-cloud-init-mods) points cloud-init at the boot partition.
datasource_list: [NoCloud, None]
datasource:
  NoCloud:
    seedfrom: file:///boot/firmware
"""
BROKER_PASSWORD = "br0ker: \"p'w"
_HEARD = "/var/log/heard"
_LISTEN = f"""#!/bin/sh
exec mosquitto_sub -h 127.0.0.1 -u edgeholo -P "$(cat /etc/mosquitto/known)" -F '%t %p' -t '#' >>{_HEARD}
"""
_LISTENER = """[Unit]
After=mosquitto.service
[Service]
ExecStart=/usr/local/bin/listen
Restart=always
RestartSec=1
"""


def fresh_root(release: str, folder: Path) -> Path:
    """Return a root partition that never booted, with a broker that asks for a password and one who listens to it."""
    archive = _CACHE / f"card-{release}.tar"
    if not archive.exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        part = archive.with_suffix(".part.tar")
        options = ["--variant=minbase", "--architectures=amd64", f"--include={_PACKAGES[release]}"]
        subprocess.run(["mmdebstrap", "--quiet", *options, release, part], check=True)
        part.rename(archive)
    root = folder / "root"
    root.mkdir()
    subprocess.run(["tar", "-C", root, "-xf", archive], check=True)
    (root / "var/log/journal").mkdir(exist_ok=True)
    if release == "trixie":
        (root / "etc/cloud/cloud.cfg.d/99_boot_partition.cfg").write_text(_BOOT_PARTITION)
    _add_broker(root)
    return root


def _add_broker(root: Path) -> None:
    mosquitto = root / "etc/mosquitto"
    (mosquitto / "known").write_text(BROKER_PASSWORD)
    (mosquitto / "conf.d/listener.conf").write_text("listener 1883 127.0.0.1\npassword_file /etc/mosquitto/passwords\n")
    make = ["mosquitto_passwd", "-b", "-c", "/etc/mosquitto/passwords", "edgeholo", BROKER_PASSWORD]
    subprocess.run(["chroot", root, *make], check=True, capture_output=True)
    shutil.chown(mosquitto / "passwords", _owner(root, "mosquitto"))
    (root / "usr/local/bin/listen").write_text(_LISTEN)
    (root / "usr/local/bin/listen").chmod(0o755)
    (root / "etc/systemd/system/listen.service").write_text(_LISTENER)
    wants = root / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(exist_ok=True)
    (wants / "listen.service").symlink_to("../listen.service")


def _owner(root: Path, name: str) -> int:
    lines = (line.split(":") for line in (root / "etc/passwd").read_text().splitlines())
    return next(int(fields[2]) for fields in lines if fields[0] == name)


class Machine:
    """A boot of a root partition, without any network but its own loopback; a context manager.

    Args:
        root: the partition.
        arguments: the kernel's command line.
    """

    def __init__(self, root: Path, *arguments: str) -> None:
        self.root = root
        self._arguments = arguments

    def __enter__(self) -> Self:
        command = ["bash", f"{ROOT}/tests/pi/boot.sh", str(self.root), "600"]
        # Otherwise systemd-nspawn gives it this machine's time zone at each start.
        command += ["--timezone=off", "--private-network", "--resolv-conf=off"]
        self.console = (self.root.parent / "console.log").open("ab")
        self._process = subprocess.Popen(
            [*command, *self._arguments],
            stdin=subprocess.DEVNULL,
            stdout=self.console,
            stderr=self.console,
            start_new_session=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut_power()
        self.console.close()

    def until(self, condition: Callable[[], object], patience_s: float) -> None:
        """Wait until something has happened, and fail with the console's last words when it does not."""
        deadline_s = time.monotonic() + patience_s
        while not condition():
            assert time.monotonic() < deadline_s, self.last_words()
            assert self._process.poll() is None, self.last_words()
            time.sleep(0.1)

    def ended(self) -> bool:
        """Return whether it has switched itself off."""
        return self._process.poll() is not None

    def last_words(self) -> str:
        """Return the end of what the console shows."""
        return (self.root.parent / "console.log").read_bytes()[-3000:].decode(errors="replace")

    def cut_power(self) -> None:
        """End all of it in the middle of whatever it does."""
        for top in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified"):
            group = Path(f"{top}/edgeholo-test.{self._process.pid}/cgroup.kill")
            if group.exists():
                group.write_text("1")
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def ask(self, *arguments: str) -> str:
        """Return what ``ask.py`` prints in the machine's own network."""
        groups = (f"{top}/edgeholo-test.{self._process.pid}" for top in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified"))
        (first,) = (each for group in groups if (each := Path(group, "payload/init.scope/cgroup.procs")).exists())
        inside = first.read_text().split()[0]
        command = ["nsenter", f"--net=/proc/{inside}/ns/net", sys.executable, str(ROOT / "tests/pi/ask.py"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def heard(self) -> list[tuple[str, str]]:
        """Return what was said on MQTT, as (topic, payload)."""
        file = Path(f"{self.root}{_HEARD}")
        lines = file.read_text(errors="replace").splitlines() if file.exists() else []
        return [(topic, payload) for topic, _, payload in (line.partition(" ") for line in lines)]
