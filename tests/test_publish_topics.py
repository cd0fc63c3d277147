"""Every message, and docs/topics.md: its tables, examples and decoders against the code that writes the messages."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgeholo.clock import rfc3339
from edgeholo.config import Config
from edgeholo.health import Health
from edgeholo.insight import Insight, Look, Part, Somebody, State
from edgeholo.options import OPTIONS, values
from edgeholo.publish import codec
from edgeholo.publish.outbox import Outbox
from edgeholo.publish.topics import TOPICS, Topics
from edgeholo.types import (
    Armed,
    Branch,
    CameraState,
    Face,
    Gesture,
    Hand,
    Message,
    MessageKind,
    People,
    Person,
    Phase,
    Pose,
    Presence,
    Quality,
    Side,
    Value,
)
from edgeholo.update.versions import Report

KITCHEN = Topics("edgeholo", "kitchen")
TIME = datetime(2025, 11, 22, 18, 30, 5, 250_000, tzinfo=UTC)
COUNTS = {"queued": 0, "sent": 163, "expired": 0, "overflowed": 0, "dropped": 12, "refused": 0}
EXAMPLES = {
    "availability": KITCHEN.availability("online"),
    "info": KITCHEN.info(
        version="0.1.0",
        engine="mediapipe",
        branches=[Branch.RIGHT_HAND, Branch.LEFT_HAND, Branch.POSE],
        gestures=["thumb_up", "victory", "horns"],
        profiles=["everyday", "all", "music"],
        taught=["horns"],
        known=["thumb_up", "victory", "rock", "horns"],
    ),
    "event/gesture": KITCHEN.gesture(
        Gesture("victory", Phase.START, Side.LEFT, 0.93412, 0.0, 0, 5_000_000, count=2),
        seq=17,
        run="5d1f0ac3",
        time=TIME,
    ),
    "event/action": KITCHEN.action(
        rule="Victory: party",
        trigger=Gesture("victory", Phase.START, Side.LEFT, 0.93412, 0.0, 0, 5_000_000),
        actions=["wled wled/shelf, preset 3", "webhook http://192.168.1.20/..."],
        error="http://192.168.1.20/...: no answer within 5 s",
        seq=17,
        run="5d1f0ac3",
        time=TIME,
    ),
    "state/presence": KITCHEN.presence(Presence(True, 1, 0, 400_000_000), since=TIME.replace(second=4, microsecond=0)),
    "state/armed": KITCHEN.armed(Armed(True, 0), since=TIME.replace(second=4, microsecond=0)),
    "state/VALUE": KITCHEN.value(Value("pinch", 0.42503, "change", Side.RIGHT, 1, 0)),
    "state/quality": KITCHEN.quality(Quality("dark", "too dark: turn a light on", 0)),
    "state/camera": KITCHEN.camera(CameraState("lost", "rtsp://camera.lan/...", "no frame for 4 s; opening it again")),
    "state/health": KITCHEN.health(
        Health(
            fps=14.9673,
            frames=53_801,
            dropped=3,
            skipped=120,
            latency_ms=41.5,
            engine_ms=27.25,
            cpu=0.62,
            rss_mb=212.4,
            temp_c=58.3,
            throttled="0x0",
            uptime_s=3600.0,
            branches={"pose": {"following": 41_200, "resting": 12_481}, "left_hand": {"hanging": 53_681}},
            outbox=COUNTS,
            rules={"fired": 41, "failed": 1, "waiting": 0},
            power="ok",
            written_mb_day=38.4,
        )
    ),
    "state/config": KITCHEN.config(values(Config())),
    "state/error": KITCHEN.error(
        option="hold_s", value="soon", error="gestures.hold_s: expected `float`, got `str`", time=TIME
    ),
    "state/learn": KITCHEN.learn(
        name="horns",
        state="shown",
        shows_done=1,
        shows_wanted=3,
        hint="pose seen, 1 of 3; lower the hand, then again",
    ),
    "state/update": KITCHEN.update(
        "0.1.0", Report(latest="0.3.0", refused="0.3.0", reason="no frames flow, and they did before")
    ),
    "image/skeleton": KITCHEN.skeleton(b"PNG"),
    "insight": KITCHEN.insight(
        Insight(
            timestamp_ns=0,
            t_ms=21.37,
            branches={
                "pose": Look(run=True, why="hands lead"),
                "left_hand": Look(run=True, why="following"),
                "right_hand": Look(run=False, why="hanging"),
                "face": Look(run=False, why="off"),
            },
            why_not="",
            pace="",
            persons=(
                Somebody(
                    0,
                    {
                        "left_hand": Part("thumb_up", 0.4512, State.UNSURE, why="only 45% sure, and 60% is needed"),
                        "right_hand": None,
                        "body": Part(None, 0.0, State.NONE, why="this looks like none of the gestures that it knows"),
                        "face": None,
                    },
                ),
            ),
        ),
        time=TIME,
    ),
    "landmarks": KITCHEN.landmarks(People((), frozenset(), (640, 480), 0, 0), time=TIME),
}


@pytest.fixture(scope="module")
def page(pytestconfig: pytest.Config) -> str:
    """Return docs/topics.md."""
    return (pytestconfig.rootpath / "docs" / "topics.md").read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    """Return the text below a heading."""
    return page.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def blocks(text: str, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)\n```", text, re.DOTALL)


def test_the_documented_table_of_topics_is_that_of_the_code(page: str) -> None:
    """Topic, retained, qos and kind of every row, and no row too many or too few."""
    rows = re.findall(r"^\| edgeholo/ID/(\S+) \| (yes|no) \| (\d) \| (\w+) \|", page, re.MULTILINE)
    assert sorted(rows) == sorted(
        (row.path, "yes" if row.retain else "no", str(row.qos), row.kind.value) for row in TOPICS.values()
    )


@pytest.mark.parametrize("path", EXAMPLES)
def test_a_message_goes_out_as_its_row_says(path: str) -> None:
    """Topic, retained flag, qos, kind and content type of a real message."""
    message = EXAMPLES[path]
    row = next(row for row in TOPICS.values() if row.path == path)
    assert message.topic == f"edgeholo/kitchen/{path.replace('VALUE', 'pinch')}"
    assert (message.retain, message.qos, message.kind) == (row.retain, row.qos, row.kind)
    assert message.content_type == row.content_type


@pytest.mark.parametrize("path", [path for path in EXAMPLES if path not in ("landmarks", "image/skeleton")])
def test_a_documented_example_is_what_the_code_writes(page: str, path: str) -> None:
    """The example and, for JSON, one row in the field table for every field in it."""
    text = section(page, path)
    payload = EXAMPLES[path].payload.decode()
    assert [payload] == blocks(text, "text" if path == "availability" else "json")
    if path not in ("availability", "state/config"):
        assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == list(json.loads(payload))


def test_every_option_that_can_be_set_is_documented_with_its_path(page: str) -> None:
    """No option too many or too few, and each with the names it has in the configuration."""
    rows = re.findall(r"^\| `(\w+)` \| (`\w+\.[^|]*`) \|", section(page, "set/OPTION"), re.MULTILINE)
    assert rows == [(option, ", ".join(f"`{path}`" for path in paths)) for option, paths in OPTIONS.items()]


def test_the_answer_to_a_command_is_as_documented(page: str) -> None:
    """With the correlation data of the command, on the topic that it named."""
    answer = KITCHEN.answer("answers/me", b"7", option="hold_s", value=2.5, error="")
    assert [answer.payload.decode()] == blocks(section(page, "set/OPTION"), "json")
    assert (answer.topic, answer.correlation, answer.retain) == ("answers/me", b"7", False)


def test_no_event_is_retained() -> None:
    """A retained gesture would switch the light again at every reconnect."""
    assert not [row.path for row in TOPICS.values() if row.retain and row.kind is not MessageKind.STATE]


def test_the_last_will_is_offline_on_the_topic_of_the_availability() -> None:
    """Retained, so that it replaces the online."""
    assert KITCHEN.last_will() == Message(
        "edgeholo/kitchen/availability", b"offline", MessageKind.STATE, 1, retain=True, content_type="text/plain"
    )


def test_times_are_rfc_3339_in_utc_with_milliseconds() -> None:
    """Whatever zone the caller's time is in."""
    assert (
        rfc3339(datetime(2025, 1, 1, 1, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=1))))
        == "2025-01-01T00:00:00.999Z"
    )
    assert rfc3339(TIME.replace(microsecond=0)) == "2025-11-22T18:30:05.000Z"


