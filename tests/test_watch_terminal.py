"""``edgeholo watch`` in a real terminal of 80x24, with a real mosquitto and real daemons."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from edgeholo.publish.subscriber import Subscriber
from tests.commanding import Speaker
from tests.real_broker import Mosquitto, options, until
from tests.terminals import Terminal
from tests.test_daemon import recording

__all__ = ["recording"]

_UTF8: dict[str, str] = {"LANG": "C.UTF-8", "LC_ALL": "", "TERM": "xterm-256color"}


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """Return a running mosquitto."""
    with Mosquitto(tmp_path) as mosquitto:
        yield mosquitto


@pytest.fixture
def watch(broker: Mosquitto) -> Iterator[Terminal]:
    """Return a terminal in which the broker is watched, and no unit has spoken yet."""
    with Terminal("watch", "--broker", broker.url, **_UTF8) as terminal:
        terminal.shows("No unit has spoken yet.", "q quit")
        yield terminal


@pytest.fixture
def daemons(tmp_path: Path, broker: Mosquitto) -> Iterator["Daemons"]:
    """Return what starts daemons."""
    with ExitStack() as stack:
        yield Daemons(tmp_path, broker.url, stack)


class Daemons:
    """Starts them, each with a folder and a configuration of its own."""

    def __init__(self, folder: Path, url: str, stack: ExitStack) -> None:
        self._folder, self._url, self._stack = folder, url, stack

    def start(self, name: str, text: str) -> subprocess.Popen[bytes]:
        """Start one that ends with the test."""
        folder = self._folder / name
        folder.mkdir()
        file = folder / "edgeholo.toml"
        file.write_text(f'device.id = "{name}"\nbroker.url = "{self._url}"\n{text}\n', encoding="utf-8")
        own = {f"XDG_{kind}": str(folder) for kind in ("RUNTIME_DIR", "STATE_HOME", "DATA_HOME")}
        command = [sys.executable, "-m", "edgeholo.cli", "run", "--config", str(file)]
        process = subprocess.Popen(command, env={**os.environ, **own}, stderr=subprocess.DEVNULL)
        self._stack.callback(process.wait)
        self._stack.callback(process.terminate)
        return process


def played(recording: Path) -> str:
    """Return the configuration of a daemon that sees a recording over and over."""
    return f'camera.source = "pattern"\nengine.name = "recorded"\nengine.recording = "{recording}"'


def restored(terminal: Terminal) -> bool:
    """Return whether the terminal is as it was: cursor, screen, and what it does with keys."""
    return terminal.screen.cursor and not terminal.screen.alternate and terminal.echoes


def braille(text: str) -> int:
    """Return how many cells of braille there are."""
    return sum("\u2800" < letter <= "\u28ff" for letter in text)


def sentence(terminal: Terminal) -> str:
    """Return what is on the screen without its line breaks."""
    return " ".join(terminal.read().split())


def test_the_demo_clip_is_seen_live_and_q_leaves_a_clean_terminal(
    watch: Terminal, daemons: Daemons, demo_clip: Path
) -> None:
    """Real inference: the skeleton appears, thumb_up appears, and the terminal is as it was afterwards."""
    assert not watch.echoes
    assert not watch.screen.cursor
    daemons.start("hall", f'camera.source = "{demo_clip}"')
    watch.shows("hall online", "somebody is there", "left hand   runs", "L")
    until(lambda: braille(watch.read()) > 40)
    watch.shows("VICTORY left")
    watch.shows("THUMB UP left", "thumb_up  start  left", "victory   end    left")
    watch.type("q")
    assert watch.ended() == 0
    assert restored(watch)


def test_the_unit_is_asked_for_skeletons_only_while_somebody_looks(
    watch: Terminal, broker: Mosquitto, daemons: Daemons, recording: Path
) -> None:
    """The lease begins with the screen, and its end is said before the program ends."""
    with Subscriber(options(broker.url), ["edgeholo/hall/set/watch"]) as listener:
        daemons.start("hall", played(recording))
        watch.shows("somebody is there", "left hand")
        watch.type("q")
        assert watch.ended() == 0
        asked = [json.loads(message.payload) for message in listener.messages(quiet_s=1.0)]
    assert len({request["name"] for request in asked}) == 1
    assert [request["seconds"] for request in asked if not request["seconds"]] == [0]
    assert asked[0]["seconds"] == 10
    assert asked[-1]["seconds"] == 0


def test_several_units_take_turns(watch: Terminal, broker: Mosquitto) -> None:
    """Key u shows the next; one that vanished says so."""
    with Speaker(broker.port) as speaker:
        speaker.say("edgeholo/attic/availability", "offline", retain=True)
        speaker.say("edgeholo/hall/availability", "online", retain=True)
        watch.shows("hall online  unit 2 of 2", "Waiting for skeletons.")
        watch.type("u")
        watch.shows("attic offline  unit 1 of 2")
        assert "attic is offline: no power, or no network. There is hall: key u." in sentence(watch)
        watch.type("m?")
        watch.shows("mirrored", "No camera picture is ever sent, only")
        watch.type("u")
        speaker.say("edgeholo/hall/availability", "stopped", retain=True)
        watch.type("?")
        watch.shows("hall was stopped.")


def test_one_unit_can_be_asked_for(broker: Mosquitto) -> None:
    """Before it is there, too."""
    with (
        Terminal("watch", "--broker", broker.url, "--unit", "attic", **_UTF8) as terminal,
        Speaker(broker.port) as speaker,
    ):
        terminal.shows("attic waiting for it", "attic has not spoken yet.")
        speaker.say("edgeholo/hall/availability", "online", retain=True)
        until(lambda: "There is hall: key u." in sentence(terminal))
        speaker.say("edgeholo/attic/availability", "online", retain=True)
        terminal.shows("attic online  unit 1 of 2")


def test_a_broker_that_goes_away_is_said_and_its_return_is_noticed(watch: Terminal, broker: Mosquitto) -> None:
    """What is retained comes again, and the screen goes on by itself."""
    with Speaker(broker.port) as speaker:
        speaker.say("edgeholo/hall/availability", "online")
        watch.shows("hall online")
        broker.kill()
        watch.shows("broker away", "The broker is away; trying again.")
        broker.start()
        watch.shows("Waiting for skeletons.")


def test_a_window_of_another_size_gets_a_screen_of_that_size(watch: Terminal) -> None:
    """And one that is too small says so."""
    watch.resize(60, 20)
    watch.shows("This window is 60x20; at least 80x24 is needed.")
    watch.resize(120, 40)
    watch.shows("q quit", "No unit has spoken yet.")
    until(lambda: len(watch.read().splitlines()[2]) == 120)
    assert watch.screen.lines[39].startswith("q quit")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_a_clean_terminal_too(watch: Terminal, number: signal.Signals) -> None:
    """Ctrl-C and kill are ends as good as q."""
    if number == signal.SIGINT:
        watch.type("\x03")
    else:
        os.kill(watch.pid, number)
    assert watch.ended() == 0
    assert restored(watch)


def test_a_pause_gives_the_terminal_back_meanwhile(watch: Terminal) -> None:
    """Ctrl-Z, and fg."""
    watch.type("\x1a")
    until(lambda: (watch.read(), watch.stopped)[1])
    assert restored(watch)
    os.kill(watch.pid, signal.SIGCONT)
    watch.shows("q quit")
    until(lambda: (watch.read(), watch.screen.alternate)[1])
    assert not watch.echoes


def test_a_window_that_is_closed_ends_it_and_its_lease(watch: Terminal, broker: Mosquitto) -> None:
    """Whoever pulls the plug of an ssh session does not type q first."""
    with (
        Speaker(broker.port) as speaker,
        Subscriber(options(broker.url), ["edgeholo/hall/set/watch"]) as listener,
    ):
        speaker.say("edgeholo/hall/availability", "online")
        watch.shows("hall online")
        watch.hang_up()
        assert watch.ended() == 0
        asked = [json.loads(message.payload) for message in listener.messages(quiet_s=1.0)]
    assert asked[-1]["seconds"] == 0


@pytest.mark.parametrize("environ", [{"LANG": "C", "LC_ALL": ""}, {"LC_ALL": "C"}])
def test_a_terminal_without_unicode_gets_plain_letters(
    broker: Mosquitto, daemons: Daemons, recording: Path, environ: dict[str, str]
) -> None:
    """Python makes a UTF-8 locale of C for itself: the terminal has none all the same."""
    with Terminal("watch", "--broker", broker.url, **{**_UTF8, "LC_CTYPE": "", **environ}) as terminal:
        daemons.start("hall", played(recording))
        terminal.shows("somebody is there | picture ok", "left hand", "L")
        assert terminal.screen.text.isascii()
        terminal.type("p")
        until(lambda: braille(terminal.read()) > 40)


@pytest.mark.parametrize("dumb", [True, False])
def test_lines_are_for_dumb_terminals_and_for_who_asks(broker: Mosquitto, dumb: bool) -> None:
    """As into a pipe."""
    arguments = () if dumb else ("--lines",)
    environ = {**_UTF8, "TERM": "dumb"} if dumb else _UTF8
    with Terminal("watch", "--broker", broker.url, *arguments, **environ) as terminal, Speaker(broker.port) as speaker:
        terminal.shows("listening to edgeholo/#, Ctrl-C ends")
        speaker.say("edgeholo/hall/state/presence", '{"person":true,"count":1}')
        terminal.shows("edgeholo/hall/state/presence  person True  count 1")
        terminal.type("\x03")
        assert terminal.ended() == 0
        assert restored(terminal)


def test_a_broker_that_is_not_there_is_one_line() -> None:
    """And no screen before it."""
    with Terminal("watch", "--broker", "mqtt://127.0.0.1:1", **_UTF8) as terminal:
        assert terminal.ended() == 1
        assert len(terminal.read().split("\n")) <= 24
        assert "edgeholo: " in terminal.screen.text
        assert "Traceback" not in terminal.screen.text
        assert restored(terminal)
