"""What the journal keeps, whatever happens to its file, and what it costs a memory card; time is passed in."""

import logging
import random
import resource
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from edgeholo.publish import age
from edgeholo.publish.age import Moment, on_this_boot
from edgeholo.publish.journal import BURST, BYTES_A_DAY, LARGEST, Journal
from edgeholo.types import Message, MessageKind

THEN = Moment("boot", 100.0, 1.7e9)


def event(name: object, size: int = 0) -> Message:
    """Return an event that carries ``name``."""
    payload = str(name).encode() + bytes(size)
    return Message("home/event", payload, MessageKind.EVENT, qos=2, retain=False, correlation=b"\x00\xff")


def kept(file: Path) -> list[str]:
    """Return what an earlier run left, by name."""
    return [message.payload.decode() for _number, message, _when in Journal(file).read()]


def test_an_event_comes_back_as_it_was(tmp_path: Path) -> None:
    """Topic, payload, qos, and what an answer brings along; a file and its folder are made when they are needed."""
    file = tmp_path / "state" / "events.journal"
    journal = Journal(file)
    assert journal.read() == []
    assert not file.parent.exists()
    assert journal.write([(event(1), THEN)], [], 0.0) == [0]
    assert Journal(file).read() == [(0, event(1), THEN)]


def test_what_is_done_does_not_come_back_and_an_empty_journal_is_an_empty_file(tmp_path: Path) -> None:
    """One of two, then the other."""
    file = tmp_path / "events.journal"
    journal = Journal(file)
    assert journal.write([(event(1), THEN), (event(2), THEN)], [], 0.0) == [0, 1]
    journal.write([(event(3), THEN)], [0], 0.0)
    assert kept(file) == ["2", "3"]
    journal.write([], [1, 2], 0.0)
    assert file.read_bytes() == b""
    journal.write([], [1], 0.0)
    assert kept(file) == []


def test_numbers_go_on_after_a_restart(tmp_path: Path) -> None:
    """Otherwise one run would cross off what another wrote."""
    file = tmp_path / "events.journal"
    Journal(file).write([(event(1), THEN), (event(2), THEN)], [], 0.0)
    journal = Journal(file)
    journal.read()
    assert journal.write([(event(3), THEN)], [0], 0.0) == [2]
    assert kept(file) == ["2", "3"]


def test_wherever_the_power_is_cut_the_lines_before_are_there_and_so_are_those_written_later(tmp_path: Path) -> None:
    """A tail that was torn off spoils neither what stands before it nor what comes behind."""
    file = tmp_path / "events.journal"
    Journal(file).write([(event(name), THEN) for name in (1, 2)], [], 0.0)
    content = file.read_bytes()
    first = content.index(b"\n") + 1
    for length in range(len(content)):
        file.write_bytes(content[:length])
        expected = ["1"] if length >= first - 1 else []
        expected += ["2"] if length == len(content) - 1 else []
        assert kept(file) == expected
        journal = Journal(file)
        journal.read()
        journal.write([(event(3), THEN)], [], 0.0)
        assert kept(file) == [*expected, "3"]


def test_damage_costs_the_damaged_line_only(tmp_path: Path) -> None:
    """Memory cards lose blocks; any byte may become any other."""
    file = tmp_path / "events.journal"
    Journal(file).write([(event(name), THEN) for name in range(20)], [], 0.0)
    content, chance = file.read_bytes(), random.Random(5)
    for _ in range(200):
        spoilt = bytearray(content)
        spoilt[chance.randrange(len(content))] ^= chance.randrange(1, 256)
        file.write_bytes(spoilt)
        left = kept(file)
        assert len(left) >= 18
        assert left == sorted(set(left), key=int)


@pytest.mark.parametrize(
    "content", [b"\n\n\n", b"00000000 {}\n", b"\xff" * 100, b"%08x [1]\n" % zlib.crc32(b"[1]"), bytes(100)]
)
def test_a_file_that_is_none_of_ours_is_empty(tmp_path: Path, content: bytes) -> None:
    """Nothing is raised, nothing is invented."""
    file = tmp_path / "events.journal"
    file.write_bytes(content)
    assert kept(file) == []