def test_health_tells_every_figure_and_its_outbox_what_the_outbox_counts() -> None:
    """A figure that is unknown is null."""
    payload = json.loads(KITCHEN.health(Health(1.0, 9, 0, 0, None, None, 0.5, 90.0, None, None, 1.0)).payload)
    assert list(payload) == [field.name for field in fields(Health)]
    assert payload["temp_c"] is None
    assert set(COUNTS) == set(Outbox(1, 1.0).counts(0.0))


@pytest.mark.parametrize("name", ["quality", "camera", "a/b", "", "#", "Pinch Left"])
def test_a_value_cannot_take_the_place_of_another_topic(name: str) -> None:
    """Names of values come from the gesture table, which may grow carelessly."""
    with pytest.raises(ValueError, match="cannot be a topic"):
        KITCHEN.value(Value(name, 0.5, "change", None, 1, 0))


def _frame() -> tuple[bytes, dict[str, Any]]:
    random = np.random.default_rng(5)

    def points(count: int) -> Any:  # noqa: ANN401 - an array of any size
        return random.uniform(-0.4, 1.4, (count, 3)).astype(np.float32)

    persons = (
        Person(0, Pose(points(33), random.random(33).astype(np.float32)), Hand(points(21)), None, Face(points(478))),
        Person(300, None, None, Hand(points(21))),
    )
    people = People(persons, frozenset({Branch.POSE, Branch.RIGHT_HAND}), (1280, 720), 0, 70_000)
    message = codec.encode(people, TIME)
    return message, codec.decode(message)


