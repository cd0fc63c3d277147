"""The screen of ``edgeholo watch`` as a function of what was heard: the same view is the same screen."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edgeholo.cli.screen.canvas import Canvas
from edgeholo.cli.screen.glyphs import Glyphs, has_braille
from edgeholo.cli.screen.layout import screen
from edgeholo.cli.screen.units import Units
from edgeholo.cli.screen.view import View
from edgeholo.publish.client import Received
from edgeholo.publish.codec import encode
from edgeholo.types import Branch, People, Person
from tests import body_shapes, hand_shapes

NOW_S = 100.0
ACTIVE = {"shape": "thumb_up", "confidence": 0.93, "state": "active", "progress": 0.7, "why": ""}
UNSURE = {
    "shape": "open_palm",
    "confidence": 0.41,
    "state": "unsure",
    "progress": 0.0,
    "why": "too far from the camera",
}
INSIGHT = {
    "time": "2026-11-22T18:30:03.250Z",
    "t_ms": 21.0,
    "branches": {
        "pose": {"run": True, "why": "hands lead"},
        "left_hand": {"run": True, "why": "following"},
        "right_hand": {"run": False, "why": "hanging"},
        "face": {"run": False, "why": "off"},
    },
    "looking": True,
    "why_not": "",
    "pace": "",
    "persons": [{"person": 0, "parts": {"left_hand": ACTIVE, "right_hand": UNSURE, "body": None, "face": None}}],
}
HEALTH = {"fps": 14.967, "engine_ms": 27.25, "latency_ms": 41.5, "cpu": 0.62, "rss_mb": 212.4, "temp_c": 58.3}
GESTURE = {"event_type": "thumb_up", "hand": "left", "confidence": 0.93, "person": 0, "run": "5d1f0ac3"}
ACTION = {"trigger": "thumb_up", "phase": "start", "run": "5d1f0ac3", "seq": 1, "time": "2026-11-22T18:30:02Z"}
LAMP = {"rule": "Lamp", "actions": ["mqtt lamp/set"], "ok": True, "error": None}
BELL = {"rule": "Bell", "actions": ["webhook"], "ok": False, "error": "no answer"}


class Home:
    """What is heard at a broker."""

    def __init__(self) -> None:
        self.view = View(Units("edgeholo"), now_s=NOW_S, broker="mqtt://broker:1883")

    def hear(self, path: str, payload: object, *, ago_s: float = 0.0) -> None:
        """Hear a message below ``edgeholo/``; what is no bytes and no text is JSON."""
        text = payload if isinstance(payload, str) else json.dumps(payload) if not isinstance(payload, bytes) else ""
        content = payload if isinstance(payload, bytes) else text.encode()
        self.view.units.hear(Received(f"edgeholo/{path}", content, retained=False), NOW_S - ago_s)

    def lines(self, width: int = 80, height: int = 24) -> list[str]:
        """Return the screen."""
        return [line.plain.rstrip() for line in screen(self.view, width, height)]

    def said(self) -> str:
        """Return the sentences beside the panel."""
        return " ".join(" ".join(line[:44] for line in self.lines()).split())

    def text(self) -> str:
        """Return the screen as one text."""
        return "\n".join(self.lines())


def landmarks() -> bytes:
    """Return a message: somebody stands there and shows a thumb."""
    body = body_shapes.skeleton(body_shapes.Body(left=(140.0, 20.0)))
    pose = body_shapes.pose(body, scale_px=100.0, at=(300.0, 420.0))
    wrist = pose.points[15, :2] * (640, 480)
    thumb = hand_shapes.hand(hand_shapes.shape("thumb_up"), size_px=70.0, at=(float(wrist[0]), float(wrist[1])))
    people = People((Person(0, pose, thumb),), frozenset(Branch), (640, 480), 0, 7)
    return encode(people, datetime(2026, 11, 22, tzinfo=UTC))


SCREEN = """\
 edgeholo  hall online  unit 1 of 2                           mqtt://broker:1883
