"""The page's wishes, carried out by one who has the rights and trusts nothing in the note."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edgeholo.amend import broker, pending, wish
from edgeholo.amend.places import Places, places
from edgeholo.amend.places import put as put_really
from edgeholo.amend.rules import fingerprint
from edgeholo.amend.wish import BrokerWish, Outcome, RestoreWish, RulesWish, Wish, noted
from edgeholo.settings import load

_ID = "0123456789abcdef"
_SETTINGS = """# kitchen
[device]
id = "kitchen"

[broker]  # in the cellar
url = "mqtt://old:1883"  # since 2020
# user
username = 'me'
"""
_RULE = """# the lamp
[[rule]]
name = "Lamp"
when = { gesture = "thumb_up" }
then = { zigbee2mqtt = "lamp", state = "toggle" }
"""
_PROGRAM = """[[rule]]
name = "Sleep"
when = { presence = false }
then = { command = ["/usr/bin/systemctl", "suspend"] }
"""


class Unit:
    """A unit's files below a folder, and the folder in which its page leaves notes."""

    def __init__(self, folder: Path) -> None:
        self.etc = folder / "etc"
        self.etc.mkdir()
        self.settings, self.rules = self.etc / "edgeholo.toml", self.etc / "rules.toml"
        self.password = self.etc / "mqtt_password"
        self.settings.write_text(_SETTINGS)
        self.password.write_text("old secret\n")
        self.password.chmod(0o600)
        self.note = folder / "state" / wish.NAME
        self.outcomes: list[Outcome] = []

    def places(self) -> Places:
        """Return where its files are."""
        return places(load(self.settings, {}, {}), {}, system=self.etc)

    def wish(self, what: Wish, name: str = _ID) -> Outcome:
        """Leave a note, have it carried out, and return what became of it."""
        wish.leave(self.note, noted(name, what))
        return self.apply()

    def apply(self) -> Outcome:
        """Have the note that is there carried out; it is gone then."""
        pending.carry_out(self.note, self.places, self.outcomes.append)
        assert not os.path.lexists(self.note)
        return self.outcomes[-1]


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    """Return a unit."""
    return Unit(tmp_path)


@pytest.fixture(autouse=True)
def _no_taught_gestures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "daemon"))


def test_rules_are_written_whole_with_the_old_ones_beside_them(unit: Unit) -> None:
    """The file need not exist; afterwards the one before is kept."""
    assert unit.wish(RulesWish(_RULE, fingerprint(""))).state == "done"
    assert unit.rules.read_text() == _RULE
    second = _RULE.replace("thumb_up", "ok")
    assert unit.wish(RulesWish(second, fingerprint(_RULE))).state == "done"
    assert (unit.rules.read_text(), (unit.etc / "rules.toml.before").read_text()) == (second, _RULE)


def test_rules_that_somebody_changed_meanwhile_are_not_overwritten(unit: Unit) -> None:
    """Whoever has an editor open on the unit loses nothing."""
    unit.rules.write_text(_RULE)
    outcome = unit.wish(RulesWish("", fingerprint("what it was")))
    assert (outcome.state, unit.rules.read_text()) == ("changed", _RULE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[rule]]", "needs a table `when`"),
        ("[[rule", "no TOML"),
        (_RULE.replace("thumb_up", "thumbs_up"), "did you mean thumb_up"),
        (_PROGRAM, "starts a program"),
        (_RULE.replace("state =", "token_file = '/etc/shadow', state ="), "token from a file"),
    ],
)
def test_wrong_rules_are_refused_with_their_line(unit: Unit, text: str, words: str) -> None:
    """The one who writes reads them himself; what was there stays."""
    unit.rules.write_text(_RULE)
    outcome = unit.wish(RulesWish(text, fingerprint(_RULE)))
    assert (outcome.state, words in outcome.error) == ("refused", True), outcome
    assert unit.rules.read_text() == _RULE


def test_programs_are_not_started_from_the_page(unit: Unit) -> None:
    """Not even where rules may start programs, nor asleep, nor changed; the very same rule may stay where it stands."""
    unit.settings.write_text(_SETTINGS + "\n[rules]\ncommands = true\n")
    asleep = _PROGRAM.replace("when", "enabled = false\nwhen")
    for text in (_PROGRAM, asleep, _RULE + _PROGRAM):
        outcome = unit.wish(RulesWish(text, fingerprint("")))
        assert (outcome.state, "starts a program" in outcome.error) == ("refused", True)
    unit.rules.write_text(_PROGRAM)
    assert unit.wish(RulesWish(_RULE + _PROGRAM, fingerprint(_PROGRAM))).state == "done"
    changed = _RULE + _PROGRAM.replace("suspend", "poweroff")
    assert unit.wish(RulesWish(changed, fingerprint(_RULE + _PROGRAM))).state == "refused"


