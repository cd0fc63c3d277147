"""What becomes of a message to set/OPTION before the main loop sees it."""

import json
import logging
from collections.abc import Callable

import pytest

from edgeholo.publish.client import Received
from edgeholo.publish.commands import LONGEST, WAITING, Commands
from edgeholo.publish.publisher import NoPublisher
from tests.real_broker import TOPICS


class Wire(NoPublisher):
    """A sender that keeps who asked for what."""

    def __init__(self) -> None:
        super().__init__()
        self.filters: dict[str, Callable[[Received], None]] = {}

    def subscribe(self, topic_filter: str, callback: Callable[[Received], None]) -> None:
        """Keep the callback."""
        self.filters[topic_filter] = callback


@pytest.fixture
def commands() -> Commands:
    """Return commands that nobody gave yet."""
    return Commands()


def given(commands: Commands, option: str, payload: bytes, *, retained: bool = False) -> None:
    """Let a message arrive."""
    wire = Wire()
    commands.listen(TOPICS, wire)
    wire.filters["edgeholo/kitchen/set/+"](Received(f"edgeholo/kitchen/set/{option}", payload, retained, "me", b"7"))


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        (b"true", True),
        (b"on", "on"),
        (b" auto\n", "auto"),
        (b"0.8", 0.8),
        (b'"music"', "music"),
        (b"music", "music"),
        (b"", ""),
        (b"null", None),
        (b'{"name":"horns"}', {"name": "horns"}),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"[" * LONGEST, "[" * LONGEST),
    ],
)
def test_a_payload_is_json_where_it_is_json_and_else_text(commands: Commands, payload: bytes, value: object) -> None:
    """Whoever writes by hand writes no quotes; rubbish is a text that no option takes."""
    given(commands, "pose", payload)
    ((command,), lost) = commands.take()
    assert command.value == value
    assert (command.option, command.answer_to, command.correlation, command.refusal) == ("pose", "me", b"7", "")
    assert lost == 0


def test_a_payload_of_more_than_a_kilobyte_is_refused_and_not_repeated(commands: Commands) -> None:
    """The error that names it is short."""
    given(commands, "profile", json.dumps("x" * LONGEST).encode())
    ((command,), _) = commands.take()
    assert command.refusal == f"longer than {LONGEST} bytes"
    assert len(command.text) < 150


def test_a_retained_command_is_ignored_and_logged_once(commands: Commands, caplog: pytest.LogCaptureFixture) -> None:
    """It would be obeyed at every reconnect."""
    with caplog.at_level(logging.WARNING):
        given(commands, "privacy", b"off", retained=True)
        given(commands, "pose", b"off", retained=True)
    assert commands.take() == ([], 0)
    assert len(caplog.records) == 1
    assert "set/privacy" in caplog.text


def test_of_too_many_commands_the_newest_count(commands: Commands) -> None:
    """A slider's last position is what was meant; how many were lost is told."""
    for number in range(WAITING + 30):
        given(commands, "hold_s", str(number).encode())
    waiting, lost = commands.take()
    assert [command.value for command in waiting] == list(range(30, WAITING + 30))
    assert lost == 30
    assert commands.take() == ([], 0)


@pytest.mark.parametrize("topic", ["answers/+", "#", "edgeholo/kitchen/set/privacy", "a\0b", ""])
def test_an_answer_goes_nowhere_where_it_could_do_harm(commands: Commands, topic: str) -> None:
    """A topic with wildcards would end the connection, and an answer is no command."""
    wire = Wire()
    commands.listen(TOPICS, wire)
    wire.filters["edgeholo/kitchen/set/+"](
        Received("edgeholo/kitchen/set/pose", b"on", retained=False, answer_to=topic)
    )
    ((command,), _) = commands.take()
    assert command.answer_to == ""