somebody is there · picture ok
────────────────────────────────────────────────────────────────────────────────
                                              THUMB UP left
                                               2.0 s, hold, confidence 0.93

                                             left hand   thumb_up 0.93 ████░░
                                             right hand  open_palm 0.41
                    ⢀        ⡅                 too far from the camera
                   ⠈⠕⠅⠁     ⢸ ⣴⣪⠄            body        not seen
                 ⢀⣀⣀⣀⣀⣀⣀   ⢀L⠮⢵⠾⠅
                 ⢸⡆    ⡸⠑⡄ ⡜                 pose        runs: hands lead
                 ⢸⡇    ⡇ ⠈⠲⠁                 left hand   runs: following
                 ⡎⢸   ⢀⠇                     right hand  rests: hanging
                 ⡇⢸   ⢸                      face        off
                 R ⡗⠒⠒⢺
                   ⡇  ⢸
── what happened ───────────────────────────────────────────────────────────────
18:30:02 thumb_up  hold   left  0.93
18:30:01 thumb_up  start  left  0.93 → Lamp: mqtt lamp/set → Bell: no answer


15.0 frames/s · 27 ms a look · 42 ms late · 62% of a core · 212 MB · 58 °C
q quit  u next unit  m mirror  p plain letters  ? help
"""


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Home:
    """Return a home in which the unit of the hall sees a thumb, and switched a lamp on for it."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    home = Home()
    home.hear("hall/availability", "online")
    home.hear("kitchen/availability", "offline")
    home.hear("hall/state/presence", {"person": True, "count": 1})
    home.hear("hall/state/quality", {"state": "ok", "hint": ""})
    home.hear("hall/state/health", HEALTH)
    home.hear("hall/landmarks", landmarks())
    home.hear("hall/insight", INSIGHT)
    for number, phase in ((1, "start"), (2, "hold")):
        home.hear(
            "hall/event/gesture",
            {**GESTURE, "phase": phase, "seq": number, "time": f"2026-11-22T18:30:0{number}Z"},
            ago_s=3.0 - number,
        )
    for deed in (LAMP, BELL):
        home.hear("hall/event/action", {**ACTION, **deed})
    return home


def test_a_screen_of_80x24_shows_it_all(home: Home) -> None:
    """Skeleton, what it sees and why it does not count, branches, events with what they fired, health, keys."""
    assert home.lines() == SCREEN.splitlines()


def test_the_docs_show_this_very_screen() -> None:
    """docs/seeing.md."""
    page = Path(__file__).parents[1] / "docs" / "seeing.md"
    assert f"```text\n{SCREEN}```" in page.read_text(encoding="utf-8")


def test_plain_letters_are_plain(home: Home) -> None:
    """For a terminal without Unicode everything is ASCII, names of rules too."""
    home.hear("hall/event/gesture", {**GESTURE, "phase": "start", "seq": 3, "time": "2026-11-22T18:30:03Z"})
    home.hear("hall/event/action", {**ACTION, **LAMP, "seq": 3, "rule": "Kürlampe →"})
    home.view.glyphs = Glyphs(plain=True)
    assert home.text().isascii()
    assert "-> Kurlampe ->: mqtt lamp/set" in home.text()
    assert home.lines()[8].startswith("                    _        |")


def test_a_mirror_swaps_the_sides_of_the_picture_and_not_of_the_person(home: Home) -> None:
    """The left hand stays the left hand."""
    (line,) = [line[:44] for line in home.lines()[3:18] if "L" in line[:44]]
    home.view.mirrored = True
    (other,) = [line[:44] for line in home.lines()[3:18] if "L" in line[:44]]
    assert line.index("L") > 22 > other.index("L")
    assert "mirrored" in home.lines()[-1]


