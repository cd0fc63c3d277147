"""A Python of Debian 13 on an emulated 64-bit Arm processor, with the locked wheels: no container, no root."""

import os
import subprocess
from pathlib import Path

PROJECT = Path(__file__).parents[2]
FOLDER = PROJECT / ".cache/pi/arm"
_UV = PROJECT / ".cache/uv/bin/uv"


def made() -> Path:
    """Return the folder of emulator, root and wheels, made if need be."""
    subprocess.run(["make", "--silent", "--no-print-directory", str(_UV.relative_to(PROJECT))], cwd=PROJECT, check=True)
    subprocess.run([PROJECT / "tests/pi/arm_root.sh", FOLDER, _UV], check=True, timeout=1800)
    return FOLDER


def command(
    processor: str, *arguments: str, emulator: Path = FOLDER / "qemu-aarch64", options: tuple[str, ...] = ()
) -> list[str]:
    """Return the command that runs Python with those arguments on a processor: cortex-a53, cortex-a72, cortex-a76."""
    python = FOLDER / "root/usr/bin/python3.13"
    qemu = [str(emulator), "-cpu", processor, "-L", str(FOLDER / "root"), *options]
    return ["nice", "-n", "15", *qemu, str(python), *arguments]


def environment() -> dict[str, str]:
    """Return what it needs to know: our modules, the wheels, the models."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": os.environ["HOME"],
        "LANG": "C.UTF-8",
        "PYTHONHOME": "/usr",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": f"{PROJECT}:{FOLDER / 'site'}",
        **{name: os.environ[name] for name in ("EDGEHOLO_CACHE", "XDG_CACHE_HOME") if name in os.environ},
    }
