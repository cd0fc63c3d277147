"""The engine on the processors of Raspberry Pis, emulated: it sees what it sees on x86-64, with the wheels that a Pi gets."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.pi import emulated
from tests.pi.look import NUMBERS

PARTS = ("pose", "left_hand", "right_hand", "face")
FLOAT, HALF = 1e-3, 5e-3
"""Largest difference of a coordinate, in sizes of the picture. On the same input the models agree to 4e-6 of their range, but that
moves the next crop by a rounding step of OpenCV's warp; and a Cortex-A76 computes hands and face in half precision.
"""


def look(command: list[str], environment: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Return what the engine finds."""
    ran = subprocess.run(
        command, env=environment, cwd=emulated.PROJECT, stdout=subprocess.PIPE, check=True, timeout=900
    )
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.fixture(scope="module")
def golden(demo_clip: Path) -> list[dict[str, Any]]:
    """Return what the engine finds here."""
    return look([sys.executable, "-m", "tests.pi.look", str(demo_clip)])


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("processor", "tolerance"),
    [("cortex-a53", FLOAT), ("cortex-a72", FLOAT), ("cortex-a76", HALF)],
    ids=["cortex-a53: Pi 3 and Zero 2 W", "cortex-a72: Pi 4", "cortex-a76: Pi 5, half precision"],
)
def test_the_engine_sees_the_same_on_arm(
    golden: list[dict[str, Any]], demo_clip: Path, processor: str, tolerance: float
) -> None:
    """Body, hand and face of three pictures have the same points, depth and visibility included."""
    emulated.made()
    command = emulated.command(processor, "-m", "tests.pi.look", str(demo_clip))
    seen = look(command, emulated.environment())
    assert [one["seq"] for one in golden] == [one["seq"] for one in seen] == list(NUMBERS)
    for here, there in zip(golden, seen, strict=True):
        found = [part for part in PARTS if here[part]]
        assert found == [part for part in PARTS if there[part]] == ["pose", "left_hand", "face"]
        farthest = {part: float(np.abs(np.subtract(here[part], there[part])).max()) for part in found}
        print(processor, here["seq"], {part: f"{value:.1e}" for part, value in farthest.items()})  # noqa: T201 - pytest -s
        assert max(farthest.values()) < tolerance, farthest