@pytest.mark.parametrize(("width", "height"), [(80, 24), (81, 25), (120, 40), (200, 60), (500, 24), (80, 200)])
def test_every_line_fits_into_every_window(home: Home, width: int, height: int) -> None:
    """From 80x24 on; a line more or too long would scroll the screen away."""
    for glyphs in (Glyphs(), Glyphs(plain=True)):
        home.view.glyphs = glyphs
        lines = screen(home.view, width, height)
        assert len(lines) == height
        assert max(line.cell_len for line in lines) <= width


@pytest.mark.parametrize(("width", "height"), [(79, 24), (80, 23), (20, 5), (1, 1)])
def test_a_window_that_is_too_small_says_so(home: Home, width: int, height: int) -> None:
    """With its size, and what is needed, as far as that fits."""
    lines = home.lines(width, height)
    assert len(lines) == height
    assert max(map(len, lines)) <= width
    assert width < 20 or f"{width}x{height}" in lines[0] + " " + lines[1]


@pytest.mark.parametrize(
    ("path", "payload", "words"),
    [
        ("availability", "offline", "hall is offline: no power, or no network."),
        ("availability", "stopped", "hall was stopped."),
        ("state/camera", {"state": "closed", "source": "camera", "detail": ""}, "The camera is off, for privacy."),
        ("state/camera", {"state": "lost", "source": "camera", "detail": "no frame for 4 s"}, "The camera: no frame for 4 s."),
        ("insight", {**INSIGHT, "looking": False, "why_not": "nothing moves", "persons": []}, "Not looking: nothing moves."),
        ("insight", {**INSIGHT, "pace": "at most 5 frames a second: the board is hot"}, "the board is hot"),
        ("state/quality", {"state": "dark", "hint": "too dark: turn a light on"}, "too dark: turn a light on"),
        ("state/presence", {"person": True, "count": 2}, "2 people are there"),
        ("state/presence", {"person": False, "count": 0}, "nobody in sight"),
        ("state/config", {"arming": True}, "waits for the wake gesture"),
        ("state/health", {**HEALTH, "hint": "the supply sags"}, "the supply sags"),
        ("state/learn", {"name": "horns", "state": "shown", "shows_done": 1, "shows_wanted": 3, "hint": "again"}, "learning horns, 1 of 3: again"),
        ("state/error", {"option": "watch", "value": "1", "error": "no such option", "time": "2026-11-22T18:30:05Z"}, "watch 1: no such option"),
        ("event/action", {**ACTION, **LAMP, "trigger": "presence", "seq": None}, "presence  start             → Lamp: mqtt lamp/set"),
    ],
)  # fmt: skip
def test_what_the_unit_says_of_itself_is_on_the_screen(home: Home, path: str, payload: object, words: str) -> None:
    """Why there is no skeleton, why nothing counts, what weighs on it."""
    home.hear(f"hall/{path}", payload)
    assert words in home.said() + home.text()


def test_what_is_old_is_not_shown_as_new(home: Home) -> None:
    """A skeleton that stands still would be taken for somebody who does."""
    home.view.now_s += 2.5
    assert "Waiting for skeletons." in home.text()
    assert "THUMB UP" in home.text()
    home.view.now_s += 60
    assert "THUMB UP" not in home.text()


def test_a_gesture_that_ended_is_not_shown_any_more(home: Home) -> None:
    """A movement has no end, and is shown for a moment."""
    home.hear("hall/event/gesture", {**GESTURE, "phase": "end", "seq": 4})
    assert "no gesture now" in home.text()
    home.hear("hall/insight", {**INSIGHT, "persons": []})
    assert "sees nobody" in home.text()
    home.hear("hall/event/gesture", {**GESTURE, "event_type": "wave", "phase": "once", "seq": 5})
    assert "WAVE left" in home.text()
    home.view.now_s += 3
    assert "WAVE" not in home.text()


