"""The commands as a user types them: exit codes, lines, files."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from paho.mqtt import publish

from edgeholo.checks.cures import CURES
from edgeholo.checks.table import CHECKS
from edgeholo.cli.main import COMMANDS
from edgeholo.perceive.models.cache import cache_folder
from edgeholo.perceive.models.manifest import ASSETS
from tests.real_broker import Mosquitto, options, until

_PATIENCE_S = 60.0
_SHOWN = [("victory", "left"), ("thumb_up", "left"), ("victory", "left"), ("thumb_up", "left")]


def _edgeholo(*arguments: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "edgeholo.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        env={**os.environ, **environ},
        check=False,
    )


def _lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _starts(events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(event["name"], event["hand"]) for event in events if event.get("phase") == "start"]


@pytest.fixture(scope="module")
def events(demo_clip: Path) -> list[dict[str, Any]]:
    """Return what ``edgeholo events`` says of the demo clip."""
    return _lines(_edgeholo("events", demo_clip, "--json"))


@pytest.fixture(scope="module")
def frames(demo_clip: Path) -> list[dict[str, Any]]:
    """Return what ``edgeholo landmarks`` says of the demo clip, with the face."""
    return _lines(_edgeholo("landmarks", demo_clip, "--branches", "pose,hands,face", "--smoothing", "none"))


def test_events_of_the_demo_clip_are_what_the_man_shows(events: list[dict[str, Any]]) -> None:
    """Victory, thumb up, victory, thumb up, with the left hand; the last line counts the frames."""
    assert _starts(events) == _SHOWN
    assert events[0] == {"t": 0.4, "event": "presence", "present": True, "count": 1}
    assert events[-1] == {"t": 4.2, "event": "end", "frames": 43}
    assert {"t", "event", "name", "phase", "hand", "confidence", "person"} <= events[1].keys()


def test_an_npm_source_is_fetched_as_the_demo_clip_is(events: list[dict[str, Any]]) -> None:
    """The labels name the clip by its package."""
    named = _lines(_edgeholo("events", "npm:fingerpose@0.1.0/package/assets/fingers-lq.gif", "--json"))
    assert named == events


def test_a_shorter_hold_is_held_sooner(demo_clip: Path) -> None:
    """--hold overrides the configuration."""
    held = _lines(_edgeholo("events", demo_clip, "--json", "--hold", "0.3"))
    assert any(event.get("phase") == "hold" for event in held)
    assert _edgeholo("events", demo_clip, "--hold", "-1").returncode == 78


def test_events_for_people_are_columns(demo_clip: Path) -> None:
    """Without --json a line reads as a sentence would."""
    done = _edgeholo("events", demo_clip)
    assert "victory  start  left  confidence" in done.stdout
    assert done.stdout.splitlines()[-1].split() == ["4.20", "s", "end", "frames", "43"]


def test_a_replay_gives_the_same_events(tmp_path: Path, demo_clip: Path, events: list[dict[str, Any]]) -> None:
    """A recording holds all that interpretation needs, and not one pixel."""
    file = tmp_path / "bug.holo"
    assert _edgeholo("record", demo_clip, file).returncode == 0
    assert _lines(_edgeholo("replay", file, "--json")) == events
    assert file.stat().st_size < demo_clip.stat().st_size / 5


def test_landmarks_have_all_points(frames: list[dict[str, Any]]) -> None:
    """33 body points with visibility, 468 of the face, 21 of the hand that is shown, in fractions of the picture."""
    assert [frame["seq"] for frame in frames] == list(range(43))
    whole = next(frame for frame in frames if frame["left_hand"] and frame["face"])
    assert whole["size"] == [320, 240]
    assert np.array(whole["pose"]).shape == (33, 4)
    assert np.array(whole["left_hand"]).shape == (21, 3)
    assert np.array(whole["face"]).shape == (468, 3)
    assert 0 < np.array(whole["face"])[:, :2].mean() < 1


def test_irises_make_it_478(demo_clip: Path) -> None:
    """--refine-face runs the mesh with attention."""
    refined = _lines(_edgeholo("landmarks", demo_clip, "--engine", "mediapipe", "--branches", "face", "--refine-face"))
    assert {len(frame["face"]) for frame in refined if frame["face"]} == {478}
    assert all(frame["pose"] is None and frame["left_hand"] is None for frame in refined)


def test_bench_measures_every_engine_on_the_same_frames(demo_clip: Path) -> None:
    """With and without the face, every frame and as the scheduler decides; parts that do not run are not found."""
    done = _edgeholo("bench", demo_clip, "--json")
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    engines = json.loads(done.stdout)["engines"]
    assert list(engines) == ["litert", "litert-adaptive", "mediapipe", "mediapipe-face"]
    assert {costs["frames"] for costs in engines.values()} == {43}
    assert engines["mediapipe"]["face"] == engines["litert"]["face"] == 0 < engines["mediapipe-face"]["face"]
    for costs in engines.values():
        assert costs["left_hand"] > 38
        assert costs["cpu_ms_mean"] > 0
        assert costs["wall_ms"] <= costs["wall_ms_p95"]
        assert 50 < costs["rss_mb"] < 450
    assert "cpu_ms" in _edgeholo("bench", demo_clip, "--engines", "litert").stdout.splitlines()[0]


def test_annotate_draws_on_a_still_and_a_video(tmp_path: Path, demo_clip: Path) -> None:
    """The picture is as large as the source, the video as long, and both differ from it."""
    still, video = tmp_path / "still.png", tmp_path / "video.mp4"
    assert "1 frame" in _edgeholo("annotate", demo_clip, still).stdout
    assert "43 frames" in _edgeholo("annotate", demo_clip, video).stdout
    drawn = cv2.imread(str(still))
    source = cv2.VideoCapture(str(demo_clip)).read()[1]
    assert drawn is not None
    assert drawn.shape == source.shape
    assert (drawn != source).any(axis=2).mean() > 0.01
    written = cv2.VideoCapture(str(video))
    assert written.get(cv2.CAP_PROP_FRAME_COUNT) == 43
    assert written.get(cv2.CAP_PROP_FPS) == pytest.approx(10, abs=0.1)


def test_config_show_knows_every_value_and_its_origin_but_no_password(tmp_path: Path) -> None:
    """What is printed is a configuration again, with the secret left out."""
    file = tmp_path / "edgeholo.toml"
    file.write_text('[broker]\nurl = "mqtt://me:secret@broker"\n[gestures.each.ok]\nhold_s = 2\n', encoding="utf-8")
    done = _edgeholo("config", "show", "--config", file, EDGEHOLO_CAMERA_SOURCE="rtsp://me:secret@camera/live")
    assert done.returncode == 0, done.stderr
    assert "secret" not in done.stdout
    assert 'url = "mqtt://me@broker"' in done.stdout
    assert f"# {file}" in done.stdout
    assert "# EDGEHOLO_CAMERA_SOURCE" in done.stdout
    shown = tmp_path / "shown.toml"
    shown.write_text(done.stdout, encoding="utf-8")
    assert _edgeholo("config", "check", "--config", shown).returncode == 0


def test_config_check_explains_a_mistake(tmp_path: Path) -> None:
    """One line, exit code 78."""
    file = tmp_path / "edgeholo.toml"
    file.write_text('[gestures]\nenabled = ["thumbs_up"]\n', encoding="utf-8")
    done = _edgeholo("config", "check", "--config", file)
    assert done.returncode == 78
    assert "thumbs_up" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_models_are_listed_verified_and_a_corrupt_one_is_named(tmp_path: Path) -> None:
    """A file with one changed byte is found, and fetched again when it is asked for."""
    cache = tmp_path / "cache"
    shutil.copytree(cache_folder("assets"), cache / "assets")
    broken = cache / "assets" / "hand_recrop.tflite"
    broken.write_bytes(b"\0" + broken.read_bytes()[1:])
    name = "hand_recrop.tflite"
    done = _edgeholo("models", "verify", name, EDGEHOLO_CACHE=str(cache))
    assert done.returncode == 78
    assert done.stdout.startswith("corrupt")
    assert "edgeholo models fetch" in done.stderr
    assert _edgeholo("models", "fetch", name, EDGEHOLO_CACHE=str(cache)).stdout.startswith("ok")
    assert _edgeholo("models", "verify", name, EDGEHOLO_CACHE=str(cache)).returncode == 0
    assert len(_edgeholo("models", "list").stdout.splitlines()) == len(ASSETS)
    assert _edgeholo("models", "verify", "nothing.tflite").returncode == 78


def test_the_doctor_names_what_is_wrong_and_how_to_mend_it(tmp_path: Path) -> None:
    """A test picture is a camera; a broker that is not there is a finding with a reason, and the exit code."""
    arguments = ("doctor", "--json", "--source", "pattern", "--broker", "mqtt://127.0.0.1:1")
    done = _edgeholo(*arguments, HOME=str(tmp_path), EDGEHOLO_CACHE=str(cache_folder("assets").parent))
    findings = {finding["check"]: finding for finding in json.loads(done.stdout)["findings"]}
    assert done.returncode == 1
    assert findings["camera"]["state"] == "ok"
    assert findings["engine"]["state"] == "ok"
    assert findings["models"]["state"] == "ok"
    assert findings["broker"]["state"] == "bad"
    assert "127.0.0.1" in findings["broker"]["text"]
    assert (findings["broker"]["code"], findings["broker"]["mend"]) == ("broker-off", CURES["broker-off"].cure)
    assert list(findings) == list(CHECKS)


def test_watch_prints_what_arrives(tmp_path: Path) -> None:
    """A subscriber's view, a line a message, retained ones marked."""
    with Mosquitto(tmp_path) as broker:
        presence = "edgeholo/hall/state/presence"
        publish.single(presence, '{"person":true,"count":1}', retain=True, hostname="127.0.0.1", port=broker.port)
        command = [sys.executable, "-m", "edgeholo.cli", "watch", "--broker", options(broker.url).url]
        watch = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert watch.stdout
        assert watch.stdout.readline() == "edgeholo/hall/state/presence (retained)  person True  count 1\n"
        publish.single("edgeholo/hall/landmarks", "rubbish", hostname="127.0.0.1", port=broker.port)
        assert "7 bytes" in watch.stdout.readline()
        watch.send_signal(2)
        until(lambda: watch.poll() is not None)
        assert watch.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("evnts",), 2, "did you mean events?"),
        ((), 2, ""),
        (("events",), 2, "SRC"),
        (("events", "/nothing.mp4"), 1, "/nothing.mp4"),
        (("events", "npm:nonsense"), 78, "npm:NAME@VERSION"),
        (("landmarks", "x.mp4", "--branches", "pose,feet"), 78, "known are pose, hands, left_hand, right_hand, face"),
        (("replay", "/nothing.holo"), 1, "/nothing.holo"),
        (("annotate", "x.mp4", "out.doc"), 78, ".png"),
        (("annotate", "x.mp4", "/nothing/out.png"), 1, "/nothing"),
        (("bench", "x.mp4", "--engines", "warp"), 78, "known are litert"),
        (("run", "--config", "/nothing.toml"), 78, "/nothing.toml"),
    ],
)
def test_a_wrong_call_is_one_line_and_an_exit_code(arguments: tuple[str, ...], code: int, words: str) -> None:
    """No traceback, whatever is typed."""
    done = _edgeholo(*arguments)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_help_names_every_command() -> None:
    """And each command explains itself."""
    shown = _edgeholo("--help").stdout
    assert all(f"  {name}  " in shown or f"  {name} " in shown for name in COMMANDS)
    for name in COMMANDS:
        done = _edgeholo(name, "--help")
        assert done.returncode == 0
        assert f"edgeholo {name}" in done.stdout


