"""Recordings: what is read is what was written, whatever happened to the file in between."""

import gzip
import logging
import resource
import struct
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from edgeholo import __version__
from edgeholo.errors import ConfigError, EdgeholoError
from edgeholo.perceive.blocks import framed
from edgeholo.perceive.engine import Engine
from edgeholo.perceive.recorded import RecordedEngine
from edgeholo.perceive.recording import Recorder, Recording, read
from edgeholo.perceive.recording_layout import FORMAT_VERSION
from edgeholo.types import Branch, Face, Floats, Frame, Hand, Mode, People, Person, PixelFormat, Pose, Sight, Verdict

FULL = Path("/dev/full")
OK = Verdict("ok", "", usable=True, changed=False)
ALL = dict.fromkeys(Branch, Mode.ON)


def cloud(rng: np.random.Generator, points: int) -> Floats:
    """Return points that use every bit of a float32."""
    return rng.normal(0.5, 0.3, (points, 3)).astype(np.float32)


def person(rng: np.random.Generator, id_: int) -> Person:
    """Return somebody of whom everything is seen."""
    pose = Pose(cloud(rng, 33), rng.random(33).astype(np.float32), cloud(rng, 33))
    return Person(id_, pose, Hand(cloud(rng, 21), cloud(rng, 21)), Hand(cloud(rng, 21)), Face(cloud(rng, 478)))


def sight(seq: int, persons: int = 1) -> Sight:
    """Return a frame of a 30 fps camera."""
    rng = np.random.default_rng(seq)
    t_ns = 10**15 + seq * 33_333_333
    seen = tuple(person(rng, id_) for id_ in range(persons))
    return Sight(t_ns, seq, (640, 480), OK, People(seen, frozenset(Branch), (640, 480), t_ns, seq))


def record(path: Path, sights: list[Sight]) -> Path:
    """Return ``path`` after recording ``sights`` into it."""
    with Recorder(path, engine="mediapipe", source="clip.mkv") as recorder:
        for each in sights:
            recorder.write(each)
    return path


