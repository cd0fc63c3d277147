"""Taught gestures on disk: the same when read again, and one broken file does not take the others along."""

import json
from pathlib import Path

import pytest

from edgeholo.config import Gestures
from edgeholo.errors import EdgeholoError
from edgeholo.interpret.taught import movements as taught_movements
from edgeholo.interpret.taught import shapes as taught_shapes
from edgeholo.interpret.taught.recognition import Kind, Taught
from edgeholo.interpret.taught.store import folder, forget, load, save
from edgeholo.types import Side
from tests.taught_shows import held, learned, letter, repeated, two_middle_fingers


@pytest.fixture(scope="module")
def pose() -> Taught:
    """Return a pose that was learned."""
    return learned("mine", repeated(lambda begin_s, seed: held(two_middle_fingers(), begin_s, seed=seed)))


@pytest.fixture(scope="module")
def movement() -> Taught:
    """Return a movement that was learned."""
    return letter("letter_z")


def test_what_was_taught_is_read_again(tmp_path: Path, pose: Taught, movement: Taught) -> None:
    """Shapes and ways to a hundredth of what tells gestures apart; the folder is made."""
    place = tmp_path / "state" / "gestures"
    only_left = Taught(movement.name, movement.kind, Side.LEFT, "2026-11-23T19:00:00Z", (), movement.ways)
    for gesture in (pose, only_left):
        assert save(place, gesture).parent == place
    zed, mine = load(place)
    assert (zed.name, zed.kind, zed.hand, zed.taught) == ("letter_z", Kind.MOVEMENT, Side.LEFT, "2026-11-23T19:00:00Z")
    assert (mine.name, mine.kind, mine.hand) == ("mine", Kind.POSE, None)
    shapes = zip(mine.shapes, pose.shapes, strict=True)
    assert max(taught_shapes.distance(one, other) for one, other in shapes) < 0.01
    ways = zip(zed.ways, movement.ways, strict=True)
    assert max(taught_movements.distance(one, other) for one, other in ways) < 0.01
    assert not list(place.glob(".*"))


def test_a_file_holds_numbers_only(tmp_path: Path, pose: Taught) -> None:
    """21 points a show, in hand sizes: nobody's face, nobody's room."""
    content = json.loads(save(tmp_path, pose).read_text())
    assert content.keys() == {"format", "version", "name", "kind", "hand", "taught", "shapes", "ways"}
    assert [len(shape) for shape in content["shapes"]] == [21, 21, 21]
    assert max(abs(number) for shape in content["shapes"] for point in shape for number in point) < 4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 2}, "newer edgeholo"),
        ({"name": "other"}, "another name"),
        ({"shapes": []}, "no shows"),
        ({"shapes": [[[0, 0, 0]] * 21]}, "no shows"),
        ({"shapes": [[[0, 0, 0]] * 20]}, "shapes"),
        ({"kind": "dance"}, "kind"),
        ({"pixels": [1]}, "pixels"),
        ({"format": "recipe"}, "format"),
    ],
)
def test_a_broken_file_is_named_and_the_others_are_read(
    tmp_path: Path,
    pose: Taught,
    movement: Taught,
    change: dict[str, object],
    words: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One line says which, and what to do."""
    save(tmp_path, movement)
    file = save(tmp_path, pose)
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    assert [gesture.name for gesture in load(tmp_path)] == ["letter_z"]
    assert len(caplog.records) == 1
    assert str(file) in caplog.text
    assert words in caplog.text


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"null"])
def test_rubbish_is_no_gesture(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever is in the file, nothing raises."""
    (tmp_path / "mine.json").write_bytes(content)
    assert load(tmp_path) == ()
    assert "teach it again, or remove it: edgeholo gesture forget mine" in caplog.text


def test_a_missing_folder_holds_nothing(tmp_path: Path) -> None:
    """Who never taught anything has no folder."""
    assert load(tmp_path / "nothing") == ()


def test_forgetting_removes_the_file(tmp_path: Path, pose: Taught) -> None:
    """Once; a name that is none touches nothing."""
    file = save(tmp_path, pose)
    assert forget(tmp_path, "../mine") is False
    assert forget(tmp_path, "mine") is True
    assert not file.exists()
    assert forget(tmp_path, "mine") is False


def test_a_folder_that_cannot_be_written_is_explained(tmp_path: Path, pose: Taught) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "gestures").write_text("")
    with pytest.raises(EdgeholoError, match=r"cannot write .*mine\.json: .*gestures\.taught"):
        save(tmp_path / "gestures", pose)


def test_the_folder_is_the_configured_the_services_or_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this order."""
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    assert folder(Gestures()) == Path("/home/me/.local/share/edgeholo/gestures")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert folder(Gestures()) == Path("/data/edgeholo/gestures")
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/edgeholo:/var/lib/other")
    assert folder(Gestures()) == Path("/var/lib/edgeholo/gestures")
    assert folder(Gestures(taught="/mine")) == Path("/mine")
