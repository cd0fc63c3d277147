"""A whole emulated machine for 64-bit Arm with an image for its memory card; its screen is a file."""

import hashlib
import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

BROKER_HOST = "10.0.2.2"
"""What the machine calls the one that emulates it, whose loopback it reaches."""
_CARD_BYTES = 8_000_000_000
"""A small card; what is empty takes no room here."""
_PROCESSOR = "cortex-a72"
"""That of a Raspberry Pi 4."""


class Card:
    """A copy of an image, to be written to.

    Args:
        image: stays as it is.
        folder: where the copy goes.
    """

    def __init__(self, image: Path, folder: Path) -> None:
        self.file = folder / "card.img"
        subprocess.run(["cp", "--sparse=always", image, self.file], check=True)
        os.truncate(self.file, _CARD_BYTES)
        table = subprocess.run(["sfdisk", "--json", self.file], check=True, capture_output=True).stdout
        self._parts = [
            (part["start"] * 512, part["size"] * 512) for part in json.loads(table)["partitiontable"]["partitions"]
        ]

    def boot_partition(self, folder: Path) -> Path:
        """Return the boot partition's files in a new folder."""
        folder.mkdir()
        subprocess.run(["mcopy", "-s", "-Q", "-m", "-i", self._boot, "::*", folder], check=True)
        return folder

    def take(self, folder: Path) -> None:
        """Write a folder's files into the boot partition."""
        subprocess.run(["mcopy", "-s", "-Q", "-o", "-i", self._boot, *sorted(folder.iterdir()), "::"], check=True)

    def text(self, name: str) -> str:
        """Return a file of the boot partition; empty if there is none."""
        return subprocess.run(
            ["mtype", "-i", self._boot, f"::{name}"], check=False, capture_output=True, text=True, errors="replace"
        ).stdout

    def digest(self, number: int) -> str:
        """Return the sha256 of a partition, counted from 1."""
        start, left = self._parts[number - 1]
        digest = hashlib.sha256()
        with self.file.open("rb") as card:
            card.seek(start)
            while left:
                block = card.read(min(left, 1 << 20))
                digest.update(block)
                left -= len(block)
        return digest.hexdigest()

    @property
    def _boot(self) -> str:
        return f"{self.file}@@{self._parts[0][0]}"


class Machine:
    """The machine, switched on; a context manager.

    Args:
        card: in its slot.
        folder: for its screen, and what its firmware would load.
    """

    def __init__(self, card: Card, folder: Path) -> None:
        self._card = card
        self._folder = folder
        self.screen = folder / "screen.log"

    def __enter__(self) -> Self:
        boot = self._card.boot_partition(self._folder / f"boot-{time.monotonic_ns()}")
        config = (boot / "config.txt").read_text(encoding="utf-8")
        kernel, initrd = (boot / _named(config, word) for word in ("kernel=", "initramfs "))
        # The last console is the one that systemd speaks to.
        line = (boot / "cmdline.txt").read_text(encoding="utf-8").strip() + " console=ttyAMA0"
        command = ["qemu-system-aarch64", "-M", "virt", "-cpu", _PROCESSOR, "-smp", "2", "-m", "1G", "-nographic"]
        command += ["-accel", "tcg,thread=multi", "-no-reboot", "-device", "virtio-rng-pci", "-monitor", "none"]
        command += ["-kernel", str(kernel), "-initrd", str(initrd), "-append", line]
        command += ["-drive", f"file={self._card.file},format=raw,if=virtio", "-netdev", "user,id=house"]
        command += ["-device", "virtio-net-pci,netdev=house,romfile=", "-serial", f"file:{self.screen}"]
        with (self._folder / "qemu.log").open("wb") as log:
            self._process = subprocess.Popen(["nice", *command], stdin=subprocess.DEVNULL, stderr=log)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cut its power off."""
        self._process.kill()
        self._process.wait()

    def until(self, condition: Callable[[], object], patience_s: float) -> None:
        """Wait until something has happened, and fail with the screen's last words when it does not."""
        deadline_s = time.monotonic() + patience_s
        while not condition():
            assert time.monotonic() < deadline_s, self.last_words()
            assert self._process.poll() is None, self.last_words()
            time.sleep(0.5)

    def last_words(self) -> str:
        """Return the end of what its screen shows, and what the emulator complains of."""
        files = [file for file in (self._folder / "qemu.log", self.screen) if file.exists()]
        return "\n".join(file.read_text(errors="replace")[-4000:] for file in files)


def _named(config: str, word: str) -> str:
    """Return the file that a line of config.txt names."""
    return next(line.removeprefix(word).split()[0] for line in config.splitlines() if line.startswith(word))
