"""The boot partition of a freshly flashed card: is it one, and which way of a first boot does its system know?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from edgeholo.errors import EdgeholoError

Method = Literal["cloud-init", "firstrun"]
Release = Literal["bookworm", "trixie"]

PYTHON: dict[Release, str] = {"bookworm": "3.11", "trixie": "3.13"}
"""Python of the release, which decides on the wheels."""

_MOUNTS = ("/media/*/*", "/run/media/*/*", "/Volumes/*", "/mnt/*", "/boot/firmware")
"""Where desktops mount a card, on Linux and on a Mac."""
_FILES = ("cmdline.txt", "config.txt")
_RESIZE = re.compile(r"(^|\s)resize(\s|$)")
"""In cmdline.txt of trixie since pi-gen's 04bc684 (August 2025), and never of bookworm."""
_FIRSTBOOT = "init=/usr/lib/raspberrypi-sys-mods/firstboot"
"""In cmdline.txt of bookworm, until its first boot."""


class CardError(EdgeholoError):
    """The folder is no boot partition, or it cannot be written."""


@dataclass(frozen=True, slots=True)
class Card:
    """A boot partition.

    Attributes:
        folder: where it is mounted.
        method: what reads our files at the first boot.
        release: of Raspberry Pi OS; None where nothing tells.
        label: what the image says of itself.
        place: device and inode of the folder, by which it is seen that the card is still there.
    """

    folder: Path
    method: Method
    release: Release | None
    label: str
    place: tuple[int, int]

    def check_there(self) -> None:
        """Look whether the card is still in its slot: without it the folder may be one of this machine's own disk.

        Raises:
            CardError: it was pulled out.
        """
        if _place(self.folder) != self.place:
            raise CardError(f"the card was taken away from {self.folder}: put it in again, and run this once more")

    def read(self, name: str) -> str | None:
        """Return a text file of the card, its lines ended as here; None where there is none.

        Raises:
            CardError: it cannot be read.
        """
        file = self.folder / name
        try:
            return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            raise CardError(f"{file} is no UTF-8 text; move it away, or flash the card again") from error
        except OSError as error:
            raise CardError(f"cannot read {file}: {error.strerror}; eject the card and put it in again") from error


def look(folder: Path, method: Method | None = None, release: Release | None = None) -> Card:
    """Return the card whose boot partition is mounted at a folder.

    Args:
        folder: of the partition.
        method: of the first boot, where the user knows better.
        release: likewise.

    Raises:
        CardError: it is none; the text says what is missing and where one may be.
    """
    missing = _missing(folder)
    if missing:
        raise CardError(f"{folder} is no boot partition of Raspberry Pi OS: {missing}{_elsewhere(folder)}")
    guess = Card(folder, "cloud-init", None, "Raspberry Pi OS", _place(folder))
    cmdline = guess.read("cmdline.txt") or ""
    # Images whose first boot is cloud-init's come with these files; Imager, too, writes them for such images only.
    seeded = (folder / "user-data").exists() or (folder / "meta-data").exists()
    found = release or _release(cmdline, seeded=seeded)
    means: Method = method or ("cloud-init" if seeded else "firstrun")
    return Card(folder, means, found, _label(guess.read("issue.txt")), guess.place)


def candidates(patterns: Iterable[str] = _MOUNTS) -> list[Path]:
    """Return the boot partitions that are mounted where desktops mount them."""
    folders = (folder for pattern in patterns for folder in sorted(Path("/").glob(pattern.lstrip("/"))))
    return [folder for folder in folders if not _missing(folder)]


def _missing(folder: Path) -> str:
    """Return what keeps a folder from being a boot partition; nothing if it is one."""
    try:
        if folder.is_file():
            return f"it is a file; name the folder, {folder.absolute().parent}"
        if not folder.is_dir():
            return "there is no such folder"
        absent = [name for name in _FILES if not (folder / name).is_file()]
        if absent:
            return f"{' and '.join(absent)} expected there, beside a kernel"
        if not any(folder.glob("kernel*.img")) and not (folder / "overlays").is_dir():
            return "kernel*.img or overlays/ expected there"
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _place(folder: Path) -> tuple[int, int]:
    """Return which folder this is, whatever it is called; zeros where there is none."""
    try:
        status = folder.stat()
    except OSError:
        return (0, 0)
    return (status.st_dev, status.st_ino)


def _elsewhere(folder: Path) -> str:
    others = [str(other) for other in candidates() if other != folder]
    return (
        f"; did you mean {' or '.join(others)}?" if others else "; flash a card, put it in again, and name where it is"
    )


def _release(cmdline: str, *, seeded: bool) -> Release | None:
    if seeded or _RESIZE.search(cmdline):
        return "trixie"
    return "bookworm" if _FIRSTBOOT in cmdline else None


def _label(issue: str | None) -> str:
    """Return the first line of issue.txt: ``Raspberry Pi reference 2026-06-18``."""
    lines = (issue or "").splitlines()
    return lines[0].strip() if lines and lines[0].strip() else "Raspberry Pi OS"