def _compare(decoded: dict[str, Any]) -> None:
    """Compare what a documented decoder printed with what the real one reads."""
    _message, frame = _frame()
    assert [decoded[key] for key in ("version", "time", "seq", "width", "height", "ran")] == [
        *(1, TIME.timestamp(), 70_000, 1280, 720, 1 + 4)
    ]
    assert len(decoded["people"]) == 2
    for person, expected in zip(decoded["people"], [frame, *frame["others"]], strict=True):
        assert person[0] == expected["person"]
        for part, name in zip(person[1:], ("pose", "left_hand", "right_hand", "face"), strict=True):
            if expected[name] is None:
                assert part is None
            else:
                assert np.allclose(part, expected[name], atol=1e-6)


def test_the_documented_python_decoder_reads_a_real_message(page: str, tmp_path: Path) -> None:
    """At most 20 lines, nothing to install: it runs in an interpreter without site-packages."""
    (program,) = blocks(section(page, "landmarks"), "python")
    assert len(program.splitlines()) <= 20
    (tmp_path / "message").write_bytes(_frame()[0])
    frame = "dict(version=version, time=time, seq=seq, width=width, height=height, ran=ran, people=people)"
    text = f"message = open('message', 'rb').read()\n{program}\nimport json\nprint(json.dumps({frame}))\n"
    (tmp_path / "decoder.py").write_text(text, encoding="utf-8")
    _compare(_run([sys.executable, "-I", "-S", "decoder.py"], tmp_path))


def test_the_documented_javascript_decoder_reads_a_real_message(page: str, tmp_path: Path) -> None:
    """At most 20 lines, nothing to install: node runs it."""
    node = shutil.which("node")
    assert node, "this test runs the documented decoder: apt-get install nodejs"
    (program,) = blocks(section(page, "landmarks"), "js")
    assert len(program.splitlines()) <= 20
    (tmp_path / "message").write_bytes(_frame()[0])
    text = f"{program}\nconsole.log(JSON.stringify(decode(require('fs').readFileSync('message'))));\n"
    (tmp_path / "decoder.js").write_text(text, encoding="utf-8")
    _compare(_run([node, "decoder.js"], tmp_path))


def _run(command: list[str], folder: Path) -> dict[str, Any]:
    output = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=60).stdout
    decoded: dict[str, Any] = json.loads(output)
    return decoded