def test_tokens_are_not_sent_where_the_page_wants(unit: Unit) -> None:
    """A file's content would go to any address; Home Assistant's stays where the file says."""
    hook = '[[rule]]\nwhen = { gesture = "ok" }\nthen = { webhook = "http://x/", token_file = "/etc/edgeholo/mqtt_password" }\n'
    assert "token from a file" in unit.wish(RulesWish(hook, fingerprint(""))).error
    home = '[homeassistant]\nurl = "http://ha:8123"\ntoken_file = "/etc/edgeholo/token"\n'
    assert "[homeassistant]" in unit.wish(RulesWish(home, fingerprint(""))).error
    unit.rules.write_text(home)
    assert unit.wish(RulesWish(home + _RULE, fingerprint(home))).state == "done"
    elsewhere = home.replace("http://ha", "http://stranger")
    assert unit.wish(RulesWish(elsewhere, fingerprint(home + _RULE))).state == "refused"


def test_a_broker_changes_its_lines_and_no_others(unit: Unit) -> None:
    """Comments, order and quotes stay; the password is in its own file, readable for its owner alone."""
    assert unit.wish(BrokerWish("mqtts://new:8883", "you", "new secret")).state == "done"
    assert unit.settings.read_text() == _SETTINGS.replace("mqtt://old:1883", "mqtts://new:8883").replace(
        "'me'", '"you"'
    )
    assert (unit.password.read_text(), stat.S_IMODE(unit.password.stat().st_mode)) == ("new secret\n", 0o600)


def test_a_broker_without_a_user_leaves_no_password_behind(unit: Unit) -> None:
    """The file stays, for systemd hands it on, and is empty."""
    assert unit.wish(BrokerWish("mqtt://new")).state == "done"
    assert unit.password.read_bytes() == b""


def test_a_stored_password_does_not_follow_to_another_broker(unit: Unit) -> None:
    """Neither to another host or port, nor to one that anybody could pose as; to the same it does."""
    for what in (
        BrokerWish("mqtt://stranger:1883", "me"),
        BrokerWish("mqtt://old:1884", "me"),
        BrokerWish("ws://old:1883", "me"),
        BrokerWish("mqtt://old:1883", "me", ca_pem=""),
    ):
        outcome = unit.wish(what)
        assert (outcome.state, "is for mqtt://me@old:1883" in outcome.error) == ("refused", True), outcome
    assert unit.wish(BrokerWish("mqtt://old", "me")).state == "done"
    assert unit.password.read_text() == "old secret\n"


def test_the_broker_of_before_comes_back_with_its_password(unit: Unit) -> None:
    """And what was changed by hand in the meantime stays."""
    unit.wish(BrokerWish("mqtt://new", "you", "new secret"), "1" * 16)
    unit.settings.write_text(unit.settings.read_text() + "\n[log]\nlevel = 'debug'\n")
    assert unit.wish(RestoreWish(), "2" * 16).state == "done"
    assert unit.settings.read_text() == _SETTINGS.replace("'me'", '"me"') + "\n[log]\nlevel = 'debug'\n"
    assert unit.password.read_text() == "old secret\n"
    assert unit.wish(RestoreWish(), "3" * 16).state == "done"
    assert ("mqtt://new" in unit.settings.read_text(), unit.password.read_text()) == (True, "new secret\n")


def test_nothing_is_put_back_where_nothing_was_changed(unit: Unit) -> None:
    """It is said, and nothing happens."""
    assert "no older broker" in unit.wish(RestoreWish()).error


