"""The command as its user runs it, on a folder that looks like a card."""

import errno
import functools
import os
import pty
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from edgeholo.cli.main import main
from edgeholo.provision.login import sha512_crypt
from tests.boot_partition import BOOKWORM, KEY, TEMPLATE, boot_partition, trixie
from tests.real_broker import until

Run = Callable[..., int]
CTRL_C = "\x03"
SECRETS = ("correct horse", "broker secret")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Return the options that name files: passwords as Windows' editor writes them, and a key."""
    (tmp_path / "wifi").write_bytes(b"\xef\xbb\xbfcorrect horse\r\n")
    (tmp_path / "broker").write_text("broker secret\n")
    (tmp_path / "key.pub").write_text(KEY + "\n")
    return {
        "--wifi-password-file": str(tmp_path / "wifi"),
        "--broker-password-file": str(tmp_path / "broker"),
        "--ssh-key": str(tmp_path / "key.pub"),
    }


@pytest.fixture
def provision(files: dict[str, str]) -> Run:
    """Return the command with an answer to every question; None leaves an option out."""

    def run(boot: Path, *more: str, **other: str | None) -> int:
        options: dict[str, str | None] = {
            "--hostname": "hall",
            "--wifi": "home",
            "--country": "de",
            "--broker": "mqtt://edgeholo@192.168.1.5",
            "--timezone": "Europe/Berlin",
            **files,
            **{f"--{name.replace('_', '-')}": value for name, value in other.items()},
        }
        words = [word for name, value in options.items() if value is not None for word in (name, value)]
        return main(["provision", str(boot), *words, *more])

    return run


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_card_is_written_once_and_the_same_answers_write_nothing_again(
    tmp_path: Path, provision: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same files to the byte, the token included; the second time all is the same."""
    boot = trixie(tmp_path / "bootfs")
    assert provision(boot, "--yes") == 0
    first = capsys.readouterr().out
    written = _contents(boot)
    assert provision(boot, "--yes") == 0
    second = capsys.readouterr().out
    assert _contents(boot) == written
    assert {line.split()[0] for line in second.splitlines() if line.startswith(("new", "changed", "same"))} == {"same"}
    assert re.search(r"for this token, which is written nowhere else: [0-9a-f]{5}(-[0-9a-f]{5}){3}\n", first)
    assert "its page is at http://hall.local:8380\n" in first
    assert "--new-token makes another" in second


def test_no_secret_is_shown_and_only_the_brokers_is_on_the_card(
    tmp_path: Path, provision: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """The Wi-Fi's password is there as its hash, the page's token likewise."""
    boot = trixie(tmp_path / "bootfs")
    provision(boot, "--yes")
    shown = capsys.readouterr().out
    token = shown.rpartition(": ")[2].strip()
    assert not any(secret in shown for secret in SECRETS)
    assert re.search(r"\+ +password: \(hidden\)", shown)
    holding = {
        name for name, content in _contents(boot).items() for word in (*SECRETS, token) if word.encode() in content
    }
    assert holding == {"edgeholo/mqtt_password"}
    assert "psk" not in shown


def test_what_was_there_is_kept_once(tmp_path: Path, provision: Run) -> None:
    """The copies are of the image's own files, however often the command runs with other answers."""
    boot = trixie(tmp_path / "bootfs")
    before = _contents(boot)
    provision(boot, "--yes")
    provision(boot, "--yes", hostname="kitchen")
    for name in ("user-data", "network-config", "cmdline.txt"):
        assert (boot / f"{name}.before-edgeholo").read_bytes() == before[name]
    assert 'hostname: "kitchen"' in (boot / "user-data").read_text()
    assert (boot / "cmdline.txt").read_text().count("ds=nocloud") == 1
    assert tomllib.loads((boot / "edgeholo/edgeholo.toml").read_text())["device"] == {
        "id": "kitchen",
        "name": "kitchen",
    }


def test_a_dry_run_and_a_no_write_nothing(tmp_path: Path, provision: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything is shown all the same; without a terminal and --yes, nobody can have agreed."""
    boot = trixie(tmp_path / "bootfs")
    before = _contents(boot)
    assert provision(boot, "--dry-run") == 0
    assert "new      edgeholo/edgeholo.toml" in capsys.readouterr().out
    assert provision(boot) == 78
    assert "--yes is missing, and there is nobody to ask" in capsys.readouterr().err
    assert _contents(boot) == before


def test_bookworm_gets_a_script(tmp_path: Path, provision: Run) -> None:
    """And the words that have systemd run it; nothing of cloud-init's."""
    boot = boot_partition(tmp_path / "bootfs", BOOKWORM)
    assert provision(boot, "--yes") == 0
    assert "systemd.run=/boot/firmware/firstrun.sh" in (boot / "cmdline.txt").read_text()
    assert (boot / "firstrun.sh").read_text().startswith("#!/bin/sh\n")
    assert not (boot / "user-data").exists()


def test_the_kernels_line_is_written_last(tmp_path: Path, provision: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever pulls the card out too early has one that boots as before."""
    provision(trixie(tmp_path / "bootfs"), "--dry-run")
    names = re.findall(r"^(?:new|changed) +(\S+)", capsys.readouterr().out, re.MULTILINE)
    assert names[-1] == "cmdline.txt"


def test_a_full_card_is_said_to_be_full(
    tmp_path: Path, provision: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the kernel says so, when what was written is to reach the card. The decisive file stays untouched."""
    boot, sync = trixie(tmp_path / "bootfs"), os.fsync

    def full(handle: int) -> None:
        if Path(f"/proc/self/fd/{handle}").readlink().name.startswith(".user-data."):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(handle)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        assert provision(boot, "--yes") == 1
    assert "cannot write" in (error := capsys.readouterr().err)
    assert "No space left on device; delete what does not belong there" in error
    assert "ds=nocloud" not in (boot / "cmdline.txt").read_text()
    assert provision(boot, "--yes") == 0


def test_windows_line_ends_on_the_card_do_no_harm(tmp_path: Path, provision: Run) -> None:
    """An editor there has touched the files; what we write ends in line feeds."""
    boot = trixie(tmp_path / "bootfs", TEMPLATE.replace("\n", "\r\n"))
    (boot / "cmdline.txt").write_bytes((boot / "cmdline.txt").read_bytes().replace(b"\n", b"\r\n"))
    provision(boot, "--yes")
    texts = [name for name in _contents(boot) if not name.endswith((".gz", ".before-edgeholo"))]
    assert [name for name in texts if b"\r" in (boot / name).read_bytes()] == []


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"hostname": "the hall"}, "not digits alone; did you mean the-hall?"),
        ({"hostname": "Hall.local"}, "not digits alone; did you mean hall?"),
        ({"hostname": "123"}, "not digits alone\n"),
        ({"broker": "mqtt://me:secret@host"}, "leave the password out of the URL"),
        ({"broker": "http://host"}, "is no broker"),
        ({"broker": "mqtt://host"}, "a password but no user"),
        ({"country": "Germany"}, "--country 'GERMANY' is no country"),
        ({"wifi": "x" * 33}, "a network's name has 1 to 32 bytes"),
        (
            {"wifi_password_file": "/nowhere"},
            "--wifi-password-file /nowhere: No such file or directory; the password stands in",
        ),
        ({"broker_password_file": "/dev/null"}, "expected the password in its first line"),
        ({"ssh_key": "/etc/hostname"}, "is no public ssh key"),
        ({"wifi_password_file": None}, "--wifi-password-file is missing, and there is nobody to ask"),
        ({"hostname": None}, "--hostname is missing"),
    ],
)
def test_a_wrong_answer_is_one_line_and_nothing_is_written(
    tmp_path: Path, provision: Run, capsys: pytest.CaptureFixture[str], options: dict[str, str], complaint: str
) -> None:
    """The line names the option and never the password."""
    boot = trixie(tmp_path / "bootfs")
    before = _contents(boot)
    assert provision(boot, "--yes", **options) != 0
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1
    assert "secret@" not in error
    assert _contents(boot) == before


