"""``edgeholo gesture`` as a user types it: learn from a recording, list, use, forget."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from edgeholo.perceive.recording import Recorder
from edgeholo.types import Sight, Verdict
from tests.taught_shows import Look, frames, held, repeated, two_middle_fingers

_PATIENCE_S = 60.0


def _edgeholo(home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "edgeholo.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        env={**os.environ, "XDG_DATA_HOME": str(home)},
        check=False,
    )


@pytest.fixture
def shows(tmp_path: Path) -> Path:
    """Return a recording of somebody who shows a pose three times; its name says nothing of what it is."""
    looks: list[Look] = repeated(lambda begin_s, seed: held(two_middle_fingers(), begin_s, seed=seed))
    file = tmp_path / "shows"
    with Recorder(file, engine="none", source="test") as recorder:
        for frame in frames(looks):
            verdict = Verdict("ok", "", usable=True, changed=False)
            recorder.write(Sight(frame.timestamp_ns, frame.seq, frame.size, verdict, frame))
    return file


def test_a_gesture_is_learned_listed_and_forgotten(tmp_path: Path, shows: Path) -> None:
    """From a recording, without an engine; what is stored is where the user's data is."""
    learned = _edgeholo(tmp_path, "gesture", "learn", "mine", "--source", shows)
    assert learned.returncode == 0, learned.stderr
    assert "show it, 1 of 3" in learned.stdout.splitlines()[0]
    assert "mine is learned: a pose, from 3 shows" in learned.stdout
    assert "reload" in learned.stdout.splitlines()[-1]
    assert (tmp_path / "edgeholo" / "gestures" / "mine.json").exists()
    listed = json.loads(_edgeholo(tmp_path, "gesture", "list", "--json").stdout)
    assert {key: listed[key] for key in ("name", "kind", "hand", "shows")} == {
        "name": "mine",
        "kind": "pose",
        "hand": None,
        "shows": 3,
    }
    assert listed["taught"].endswith("Z")
    assert _edgeholo(tmp_path, "gesture", "list").stdout.split()[:4] == ["mine", "pose", "either", "3"]
    again = _edgeholo(tmp_path, "gesture", "learn", "mine", "--source", shows)
    assert again.returncode == 78
    assert "taught already" in again.stderr
    assert _edgeholo(tmp_path, "gesture", "learn", "mine", "--source", shows, "--replace").returncode == 0
    close = _edgeholo(tmp_path, "gesture", "learn", "yours", "--source", shows)
    assert close.returncode == 1
    assert "too close to mine" in close.stderr
    wrong = _edgeholo(tmp_path, "gesture", "forget", "mime")
    assert wrong.returncode == 1
    assert "did you mean mine?" in wrong.stderr
    assert _edgeholo(tmp_path, "gesture", "forget", "mine").returncode == 0
    assert "nothing was taught yet" in _edgeholo(tmp_path, "gesture", "list").stdout


def test_a_taught_gesture_is_an_event_like_any_other(tmp_path: Path, shows: Path) -> None:
    """The same recording, replayed, has it."""
    assert _edgeholo(tmp_path, "gesture", "learn", "mine", "--source", shows, "--shows", "2").returncode == 0
    events = [json.loads(line) for line in _edgeholo(tmp_path, "replay", shows, "--json").stdout.splitlines()]
    assert [event["name"] for event in events if event.get("phase") == "start"] == ["mine"] * 3


def test_the_man_of_the_demo_clip_teaches_nothing_new(tmp_path: Path, demo_clip: Path) -> None:
    """What he shows is known; progress is one JSON object a line, the reason one line, and nothing is stored."""
    done = _edgeholo(tmp_path, "gesture", "learn", "mine", "--source", demo_clip, "--json")
    assert done.returncode == 1
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert told[-1]["state"] == "rejected"
    assert all({"t", "state", "shows_done", "shows_wanted", "hint"} <= line.keys() for line in told)
    assert done.stderr.count("\n") == 1
    assert "too close to victory" in done.stderr
    assert not (tmp_path / "edgeholo").exists()


def test_ctrl_c_stores_nothing(tmp_path: Path) -> None:
    """And says so."""
    command = [sys.executable, "-m", "edgeholo.cli", "gesture", "learn", "mine", "--source", "pattern"]
    environ = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ) as learning:
        assert learning.stdout is not None
        assert "show it, 1 of 3" in learning.stdout.readline()
        learning.send_signal(signal.SIGINT)
        _, errors = learning.communicate(timeout=_PATIENCE_S)
    assert learning.returncode == 1
    assert errors == "edgeholo: mine is not learned: stopped; nothing is stored\n"
    assert not (tmp_path / "edgeholo").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "learn|list|forget"),
        (("learn", "victory"), 78, "victory is taken"),
        (("learn", "My Wave"), 78, "no name"),
        (("learn", "mine", "--shows", "0"), 78, "1 to 10"),
        (("learn", "mine", "--source", "/nothing.mp4"), 1, "/nothing.mp4"),
        (("forget", "mine"), 1, "no gesture mine was taught"),
    ],
)
def test_a_wrong_call_is_one_line_and_an_exit_code(
    tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """No traceback, whatever is typed."""
    done = _edgeholo(tmp_path, "gesture", *arguments)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