def test_the_file_never_grows_beyond_its_limit_and_keeps_the_newest(tmp_path: Path) -> None:
    """It is written anew without what is done; where all is alive the oldest are left out."""
    file = tmp_path / "events.journal"
    journal = Journal(file)
    for name in range(60):
        journal.write([(event(f"{name} ", 40_000), THEN)], [], 0.0, at_once=True)
        assert file.stat().st_size <= LARGEST
    names = [int(name.split()[0]) for name in kept(file)]
    assert names == list(range(names[0], 60))
    assert len(names) >= 5


def test_hours_without_a_broker_are_no_burden_for_a_memory_card(tmp_path: Path) -> None:
    """Gestures all the time, and a write whenever there may be one: bytes are counted in whole blocks, those of the file system too."""
    file = tmp_path / "events.journal"
    journal, done = Journal(file), list[int]()
    written = 0
    for now_s in range(1, 14_400, 15):
        before = file.stat().st_mtime_ns if file.exists() else 0
        numbers = journal.write([(event(n, 300), THEN) for n in range(10)], done, float(now_s))
        if numbers is not None:
            done = numbers
            written += 4 * 4096
            assert file.stat().st_mtime_ns >= before
    assert BURST < written <= BURST + BYTES_A_DAY * 14_400 // 86_400
    assert journal.write([(event("last"), THEN)], [], 14_400.0, at_once=True)


def test_a_full_disk_is_one_warning_and_what_was_there_stays(tmp_path: Path) -> None:
    """A file size limit stands for the disk: it cuts a line in two, as a full disk does."""
    file = tmp_path / "events.journal"
    Journal(file).write([(event(1), THEN)], [], 0.0)
    size = file.stat().st_size
    code = (
        "import logging, pathlib, sys; from tests.test_publish_journal import Journal, THEN, event; "
        "logging.basicConfig(); journal = Journal(pathlib.Path(sys.argv[1])); journal.read(); "
        "print([journal.write([(event(n), THEN)], [], 0.0) for n in (2, 3)])"
    )

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, size + 100))

    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], check=True, capture_output=True, text=True, preexec_fn=limit
    )
    assert done.stdout == "[None, None]\n"
    assert len(done.stderr.splitlines()) == 1
    assert "would not outlive a restart" in done.stderr
    assert kept(file) == ["1"]
    journal = Journal(file)
    journal.read()
    journal.write([(event(4), THEN)], [], 0.0)
    assert kept(file) == ["1", "4"]


def test_a_folder_that_cannot_be_written_is_one_warning_until_it_can(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file is where the folder should be."""
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    journal = Journal(blocked / "events.journal")
    with caplog.at_level(logging.WARNING):
        journal.read()
        assert journal.write([(event(1), THEN)], [], 0.0) is None
        assert journal.write([(event(1), THEN)], [], 1.0) is None
    assert len(caplog.records) == 1
    blocked.unlink()
    assert journal.write([(event(1), THEN)], [], 2.0) == [0]


@pytest.mark.parametrize(
    ("then", "now", "trusted", "expected"),
    [
        (THEN, Moment("boot", 110.0, 9e9), False, 100.0),
        (THEN, Moment("boot", 110.0, 0.0), True, 100.0),
        (THEN, Moment("boot", 90.0, 1.7e9), True, None),
        (Moment("", 100.0, 1.7e9), Moment("", 110.0, 1.7e9 + 200), True, -90.0),
        (THEN, Moment("later", 30.0, 1.7e9 + 40), True, -10.0),
        (THEN, Moment("later", 30.0, 1.7e9 + 40), False, None),
        (THEN, Moment("later", 30.0, 1.7e9 + 20), True, None),
        (THEN, Moment("later", 30.0, 1.7e9 - 3600), True, None),
    ],
    ids=[
        "clock ahead",
        "clock back",
        "before itself",
        "no boot id",
        "power cut",
        "clock unset",
        "too young",
        "clock set back",
    ],
)
def test_no_jump_of_the_clock_makes_an_event_older_or_younger(
    then: Moment, now: Moment, trusted: bool, expected: float | None
) -> None:
    """Within one start of the machine the clock does not count; over a power cut only one that is right does."""
    assert on_this_boot(then, now, trusted=trusted) == expected


def test_this_machine_tells_its_starts_apart(tmp_path: Path) -> None:
    """And knows what time it was a minute ago."""
    assert age.boot() == age.boot()
    assert age.boot(tmp_path) == ""
    now_s = age.now_s()
    assert age.moment("x", now_s - 60).wall_s == pytest.approx(time.time() - 60, abs=5)