def same(one: object, other: object) -> bool:
    """Return whether two values are alike, field by field and arrays to the bit."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if is_dataclass(one) and type(one) is type(other):
        return all(same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    return type(one) is type(other) and one == other


def write_many(recorder: Recorder) -> None:
    """Record more than a megabyte."""
    for seq in range(1000):
        recorder.write(sight(seq))


def frame(seq: int) -> Frame:
    """Return a black picture."""
    return Frame(np.zeros((48, 64, 3), np.uint8), PixelFormat.RGB, seq * 10**8, seq)


def test_every_field_comes_back_exact_to_the_bit(tmp_path: Path) -> None:
    """Several persons, whole and in part, not looked at, a bad picture, and numbers that are none."""
    rng = np.random.default_rng(1)
    odd = Pose(np.full((33, 3), np.nan, np.float32), np.full(33, np.inf, np.float32))
    bad = Verdict("dark", "too dark: turn a light on", usable=False, changed=True)
    hands_only = People(
        (Person(7, None, None, Hand(cloud(rng, 21))), Person(8, odd)), frozenset({Branch.LEFT_HAND}), (1, 2), 3, 4
    )
    written = [
        sight(0, 3),
        Sight(-5, 1, (1280, 720), bad, None),
        Sight(2**62, 2**40, (1, 2), OK, hands_only),
        Sight(9, 9, (4, 4), OK, People((Person(0, face=Face(cloud(rng, 468))),), frozenset(), (4, 4), 9, 9)),
        sight(3, 0),
    ]
    found = list(read(record(tmp_path / "a.rec", written)))
    assert len(found) == len(written)
    assert all(same(one, other) for one, other in zip(found, written, strict=True))


def test_what_each_branch_cost_comes_back_to_the_microsecond(tmp_path: Path) -> None:
    """Of engines that can tell."""
    costly = replace(sight(0), cost_ms={"pose": 7.6584, "left_hand": 11.0, "detector": 0.0})
    (found,) = read(record(tmp_path / "a.rec", [costly]))
    assert found.cost_ms == {"pose": 7.658, "left_hand": 11.0, "detector": 0.0}


def test_a_recording_of_before_costs_were_noted_is_read(tmp_path: Path) -> None:
    """Fields are only ever added at the end."""
    whole = gzip.decompress(record(tmp_path / "a.rec", []).read_bytes())
    older = framed(msgspec.msgpack.encode([1, 2, [640, 480], "ok", "", True, False, None]))
    (tmp_path / "a.rec").write_bytes(gzip.compress(whole + older))
    (found,) = read(tmp_path / "a.rec")
    assert (found.seq, found.cost_ms) == (2, {})


def test_the_same_sights_make_the_same_file(tmp_path: Path) -> None:
    """No clock and no file name is in it."""
    sights = [sight(seq) for seq in range(5)]
    assert record(tmp_path / "a", sights).read_bytes() == record(tmp_path / "b", sights).read_bytes()


def test_the_header_tells_who_recorded_what(tmp_path: Path) -> None:
    """Version, engine and source."""
    header = Recording(record(tmp_path / "a.rec", [])).header
    assert (header.version, header.edgeholo) == (FORMAT_VERSION, __version__)
    assert (header.engine, header.source) == ("mediapipe", "clip.mkv")


def test_no_credentials_get_into_the_file(tmp_path: Path) -> None:
    """Recordings are shared; passwords are not."""
    with Recorder(tmp_path / "a.rec", engine="mediapipe", source="rtsp://anna:secret@10.0.0.7:554/live"):
        pass
    assert Recording(tmp_path / "a.rec").header.source == "rtsp://10.0.0.7:554/..."


def test_what_was_written_can_be_read_while_the_recorder_runs(tmp_path: Path) -> None:
    """At most a second of frames is waiting: so much a power cut costs."""
    recorder = Recorder(tmp_path / "a.rec", engine="mediapipe", source="camera")
    for seq in range(100):
        recorder.write(sight(seq))
    assert 100 - 31 <= len(list(read(tmp_path / "a.rec"))) <= 100
    recorder.close()
    recorder.close()
    assert len(list(read(tmp_path / "a.rec"))) == 100


def test_a_file_cut_anywhere_gives_the_frames_before_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Cut at fifty places after the header."""
    sights = [sight(seq) for seq in range(40)]
    whole = record(tmp_path / "whole.rec", sights).read_bytes()
    counts = []
    for end in np.linspace(300, len(whole) - 1, 50).astype(int):
        (tmp_path / "cut.rec").write_bytes(whole[:end])
        recording = Recording(tmp_path / "cut.rec")
        caplog.clear()
        found = list(recording)
        assert len(list(recording)) == len(found)
        assert [record.levelno for record in caplog.records] == [logging.WARNING]
        assert f"after {len(found)} frames" in caplog.text
        assert all(same(one, other) for one, other in zip(found, sights, strict=False))
        counts.append(len(found))
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert counts[-1] == 40, "only the file's last byte is missing"


def test_a_damaged_file_gives_the_frames_before_the_damage(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Bits flip on SD cards: no exception, and nothing that was not recorded."""
    sights = [sight(seq) for seq in range(60)]
    damaged = bytearray(record(tmp_path / "a.rec", sights).read_bytes())
    middle = len(damaged) // 2
    damaged[middle : middle + 64] = bytes(64)
    (tmp_path / "a.rec").write_bytes(damaged)
    found = list(read(tmp_path / "a.rec"))
    assert 0 < len(found) < 60
    assert all(same(one, other) for one, other in zip(found, sights, strict=False))
    assert "damaged" in caplog.text


@pytest.mark.parametrize(
    "content",
    [
        framed(b"\xff" * 9),
        struct.pack(">II", 2**31, 0),
        struct.pack(">II", 0, 0),
        struct.pack(">II", 3, 0) + b"abc",
        b"\0\0",
        framed(
            msgspec.msgpack.encode([1, 2, [640, 480], "ok", "", True, False, [[[0, [b"123"]]], ["pose"], [1, 1], 1, 1]])
        ),
    ],
)
def test_a_block_that_is_none_ends_the_recording(
    content: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An absurd length is not allocated, and a cloud of the wrong size is no hand."""
    whole = gzip.decompress(record(tmp_path / "a.rec", [sight(0)]).read_bytes())
    (tmp_path / "a.rec").write_bytes(gzip.compress(whole + content))
    assert len(list(read(tmp_path / "a.rec"))) == 1
    assert "after 1 frames" in caplog.text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        b"RIFF....AVI ",
        gzip.compress(b"", mtime=0),
        gzip.compress(b"hello", mtime=0),
        gzip.compress(framed(msgspec.msgpack.encode({"format": "something else"})), mtime=0),
        gzip.compress(framed(msgspec.msgpack.encode({"format": "edgeholo-recording"})), mtime=0)[:20],
    ],
)
def test_a_file_of_another_kind_is_named_in_one_line(content: bytes, tmp_path: Path) -> None:
    """No traceback for a wrong path."""
    path = tmp_path / "a.rec"
    path.write_bytes(content)
    with pytest.raises(EdgeholoError, match=r"a\.rec is no recording of edgeholo") as caught:
        read(path)
    assert "\n" not in str(caught.value)


