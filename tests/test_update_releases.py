"""Where new versions come from, and what is refused: another digest, another name, another kind of note."""

import hashlib
import os
from pathlib import Path

import pytest

from edgeholo.errors import ConfigError, EdgeholoError
from edgeholo.update import releases, request
from edgeholo.update.told import Told
from edgeholo.update.versions import Report, Versions

CONTENT = b"a release"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def _index(folder: Path, *entries: tuple[str, str, str]) -> str:
    listed = ", ".join(f'{{"version": "{v}", "file": "{f}", "sha256": "{s}"}}' for v, f, s in entries)
    (folder / releases.INDEX).write_text(f'{{"releases": [{listed}]}}')
    return str(folder)


def test_the_newest_version_is_the_one_with_the_greatest_numbers(tmp_path: Path) -> None:
    """0.10.0 comes after 0.9.0, though not in the alphabet."""
    source = _index(tmp_path, *((version, "a.tar.gz", SHA256) for version in ("0.9.0", "0.10.0", "0.2.0")))
    assert releases.chosen(source, "").version == "0.10.0"
    assert releases.chosen(source, "0.2.0").version == "0.2.0"


def test_a_version_that_is_not_there_is_named(tmp_path: Path) -> None:
    """One line, with the source in it."""
    with pytest.raises(EdgeholoError, match=r"has no version 7\.0\.0"):
        releases.chosen(_index(tmp_path, ("0.1.0", "a.tar.gz", SHA256)), "7.0.0")


def test_no_source_is_a_matter_of_the_configuration() -> None:
    """The default is none: nobody updates a box by accident."""
    with pytest.raises(ConfigError, match=r"update\.source is empty"):
        releases.listed("")


@pytest.mark.parametrize("source", ["http://example.org/edgeholo", "ftp://example.org", "releases", "file:///srv"])
def test_a_source_is_a_folder_or_an_https_address(source: str) -> None:
    """Over plain http anybody on the way could say what runs here."""
    with pytest.raises(ConfigError, match="neither"):
        releases.listed(source)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"releases": [{"version": "1.0.0"}]}',
        '{"releases": [{"version": 1, "file": "a", "sha256": "b"}]}',
    ],
)
def test_an_index_that_is_none_is_one_line(tmp_path: Path, text: str) -> None:
    """A web server's error page is no list of releases."""
    (tmp_path / releases.INDEX).write_text(text)
    with pytest.raises(EdgeholoError, match=r"releases\.json"):
        releases.listed(str(tmp_path))


@pytest.mark.parametrize(
    ("version", "file"),
    [("1.0", "a.tgz"), ("1.0.0-rc1", "a.tgz"), ("1.0.0", "../a.tgz"), ("1.0.0", "/etc/a"), ("1.0.0", "")],
)
def test_an_entry_that_points_elsewhere_is_refused(tmp_path: Path, version: str, file: str) -> None:
    """A name is a name in the source's own folder."""
    with pytest.raises(EdgeholoError, match="no release"):
        releases.listed(_index(tmp_path, (version, file, SHA256)))


def test_a_release_with_another_digest_is_not_taken(tmp_path: Path) -> None:
    """Half a download is no version, and neither is somebody else's."""
    (tmp_path / "a.tar.gz").write_bytes(CONTENT)
    release = releases.chosen(_index(tmp_path, ("1.0.0", "a.tar.gz", "0" * 64)), "")
    (tmp_path / "in").mkdir()
    with pytest.raises(EdgeholoError, match="not what was meant"):
        releases.fetch(str(tmp_path), release, tmp_path / "in")
    assert list((tmp_path / "in").iterdir()) == []


def test_a_file_comes_with_its_digest(tmp_path: Path) -> None:
    """What sha256sum writes is read."""
    file = tmp_path / "a.tar.gz"
    file.write_bytes(CONTENT)
    with pytest.raises(EdgeholoError, match="comes with its digest"):
        releases.brought(file, tmp_path)
    (tmp_path / "a.tar.gz.sha256").write_text(f"{SHA256}  a.tar.gz\n")
    (tmp_path / "in").mkdir()
    assert releases.brought(file, tmp_path / "in").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        ("", "latest"),
        (None, "latest"),
        (True, "latest"),
        ("install", "latest"),
        ("CHECK", "check"),
        (" 0.2.0 ", "0.2.0"),
    ],
)
def test_a_request_goes_from_the_daemon_to_the_updater(tmp_path: Path, value: object, meaning: str) -> None:
    """Home Assistant says `install`, people say a version; the note is gone when it was read."""
    request.leave(tmp_path, value)
    assert request.take(tmp_path / request.NAME) == meaning
    assert request.take(tmp_path / request.NAME) == ""


@pytest.mark.parametrize(
    "value", ["../../etc", "0.2", "0.2.0; reboot", "https://example.org/a.tar.gz", 7, False, ["0.2.0"], {}]
)
def test_a_request_is_a_version_and_nothing_else(tmp_path: Path, value: object) -> None:
    """Whoever can write to the broker cannot say where a version comes from."""
    with pytest.raises(EdgeholoError, match="update takes a version"):
        request.leave(tmp_path, value)
    assert list(tmp_path.iterdir()) == []


def test_a_note_that_a_broken_daemon_forged_is_removed_and_refused(tmp_path: Path) -> None:
    """The updater is root, and reads neither through a link, nor from a pipe, nor what it does not know."""
    note = tmp_path / request.NAME
    note.symlink_to("/etc/shadow")
    with pytest.raises(EdgeholoError):
        request.take(note)
    assert not note.is_symlink()
    os.mkfifo(note)
    with pytest.raises(EdgeholoError):
        request.take(note)
    assert not note.exists()
    note.write_bytes(b"\xff" * 5000)
    with pytest.raises(EdgeholoError):
        request.take(note)
    assert not note.exists()


def test_the_house_is_told_of_an_update_once(tmp_path: Path) -> None:
    """At the start, and when something has changed."""
    told = Told(tmp_path / "update.json")
    assert told.news() == Report()
    assert told.news() is None
    Versions(tmp_path).say(Report(latest="0.2.0", in_progress=True))
    assert told.news() == Report(latest="0.2.0", in_progress=True)
    assert told.news() is None
