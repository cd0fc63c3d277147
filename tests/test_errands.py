"""Errands: web requests to real servers and real programs, beside the line and in order."""

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgeholo.act import errands as module
from edgeholo.act.action import Command, Request
from edgeholo.act.errands import WAITING, WORKERS, Errands
from tests.real_broker import until
from tests.web_server import Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a web server that answers 204."""
    with serving() as state:
        yield state


@pytest.fixture
def errands(monkeypatch: pytest.MonkeyPatch) -> Iterator[Errands]:
    """Return errands with pauses short enough for a test."""
    monkeypatch.setattr(module, "_FIRST_PAUSE_S", 0.02)
    made = Errands(expire_s=60)
    yield made
    made.close(5)


class Book:
    """Keeps how errands ended."""

    def __init__(self) -> None:
        self.entries: list[str] = []

    def __call__(self, trouble: str) -> None:
        """Note one."""
        self.entries.append(trouble)

    def wait(self, count: int = 1) -> list[str]:
        """Return them, when there are so many."""
        until(lambda: len(self.entries) >= count)
        return self.entries


def request(server: Server, body: str = "", retries: int = 0, path: str = "/hook") -> Request:
    """Return a request to a server."""
    return Request("POST", f"{server.url}{path}", {}, body.encode(), 1.0, retries)


def test_the_one_who_asks_does_not_wait(server: Server, errands: Errands) -> None:
    """A server that hangs holds up nobody but those who want something of the same server, and those in order."""
    server.open.clear()
    book = Book()
    for number in range(3):
        errands.run(request(server, str(number)), ("rule", 0), book)
    assert errands.waiting() == 3
    with serving() as other:
        errands.run(request(other, "other"), ("rule", 1), book)
        until(lambda: other.asked)
    assert server.bodies() == ["0"]
    server.open.set()
    book.wait(4)
    assert server.bodies() == ["0", "1", "2"]
    assert book.entries == [""] * 4
    until(lambda: not errands.waiting())


def test_a_passing_value_makes_room_for_its_followers(server: Server, errands: Errands) -> None:
    """Of a hand that moves only the newest place waits for a slow server, and the last one always arrives."""
    server.open.clear()
    book = Book()
    errands.run(request(server, "0"), ("dim", 0), book, passing=True)
    until(lambda: server.asked)
    for number in range(1, 9):
        errands.run(request(server, str(number)), ("dim", 0), book, passing=True)
    errands.run(request(server, "other"), ("dim", 1), book, passing=True)
    assert errands.waiting() == 3
    errands.run(request(server, "last"), ("dim", 0), book)
    server.open.set()
    book.wait(3)
    assert server.bodies() == ["0", "other", "last"]


def test_what_waits_is_bounded_and_a_passing_value_goes_first(server: Server, errands: Errands) -> None:
    """Then the oldest; and who is given up for others is told so."""
    server.open.clear()
    lost, passed, book = Book(), Book(), Book()
    errands.run(request(server, "running"), ("rule", 0), book)
    until(lambda: server.asked)
    errands.run(request(server, "oldest"), ("rule", 0), lost)
    errands.run(request(server, "passing"), ("dim", 0), passed, passing=True)
    for number in range(WAITING):
        errands.run(request(server, str(number)), ("rule", 0), book)
    assert len(passed.entries) == len(lost.entries) == 1
    assert f"more than {WAITING}" in lost.entries[0]
    assert errands.waiting() == WAITING + 1
    server.open.set()
    book.wait(WAITING + 1)
    assert "oldest" not in server.bodies()
    assert "passing" not in server.bodies()


def test_a_request_is_tried_again_as_often_as_asked(server: Server, errands: Errands) -> None:
    """Where that may help: a server that starts again, not one that says no; and what waits for it keeps its order."""
    book = Book()
    server.answers = [503, 500, 204]
    errands.run(request(server, "first", retries=2), ("rule", 0), book)
    errands.run(request(server, "second"), ("rule", 1), book)
    assert book.wait(2) == ["", ""]
    assert server.bodies() == ["first", "first", "first", "second"]
    server.answers = [503, 503]
    errands.run(request(server, retries=1), ("rule", 0), book)
    assert book.wait(3)[-1].endswith("it answers 503 Service Unavailable")
    server.answers = [404]
    errands.run(request(server, retries=5), ("rule", 0), book)
    assert book.wait(4)[-1].endswith("it answers 404 Not Found")
    assert len(server.asked) == 7


def test_nobody_wants_what_is_late(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """An errand that had to wait for longer than a message may is given up."""
    errands, book = Errands(expire_s=0.5), Book()
    monkeypatch.setattr(module, "_FIRST_PAUSE_S", 1.0)
    server.answers = [503]
    errands.run(request(server, retries=3), ("rule", 0), book)
    assert book.wait() == ["it could not be done within 0.5 s"]
    assert len(server.asked) == 1
    errands.close(1)


def test_trouble_is_logged_when_it_begins_and_when_it_ends(
    server: Server, errands: Errands, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that is away for a night is two lines, and no line holds what an address keeps secret."""
    caplog.set_level(logging.INFO)
    book = Book()
    server.answers = [500, 500, 500]
    for number in range(5):
        errands.run(request(server, path="/secret?key=1"), ("Alarm", 0), book)
        book.wait(number + 1)
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 2
    assert lines[0].startswith("rule Alarm: http://127.0.0.1:")
    assert lines[0].endswith("/...: it answers 500 Internal Server Error")
    assert lines[1].endswith("obeys again")
    assert "secret" not in caplog.text