def test_units_take_turns_and_the_one_that_is_online_comes_first(home: Home) -> None:
    """The kitchen is away; key u shows it all the same."""
    assert home.view.name == "hall"
    home.view.asked = home.view.units.after("hall")
    assert home.view.name == "kitchen"
    assert "kitchen is offline: no power, or no network. There is hall: key u." in home.said()
    assert home.view.units.after("kitchen") == "hall"


def test_a_home_without_a_unit_says_what_to_do() -> None:
    """And one in which the unit that was asked for never spoke."""
    empty = Home()
    assert "No unit has spoken yet." in empty.text()
    empty.view.asked = "attic"
    assert "attic has not spoken yet." in empty.text()


def test_a_broker_that_is_away_is_named(home: Home) -> None:
    """With its reason."""
    home.view.trouble = "broker: connection refused"
    assert home.lines()[0].endswith("broker away")
    assert "broker: connection refused" in home.text()
    assert "The broker is away; trying again." in home.text()


@pytest.mark.parametrize(
    ("path", "payload"),
    [
        ("landmarks", b"rubbish"),
        ("landmarks", b""),
        ("insight", b"["),
        ("insight", {"branches": 1}),
        ("insight", {"persons": [{"person": 0, "parts": {"body": {"shape": 3}}}]}),
        ("event/gesture", {}),
        ("event/gesture", {"event_type": None, "phase": 3, "hand": ["left"], "confidence": "much", "time": 7}),
        ("event/action", {"seq": [1], "run": {}, "actions": "x", "rule": None}),
        ("state/health", {"fps": "fast", "cpu": None, "hint": ["x"]}),
        ("state/learn", {"name": 1, "state": "shown"}),
        ("state/camera", {"state": ["x"], "detail": 3}),
        ("state/error", {}),
        ("availability", b"\xff"),
        ("state/presence", {"person": 1, "count": "many"}),
    ],
)
def test_nonsense_on_the_broker_does_no_harm(home: Home, path: str, payload: object) -> None:
    """Anybody may publish there."""
    home.hear(f"hall/{path}", payload)
    assert len(home.lines()) == 24


def test_no_message_can_command_the_terminal(home: Home) -> None:
    """Letters that do are left out: a rule's name is somebody else's text."""
    home.hear("hall/event/action", {**ACTION, **LAMP, "seq": None, "rule": "\x1b[2J\x9b\r\x07evil\u202e"})
    assert not {letter for letter in home.text() if not letter.isprintable()} - {"\n"}
    assert "evil" in home.text()


def test_lines_that_leave_the_canvas_are_cut() -> None:
    """A hand may be far outside the picture."""
    canvas = Canvas(3, 1)
    canvas.line((-1000.0, 1.0), (1000.0, 1.0), "red")
    (row,) = canvas.rows()
    assert row.plain == "⠒⠒⠒"
    assert row.spans[0].style == "red"


def test_a_cell_has_eight_dots() -> None:
    """Two across and four down."""
    canvas = Canvas(1, 1)
    for x in range(2):
        for y in range(4):
            canvas.dot(x, y)
    assert next(canvas.rows()).plain == "⣿"


@pytest.mark.parametrize(
    ("environ", "braille"),
    [
        ({"LANG": "de_DE.UTF-8", "TERM": "xterm-256color"}, True),
        ({"LANG": "C.utf8", "TERM": "xterm"}, True),
        ({"LANG": "C", "TERM": "xterm"}, False),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "C", "TERM": "xterm"}, False),
        ({"LANG": "en_GB.ISO-8859-1", "TERM": "xterm"}, False),
        ({"TERM": "xterm"}, False),
        ({"LANG": "en_GB.UTF-8", "TERM": "linux"}, False),
    ],
)
def test_braille_is_for_terminals_that_have_it(environ: dict[str, str], braille: bool) -> None:
    """The locale says so; the Linux console's font has none."""
    assert has_braille(environ) is braille
