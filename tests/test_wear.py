"""What is written to the memory card, from the kernel's own counters."""

from pathlib import Path

import pytest

from edgeholo.wear import Wear


def _disk(root: Path, name: str, sectors: int, *, real: bool = True) -> None:
    folder = root / "sys/block" / name
    (folder / "device" if real else folder).mkdir(parents=True, exist_ok=True)
    (folder / "stat").write_text(f" 1000 20 30000 400 5000 60 {sectors} 800 0 900 1000 0 0 0 0 0 0\n")


def test_what_was_written_in_an_hour_is_told_for_a_day(tmp_path: Path) -> None:
    """2,000 sectors are 1.024 MB; a day has 24 such hours."""
    _disk(tmp_path, "mmcblk0", 70_000)
    wear = Wear(100.0, tmp_path)
    _disk(tmp_path, "mmcblk0", 72_000)
    assert wear.mb_day(3700.0) == pytest.approx(24 * 1.024, abs=0.05)


def test_nothing_is_told_before_the_start_is_over(tmp_path: Path) -> None:
    """A figure from the first minutes would frighten its reader."""
    _disk(tmp_path, "mmcblk0", 0)
    wear = Wear(0.0, tmp_path)
    _disk(tmp_path, "mmcblk0", 9000)
    assert wear.mb_day(899.0) is None
    assert wear.mb_day(900.0) is not None


def test_disks_in_memory_do_not_count(tmp_path: Path) -> None:
    """Swap in compressed memory is written to all day, and wears nothing out."""
    _disk(tmp_path, "mmcblk0", 0)
    _disk(tmp_path, "zram0", 0, real=False)
    wear = Wear(0.0, tmp_path)
    _disk(tmp_path, "zram0", 50_000, real=False)
    assert wear.mb_day(86_400.0) == 0.0


@pytest.mark.parametrize("names", [(), ("zram0",)])
def test_a_machine_without_a_disk_tells_nothing(tmp_path: Path, names: tuple[str, ...]) -> None:
    """As a container does, that sees no disk."""
    for name in names:
        _disk(tmp_path, name, 0, real=False)
    assert Wear(0.0, tmp_path).mb_day(86_400.0) is None


def test_a_disk_that_is_pulled_out_takes_nothing_back(tmp_path: Path) -> None:
    """Less written than before cannot be."""
    _disk(tmp_path, "mmcblk0", 100)
    _disk(tmp_path, "sda", 5000)
    wear = Wear(0.0, tmp_path)
    (tmp_path / "sys/block/sda/stat").unlink()
    assert wear.mb_day(86_400.0) == 0.0