def test_a_stop_lets_what_waits_go_out_and_leaves_what_hangs(server: Server, errands: Errands) -> None:
    """The last command of the evening arrives; a server that hangs does not keep the daemon."""
    book = Book()
    for number in range(5):
        errands.run(request(server, str(number)), ("rule", 0), book)
    errands.close(5)
    assert server.bodies() == ["0", "1", "2", "3", "4"]
    hanging = Errands(expire_s=60)
    server.open.clear()
    hanging.run(request(server), ("rule", 0), book)
    hanging.close(0.05)
    assert hanging.waiting() <= 1


def _workers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "errands"]


def test_a_few_threads_serve_many_places(server: Server, errands: Errands) -> None:
    """None before they are needed, and never more than a few."""
    until(lambda: not _workers())  # those of other tests end in their own time
    book = Book()
    for number in range(20):
        errands.run(Command(("/bin/sh", "-c", f"exit {number % 2}"), 5), ("rule", number), book)
        errands.run(request(server), ("rule", number), book)
    book.wait(40)
    assert 0 < len(_workers()) <= WORKERS


def test_a_worker_that_breaks_is_not_hidden(server: Server) -> None:
    """A thread that must not end and does ends the daemon: systemd starts it anew."""
    errands = Errands(expire_s=60)

    def broken(_trouble: str) -> None:
        raise RuntimeError("a mistake of ours")

    def crashed() -> bool:
        try:
            errands.waiting()
        except RuntimeError:
            return True
        return False

    errands.run(request(server), ("rule", 0), broken)
    until(crashed)


def test_a_program_gets_its_arguments_as_they_are_and_little_else(
    tmp_path: Path, errands: Errands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No shell reads them, and what the environment keeps secret stays there."""
    monkeypatch.setenv("EDGEHOLO_MQTT_PASSWORD", "secret")
    out, book = tmp_path / "out", Book()
    script = tmp_path / "program"
    script.write_text(f'#!/bin/sh\nprintf "%s|" "$@" >"{out}"\nenv >>"{out}"\npwd >>"{out}"\n')
    script.chmod(0o755)
    errands.run(Command((str(script), "a b", "$(touch x); *", ""), 5), ("rule", 0), book)
    assert book.wait() == [""]
    text = out.read_text()
    assert text.startswith("a b|$(touch x); *||")
    assert "secret" not in text
    assert text.endswith("\n/\n")


@pytest.mark.parametrize(
    ("script", "timeout_s", "words"),
    [
        ("echo first >&2; echo the disk is full >&2; exit 3", 5, "/bin/sh: exit code 3: the disk is full"),
        ("kill -9 $$", 5, "/bin/sh: ended by signal 9"),
        ("exit 1", 5, "/bin/sh: exit code 1"),
        ("yes >&2; exit 1", 0.2, "/bin/sh: ended after 0.2 s, its time is over"),
        ("sleep 60 & sleep 60", 0.2, "/bin/sh: ended after 0.2 s, its time is over"),
        ("yes | head -c 300000 >&2; echo; echo 'last\tone' >&2; exit 2", 5, "/bin/sh: exit code 2: last one"),
        ("exec 2>&-; exit 4", 5, "/bin/sh: exit code 4"),
        ("sleep 60 & exit 0", 5, ""),
    ],
)
def test_a_program_that_fails_is_one_line(script: str, timeout_s: float, words: str, errands: Errands) -> None:
    """Its last words, or that its time was over; what it leaves behind is not waited for."""
    book = Book()
    began_s = time.monotonic()
    errands.run(Command(("/bin/sh", "-c", script), timeout_s), ("rule", 0), book)
    assert book.wait() == [words]
    assert time.monotonic() - began_s < 30


def test_a_program_that_is_ended_takes_its_children_along(tmp_path: Path, errands: Errands) -> None:
    """It began a group of its own, and that ends as a whole."""
    child, book = tmp_path / "child", Book()
    errands.run(Command(("/bin/sh", "-c", f"sleep 60 & echo $! >{child}; wait"), 0.5), ("rule", 0), book)
    book.wait()
    command_line = Path("/proc") / child.read_text().strip() / "cmdline"
    until(lambda: not (command_line.exists() and command_line.read_bytes()))


def test_a_program_that_is_not_there_is_one_line(errands: Errands) -> None:
    """And one whose argument cannot be one."""
    book = Book()
    errands.run(Command(("/nothing/here",), 5), ("rule", 0), book)
    errands.run(Command(("/bin/true", "a\0b"), 5), ("rule", 1), book)
    assert sorted(book.wait(2)) == ["/bin/true: embedded null byte", "/nothing/here: No such file or directory"]