def test_a_login_password_is_hashed_with_the_salt_that_is_there(tmp_path: Path, provision: Run) -> None:
    """So the second time is the same as the first; without a key the password is the way in."""
    boot = trixie(tmp_path / "bootfs")
    (tmp_path / "login").write_text("open sesame\n")
    options = {"ssh_key": None, "login_password_file": str(tmp_path / "login")}
    provision(boot, "--yes", **options)
    first = (boot / "user-data").read_text()
    provision(boot, "--yes", **options)
    assert (boot / "user-data").read_text() == first
    match = re.search(r'passwd: "(\$6\$([^$]+)\$.+)"', first)
    assert match
    assert sha512_crypt("open sesame", match[2]) == match[1]


def test_the_page_gets_another_token_when_it_is_asked_for(tmp_path: Path, provision: Run) -> None:
    """The first was lost, or seen by somebody."""
    boot = trixie(tmp_path / "bootfs")
    provision(boot, "--yes")
    before = (boot / "edgeholo/page_token").read_text()
    provision(boot, "--yes", "--new-token")
    assert (boot / "edgeholo/page_token").read_text() != before


def test_a_page_that_stays_on_the_unit_has_no_token(
    tmp_path: Path, provision: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """Then the way to it is that of ssh, and the last line says which."""
    boot = trixie(tmp_path / "bootfs")
    provision(boot, "--yes", "--no-page")
    assert "ssh -L 8380:localhost:8380 pi@hall.local, then http://localhost:8380\n" in capsys.readouterr().out
    assert not (boot / "edgeholo/page_token").exists()
    assert "web" not in tomllib.loads((boot / "edgeholo/edgeholo.toml").read_text())


def test_half_a_token_on_the_card_is_none(tmp_path: Path, provision: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """The card was pulled out while it was written: the page would not start with it, so another one is made."""
    boot = trixie(tmp_path / "bootfs")
    provision(boot, "--yes")
    (boot / "edgeholo/page_token").write_text("sha256:12ab")
    capsys.readouterr()
    provision(boot, "--yes")
    assert "for this token" in capsys.readouterr().out
    assert re.fullmatch(r"sha256:[0-9a-f]{64}\n", (boot / "edgeholo/page_token").read_text())


def _dialogue(boot: Path, home: Path, answers: list[tuple[str, str]]) -> tuple[int, str]:
    """Run the command on a terminal of its own, type an answer to each question, and return code and screen."""
    terminal, slave = pty.openpty()
    command = [sys.executable, "-m", "edgeholo.cli", "provision", str(boot), "--timezone", "Europe/Berlin"]
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env={**os.environ, "HOME": str(home)}, start_new_session=True
    )
    os.close(slave)
    screen, answered = b"", 0

    def shows(text: str) -> bool:
        nonlocal screen
        if text.encode() not in screen[answered:]:
            screen += os.read(terminal, 65536)
        return text.encode() in screen[answered:]

    for question, answer in answers:
        until(functools.partial(shows, question))
        answered = len(screen)
        if answer == CTRL_C:
            process.send_signal(signal.SIGINT)
        else:
            os.write(terminal, answer.encode())
    code = process.wait(30)
    os.close(terminal)
    return code, screen.decode()


def test_what_is_missing_is_asked_for_and_passwords_are_typed_unseen(tmp_path: Path) -> None:
    """A wrong answer is asked for again, the user's own key is offered."""
    boot = trixie(tmp_path / "bootfs")
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "id_ed25519.pub").write_text(KEY + "\n")
    code, screen = _dialogue(
        boot,
        tmp_path,
        [
            ("Name of the unit", "the hall\n"),
            ("up to 63 letters", "hall\n"),
            ("Wi-Fi (empty", "home\n"),
            ("Country", "DE\n"),
            ("Password of the Wi-Fi home", "short\n"),
            # What is typed before the prompt is there again is thrown away.
            ("Password of the Wi-Fi home", "correct horse\n"),
            ("Broker", "mqtt://edgeholo@192.168.1.5\n"),
            ("id_ed25519.pub]", "\n"),
            ("Password of edgeholo at the broker", "broker secret\n"),
            ("Write this? [y/N]", "y\n"),
        ],
    )
    assert code == 0, screen
    assert "must have 8 to 63" in screen
    assert not any(secret in screen for secret in (*SECRETS, "short"))
    assert (boot / "edgeholo/mqtt_password").read_text() == "broker secret\n"


@pytest.mark.parametrize("answer", [CTRL_C, "n\n", "\n"])
def test_who_changes_his_mind_has_an_unchanged_card(tmp_path: Path, answer: str) -> None:
    """Ctrl-C at a question, or no at the last one."""
    boot = trixie(tmp_path / "bootfs")
    before = _contents(boot)
    (tmp_path / "key").write_text(KEY + "\n")
    steps = [
        ("Name of the unit", "hall\n"),
        ("Wi-Fi (empty", "\n"),
        ("Broker", "mqtt://h\n"),
        ("Public ssh key", f"{tmp_path / 'key'}\n"),
    ]
    code, screen = _dialogue(boot, tmp_path, [*steps, ("Write this?", answer)])
    assert code == 1
    assert "Traceback" not in screen
    assert _contents(boot) == before
