"""What careless users do: each is one clear line, the right exit code, and nothing of theirs is lost."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeholo.cli import bench
from edgeholo.cli.main import main
from edgeholo.config import Config
from edgeholo.errors import EdgeholoError
from tests.real_broker import until

_PATIENCE_S = 60.0
_MODULE = [sys.executable, "-m", "edgeholo.cli"]


def _complaint(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one line on stderr."""
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def _recorded(file: Path) -> tuple[str, ...]:
    """Return arguments for an engine that needs no models."""
    config = file.with_suffix(".toml")
    config.write_text(f'engine.name = "recorded"\nengine.recording = "{file}"\nmotion.enabled = false\n')
    return ("--config", str(config))


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory, demo_clip: Path) -> Path:
    """Return a recording of the demo clip."""
    file = tmp_path_factory.mktemp("recording") / "demo.holo"
    assert main(["record", str(demo_clip), str(file)]) == 0
    return file


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["events"], "edgeholo events: the following arguments are required: SRC; see edgeholo events --help"),
        (["events", "x.mp4", "--hold", "soon"], "--hold: invalid float value: 'soon'"),
        (["models", "eat"], "invalid choice: 'eat'"),
    ],
)
def test_a_wrong_argument_is_one_line(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The usage is a --help away, and not six lines in the way of what is wrong."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert words in _complaint(capsys)


def test_a_command_that_nobody_knows_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The nearest one is suggested."""
    assert main(["evnts"]) == 2
    assert _complaint(capsys) == "edgeholo: no command evnts; did you mean events?"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'broker.url = "mqt://x"', "is no broker"),
        (b'broker.url = "mqtt://u@x"\nbroker.password_file = "/nothing/here"', "/nothing/here cannot be read"),
        (b'camera.source = "rtps://10.0.0.7/live"', "is no kind of source"),
        (b'gestures.enabled = ["thumbs_up"]', "there is no gesture 'thumbs_up'"),
        (b'engine.name = "litter"', "engine.name: invalid enum value 'litter'; it is one of litert, mediapi"),
        (b"camera.width = 640\xff", "is no TOML"),
        (b"#" * 2_000_000, "is no configuration: it is longer than 1 MB"),
    ],
)
def test_config_check_finds_what_the_daemon_would_stumble_over(
    content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is called good starts, as far as this machine can tell."""
    file = tmp_path / "edgeholo.toml"
    file.write_bytes(content)
    assert main(["config", "check", "--config", str(file)]) == 78
    assert words in _complaint(capsys)


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfcamera.width = 640\n", b"[camera]\r\nwidth = 640\r\n", b""])
def test_a_configuration_from_windows_is_as_good_as_any(content: bytes, tmp_path: Path) -> None:
    """Byte order marks and line ends are no mistake."""
    file = tmp_path / "edgeholo.toml"
    file.write_bytes(content)
    assert main(["config", "check", "--config", str(file)]) == 0


def test_a_device_for_a_configuration_does_not_fill_the_memory(capsys: pytest.CaptureFixture[str]) -> None:
    """No more is read than a configuration can have."""
    assert main(["config", "check", "--config", "/dev/zero"]) == 78
    assert "is no configuration" in _complaint(capsys)


@pytest.mark.parametrize("url", ["none", "embedded"])
def test_watch_says_where_nobody_can_be_heard(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """URLs that are no address are no typing error either."""
    assert main(["watch", "--broker", url]) == 78
    assert "--broker mqtt://host" in _complaint(capsys)


def test_watch_without_a_broker_says_so_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Not in the log and in the error."""
    assert main(["watch", "--broker", "mqtt://127.0.0.1:1"]) == 1
    assert "nobody listens at 127.0.0.1:1" in _complaint(capsys)


@pytest.mark.parametrize("source", ["~nobody-of-this-name/clip.mp4", "/nothing/here"])
def test_a_source_that_is_not_there_costs_no_recording(
    source: str, recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file to write is touched when the first frame is there, and not before."""
    mine = tmp_path / "mine.holo"
    mine.write_bytes(b"months of work")
    assert main(["record", source, str(mine), *_recorded(recording)]) == 1
    assert "no such file" in _complaint(capsys)
    assert mine.read_bytes() == b"months of work"


@pytest.mark.parametrize(("command", "name"), [("record", "clip.mkv"), ("annotate", "clip.mkv"), ("annotate", "a.png")])
def test_nobody_overwrites_what_is_being_read(
    command: str, name: str, recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same name twice, even by another path, is a slip."""
    mine = tmp_path / name
    assert cv2.imwrite(str(tmp_path / "a.png"), np.full((48, 64, 3), 90, np.uint8))
    if name != "a.png":
        assert main(["annotate", str(tmp_path / "a.png"), str(mine), *_recorded(recording)]) == 0
    capsys.readouterr()
    before = mine.read_bytes()
    assert main([command, str(mine), str(tmp_path / "." / name), *_recorded(recording)]) == 1
    assert "is what is being read" in _complaint(capsys)
    assert mine.read_bytes() == before


def test_pictures_of_several_sizes_are_all_in_the_video(recording: Path, tmp_path: Path) -> None:
    """A frame of another size is fitted into the first one's, for OpenCV would leave it out."""
    folder = tmp_path / "stills"
    folder.mkdir()
    for name, (height, width) in {"1.png": (48, 64), "2.png": (96, 64), "3.png": (24, 120)}.items():
        assert cv2.imwrite(str(folder / name), np.full((height, width, 3), 200, np.uint8))
    video = tmp_path / "all.mkv"
    assert main(["annotate", str(folder), str(video), *_recorded(recording)]) == 0
    capture = cv2.VideoCapture(str(video))
    frames = []
    while (answer := capture.read())[0]:
        frames.append(answer[1])
    assert len(frames) == 60
    assert {frame.shape for frame in frames} == {(48, 64, 3)}
    assert frames[30][:, 32].mean() > 150 > frames[30][:, 2].mean()


@pytest.mark.parametrize("name", ["full.mp4", "full.avi", "full.mkv", "full.png"])
def test_a_full_disk_is_said(name: str, recording: Path, tmp_path: Path) -> None:
    """A video that OpenCV could not finish is not called done; a file size limit stands for the disk."""
    picture = tmp_path / "noise.png"
    noise = np.random.default_rng(0).integers(0, 255, (240, 320, 3), np.uint8)
    assert cv2.imwrite(str(picture), noise)
    # 2 blocks are 1 kB; to go beyond is an error of the write, for Python ignores the signal.
    shell = ["sh", "-c", 'ulimit -f 2; exec "$@"', "sh", *_MODULE]
    done = subprocess.run(
        [*shell, "annotate", str(picture), str(tmp_path / name), *_recorded(recording)],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert f"edgeholo: cannot write {tmp_path / name}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["config", "show"], ["models", "list"], ["--help"]])
def test_an_answer_that_cannot_be_written_is_said(arguments: list[str]) -> None:
    """A full disk behind `>` is no success, and no traceback."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*_MODULE, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, timeout=_PATIENCE_S, check=False
        )
    assert done.returncode == 1
    assert done.stderr == "edgeholo: standard output: No space left on device\n"


def test_a_reader_that_has_enough_is_no_error() -> None:
    """`edgeholo config show | head -1`."""
    done = subprocess.run(
        ["bash", "-c", 'set -o pipefail; "$@" config show | head -1', "bash", *_MODULE],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[device]\n", "")


@pytest.mark.parametrize("command", ["events", "landmarks", "record", "annotate"])
def test_ctrl_c_ends_a_camera_as_the_end_of_a_clip_would(command: str, recording: Path, tmp_path: Path) -> None:
    """What was seen until then is whole: the last line is printed, the file is finished."""
    out = {"record": [tmp_path / "out.holo"], "annotate": [tmp_path / "out.mp4"]}.get(command, [])
    process = subprocess.Popen(
        [*_MODULE, command, "pattern", *out, *_recorded(recording)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout
    if out:
        until(lambda: any(tmp_path.glob("*out*")), _PATIENCE_S)  # a video has another name until it is whole
    else:
        process.stdout.readline()
    process.send_signal(signal.SIGINT)
    printed, complaints = process.communicate(timeout=_PATIENCE_S)
    assert (process.returncode, complaints) == (0, "")
    if command == "events":
        assert printed.splitlines()[-1].split()[2:4] == ["end", "frames"]
    if command == "record":
        assert main(["replay", str(out[0])]) == 0
    if command == "annotate":
        assert cv2.VideoCapture(str(out[0])).read()[0]


def _die(_config: Config) -> None:
    os._exit(9)


def test_an_engine_that_dies_does_not_hang_the_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that the kernel kills for want of memory is named, and not waited for."""
    monkeypatch.setattr(bench, "_measure_or_explain", _die)
    with pytest.raises(EdgeholoError, match="the engine litert brought its process down"):
        bench._in_a_process(Config())
