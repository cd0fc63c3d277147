"""How many instructions a frame takes on a Raspberry Pi's processor, counted on an emulated one. Instructions are not time.

    python -m benchmarks.arm [PROCESSOR ..., default cortex-a72 cortex-a76]

Quarter of an hour each; builds its emulator first (eight minutes, once, in .cache/pi). It shows frames 50 to 52 of signing/book.mkv,
where both hands are up, and to the default profile the next second and a half. XNNPACK chooses its kernels by the processor:
on a76 hands and face are computed in half precision. MediaPipe's 1.x library loads on a76 only; it has no network there, for
user emulation knows no seccomp filter to keep it off.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.arm_guest import write_frames
from benchmarks.contenders import CLIPS, conditions
from benchmarks.interpretation import sights
from edgeholo.capture.feed import frames
from edgeholo.config import Camera
from edgeholo.perceive.recording import Recorder
from tests.pi import emulated

ENGINES = {"cortex-a53": ("litert",), "cortex-a72": ("litert",), "cortex-a76": ("litert", "mediapipe")}
"""What runs on a processor."""
CLIP, SHOWN = CLIPS / "signing/book.mkv", slice(50, 96)
"""Both hands are up, and there is a second and a half for the turns of the default profile."""
PICTURES, RECORDING = "pictures.npz", "clip.holo"
_FOLDER = emulated.PROJECT / ".cache/pi/counting"


def counts(processor: str, folder: Path) -> dict[str, list[float]]:
    """Return millions of instructions of each piece of work, as often as it was done."""
    log = folder / f"{processor}.log"
    options = ("-plugin", str(_FOLDER / "libcount.so"), "-d", "plugin", "-D", str(log))
    work = ["-m", "benchmarks.arm_guest", str(folder / PICTURES), str(folder / RECORDING), *ENGINES[processor]]
    command = emulated.command(processor, *work, emulator=_FOLDER / "qemu-aarch64", options=options)
    no_network = ["unshare", *([] if os.geteuid() == 0 else ["--map-root-user"]), "--net"]
    print(f"{processor}: counting", file=sys.stderr)
    guest = subprocess.run(
        [*no_network, *command],
        env=emulated.environment(),
        cwd=emulated.PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    pieces = [line for line in guest.stdout.splitlines() if not line.startswith("#")]
    return paired(pieces, log.read_text(encoding="ascii"))


def paired(pieces: list[str], log: str) -> dict[str, list[float]]:
    """Return millions of instructions by piece: each lies between two marks."""
    marks = [int(line.split()[1]) for line in log.splitlines()]
    found: dict[str, list[float]] = {}
    for piece, begun, ended in zip(pieces, marks[0::2], marks[1::2], strict=False):
        found.setdefault(piece, []).append((ended - begun) / 1e6)
    return found


def prepare(folder: Path) -> None:
    """Write what the guest is shown: pictures, and what the engine sees of the clip."""
    write_frames(folder / PICTURES, list(frames(Camera(source=str(CLIP))))[SHOWN])
    with Recorder(folder / RECORDING, engine="litert", source=CLIP.name) as recorder:
        for sight in sights(CLIP):
            recorder.write(sight)


def main() -> None:
    """Print the table."""
    processors = sys.argv[1:] or ["cortex-a72", "cortex-a76"]
    emulated.made()
    subprocess.run([emulated.PROJECT / "benchmarks/counting_qemu.sh", _FOLDER], check=True)
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name))
        found = {processor: counts(processor, Path(name)) for processor in processors}
    print(f"{conditions()}; million instructions, mean (least to most)\n")
    print(f"| | {' | '.join(processors)} |\n|---|{'---|' * len(processors)}")
    for piece in dict.fromkeys(piece for each in found.values() for piece in each):
        print(f"| {piece} | {' | '.join(cell(found[processor].get(piece)) for processor in processors)} |")


def cell(values: list[float] | None) -> str:
    """Return a mean, and between what it lies where it varies."""
    if not values:
        return "-"
    mean, least, most = statistics.mean(values), min(values), max(values)
    varies = most - least > 0.02 * mean + 0.1
    return f"{mean:.1f} ({least:.1f} to {most:.1f})" if varies else f"{mean:.1f}"


if __name__ == "__main__":
    main()