def test_a_newer_format_asks_for_an_update(tmp_path: Path) -> None:
    """It names both versions."""
    header = {
        "format": "edgeholo-recording",
        "version": FORMAT_VERSION + 1,
        "edgeholo": "9.1",
        "engine": "x",
        "source": "y",
    }
    (tmp_path / "a.rec").write_bytes(gzip.compress(framed(msgspec.msgpack.encode(header))))
    with pytest.raises(EdgeholoError, match=r"edgeholo 9\.1.*update edgeholo"):
        read(tmp_path / "a.rec")


@pytest.mark.parametrize("name", ["missing.rec", "."])
def test_a_file_that_cannot_be_read_is_named_in_one_line(name: str, tmp_path: Path) -> None:
    """Missing, or a folder."""
    with pytest.raises(EdgeholoError, match="cannot read the recording"):
        read(tmp_path / name)


def test_a_file_that_cannot_be_written_is_named_in_one_line(tmp_path: Path) -> None:
    """The folder is missing."""
    with pytest.raises(EdgeholoError, match=r"cannot write the recording .*No such file or directory"):
        Recorder(tmp_path / "no" / "a.rec", engine="mediapipe", source="camera")


def test_a_full_disk_from_the_start_is_one_clear_line() -> None:
    """The kernel's own full disk."""
    with pytest.raises(EdgeholoError, match="No space left on device"):
        Recorder(FULL, engine="mediapipe", source="camera")


def test_a_disk_that_fills_up_leaves_what_was_written_readable(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk; the recorder takes no more frames afterwards."""
    recorder = Recorder(tmp_path / "a.rec", engine="mediapipe", source="camera")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(EdgeholoError, match=r"ends after [0-9]+ frames, which stay readable: File too large"):
            write_many(recorder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert len(list(read(tmp_path / "a.rec"))) > 50
    with pytest.raises(EdgeholoError, match="closed"):
        recorder.write(sight(0))


def test_the_recorded_engine_plays_the_recording_over_and_over(tmp_path: Path) -> None:
    """With the time and number of the frames it is given, in the size of the picture that was recorded."""
    unseen = Sight(5, 5, (640, 480), OK, None)
    engine: Engine = RecordedEngine(record(tmp_path / "a.rec", [unseen, sight(1), unseen, sight(2, 2)]), ALL)
    found = [engine.detect(frame(seq)) for seq in range(5)]
    assert [len(people.persons) for people in found] == [1, 2, 1, 2, 1]
    assert [people.seq for people in found] == list(range(5))
    assert [people.timestamp_ns for people in found] == [seq * 10**8 for seq in range(5)]
    assert {people.size for people in found} == {(640, 480)}
    engine.reset()
    assert len(engine.detect(frame(9)).persons) == 1
    engine.close()


def test_the_recorded_engine_masks_branches(tmp_path: Path) -> None:
    """A part that nobody asks for is not there, and the branch did not run."""
    engine = RecordedEngine(record(tmp_path / "a.rec", [sight(1)]), ALL)
    engine.set_branches({Branch.POSE: Mode.OFF, Branch.LEFT_HAND: Mode.AUTO, Branch.FACE: Mode.OFF})
    people = engine.detect(frame(0))
    assert people.ran == {Branch.LEFT_HAND}
    assert people.persons[0].pose is None
    assert people.persons[0].face is None
    assert people.persons[0].left_hand is not None
    assert people.persons[0].right_hand is None


@pytest.mark.parametrize(
    ("sights", "message"),
    [([], "holds no frame"), ([Sight(5, 5, (640, 480), OK, None)], "holds no frame"), (None, "cannot read")],
)
def test_a_recording_that_cannot_be_played_is_an_error_of_the_configuration(
    sights: list[Sight] | None, message: str, tmp_path: Path
) -> None:
    """It is the option that names the file which has to be mended."""
    path = tmp_path / "a.rec"
    if sights is not None:
        record(path, sights)
    with pytest.raises(ConfigError, match=f"engine.recording: .*{message}"):
        RecordedEngine(path, ALL)