@pytest.mark.parametrize(
    "text",
    [
        "broker.url = 'mqtt://old'  # dotted\n",
        "broker = { url = 'mqtt://old' }\n",
        "[device]\nid = 'a'\n",
        "[broker]",
        "[broker]\n[broker.more]\n".replace("[broker.more]\n", ""),
        '\ufeff[broker]\r\nurl = "mqtt://old" # here\r\nkeepalive_s = 20\r\n',
        "[ broker ]\nurl = '''mqtt://old'''\n[device]\nid='b'",
    ],
)
def test_a_file_in_any_style_is_changed_or_refused_whole(unit: Unit, text: str) -> None:
    """Whatever people write: the new broker is read from it and the rest is as it was, or nothing has changed."""
    unit.settings.write_bytes(text.encode())
    was = load(unit.settings, {}, {}).config
    outcome = unit.wish(BrokerWish("mqtt://new", "me", "secret"))
    now = load(unit.settings, {}, {}).config
    if outcome.state == "refused":
        assert "by hand" in outcome.error
        assert unit.settings.read_bytes() == text.encode()
        return
    assert (now.broker.url, now.broker.username, now.device, now.broker.keepalive_s) == (
        *("mqtt://new", "me", was.device, was.broker.keepalive_s),
    )
    assert ("\r\n" in text) == (b"\r\n" in unit.settings.read_bytes())
    assert "# here" not in text or b"# here" in unit.settings.read_bytes()


def test_a_power_cut_leaves_a_whole_configuration_and_the_wish_is_done_again(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it comes between two files; and the broker of before is still the one of before."""
    for files in range(4):
        unit.settings.write_text(_SETTINGS)
        unit.password.write_text("old secret\n")
        (unit.etc / "broker.before").unlink(missing_ok=True)
        left = iter(range(files))

        def put(file: Path, content: str | None, mode: int, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt
            put_really(file, content, mode)

        monkeypatch.setattr(broker, "put", put)
        wish.leave(unit.note, noted(f"{files:016x}", BrokerWish("mqtt://new", "you", "new secret")))
        with pytest.raises(KeyboardInterrupt):
            pending.carry_out(unit.note, unit.places, unit.outcomes.append)
        load(unit.settings, {}, {})
        monkeypatch.setattr(broker, "put", put_really)
        assert unit.apply().state == "done"
        assert ("mqtt://new" in unit.settings.read_text(), unit.password.read_text()) == (True, "new secret\n")
        assert unit.wish(RestoreWish(), "f" * 16).state == "done"
        assert unit.password.read_text() == "old secret\n"


def _link(note: Path) -> None:
    note.symlink_to("/etc/passwd")


def _pipe(note: Path) -> None:
    os.mkfifo(note)


def _folder(note: Path) -> None:
    note.mkdir()
    (note / "x").write_text("y")


def _huge(note: Path) -> None:
    note.write_text(json.dumps({"id": _ID, "rules": {"text": "x" * (1 << 19), "was": "0" * 64}}))


def _unknown(note: Path) -> None:
    note.write_text('{"id": "0123456789abcdef", "camera": {"secret": "hush"}}')


def _several(note: Path) -> None:
    note.write_text('{"id": "0123456789abcdef", "restore": {}, "broker": {"url": "mqtt://hush"}}')


def _deep(note: Path) -> None:
    note.write_text("[" * 100_000)


def _latin(note: Path) -> None:
    note.write_bytes(b'{"id": "\xff"}')


@pytest.mark.parametrize("make", [_link, _pipe, _folder, _huge, _unknown, _several, _deep, _latin])
def test_what_is_no_note_is_removed_and_not_repeated(unit: Unit, make: Callable[[Path], None]) -> None:
    """A link, a pipe, a folder, a flood: nothing of it is read out, nothing hangs, and systemd is not started for it again."""
    unit.note.parent.mkdir()
    make(unit.note)
    outcome = unit.apply()
    assert outcome.state == "refused"
    assert not {"root:", "hush", "camera"} & set(outcome.error.split())
    assert unit.settings.read_text() == _SETTINGS


def test_a_broken_configuration_refuses_the_wish_and_drops_the_note(unit: Unit) -> None:
    """Else systemd would start the service for it for ever."""
    unit.settings.write_text("[broker\n")
    assert "no TOML" in unit.wish(BrokerWish("mqtt://new")).error


def test_a_note_is_readable_for_its_owner_alone(unit: Unit) -> None:
    """There may be a password in it."""
    wish.leave(unit.note, noted(_ID, RestoreWish()))
    assert stat.S_IMODE(unit.note.stat().st_mode) == 0o600


def test_the_command_has_nothing_to_do_without_a_note(tmp_path: Path) -> None:
    """It ends well, and asks for --pending where that is left out."""
    command = [sys.executable, "-m", "edgeholo.cli", "config", "apply"]
    (tmp_path / "edgeholo.toml").write_text("")
    config = ["--config", str(tmp_path / "edgeholo.toml")]
    assert subprocess.run([*command, "--pending", *config], check=False, capture_output=True).returncode == 0
    refused = subprocess.run([*command, *config], check=False, capture_output=True, text=True)
    assert (refused.returncode, "--pending" in refused.stderr) == (1, True)