def test_a_reader_that_goes_away_is_no_error(demo_clip: Path) -> None:
    """``edgeholo landmarks ... | head -1`` ends in silence."""
    command = f"{sys.executable} -m edgeholo.cli landmarks {demo_clip} | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    assert json.loads(done.stdout)["seq"] == 0
    assert not done.stderr


def test_what_the_scheduler_rests_is_shown_as_it_was(demo_clip: Path, frames: list[dict[str, Any]]) -> None:
    """With --adaptive the engine looks less often, and the skeleton does not flicker."""
    adaptive = _lines(_edgeholo("landmarks", demo_clip, "--adaptive"))
    shown = [sum(frame["pose"] is not None for frame in each) for each in (frames, adaptive)]
    assert shown == [43, 43]
    hands = [sum(frame["left_hand"] is not None for frame in each) for each in (frames, adaptive)]
    assert hands[1] >= 0.9 * hands[0]


def test_explain_says_what_ran_and_why(demo_clip: Path) -> None:
    """A line a frame on stderr; events stay on stdout."""
    done = _edgeholo("events", demo_clip, "--json", "--explain")
    assert done.returncode == 0
    explained = [line for line in done.stderr.splitlines() if " s  " in line]
    assert len(explained) == 43
    assert "detector runs: searching" in explained[0]
    assert "face rests: off" in explained[0]
    assert any("pose rests: resting" in line for line in explained)
