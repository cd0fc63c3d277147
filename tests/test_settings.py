"""Where values come from, and what a mistake looks like."""

from pathlib import Path

import pytest

from edgeholo.errors import ConfigError
from edgeholo.settings import load, options


def _write(folder: Path, text: str) -> Path:
    file = folder / "edgeholo.toml"
    file.write_text(text, encoding="utf-8")
    return file


def _mistake(folder: Path, text: str, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        load(_write(folder, text), environ or {}, {})
    message = str(caught.value)
    assert "\n" not in message
    assert caught.value.exit_code == 78
    return message


def test_everything_has_a_default(tmp_path: Path) -> None:
    """Without a file, a variable or an option there is a whole configuration, and nothing claims to be its origin."""
    settings = load(None, {"HOME": str(tmp_path)}, {})
    assert settings.config.camera.width == 640
    assert settings.origins == {}


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    """Each layer overrides the one below, and every value knows where it came from."""
    file = _write(tmp_path, "[camera]\nwidth = 800\nheight = 600\nrate_hz = 5\n")
    environ = {"EDGEHOLO_CAMERA_HEIGHT": "480", "EDGEHOLO_CAMERA_RATE_HZ": "7.5"}
    settings = load(file, environ, {"camera.rate_hz": (10, "--rate")})
    assert (settings.config.camera.width, settings.config.camera.height) == (800, 480)
    assert settings.config.camera.rate_hz == 10
    assert settings.origins == {
        "camera.width": str(file),
        "camera.height": "EDGEHOLO_CAMERA_HEIGHT",
        "camera.rate_hz": "--rate",
    }


def test_the_environment_reaches_nested_tables_and_lists(tmp_path: Path) -> None:
    """A variable is read as TOML where it is TOML, else as text."""
    environ = {
        "HOME": str(tmp_path),
        "EDGEHOLO_SMOOTHING_HANDS_BETA": "9",
        "EDGEHOLO_CAMERA_REGION": "[0.0, 0.0, 0.5, 1.0]",
        "EDGEHOLO_PUBLISH_LANDMARKS": "true",
        "EDGEHOLO_CAMERA_SOURCE": "v4l2:/dev/video0",
    }
    config = load(None, environ, {}).config
    assert config.smoothing.hands.beta == 9
    assert config.camera.region == (0.0, 0.0, 0.5, 1.0)
    assert config.publish.landmarks is True
    assert config.camera.source == "v4l2:/dev/video0"


def test_the_usual_places_are_looked_at_in_order(tmp_path: Path) -> None:
    """EDGEHOLO_CONFIG names a file; without it the user's own is found."""
    home = tmp_path / ".config" / "edgeholo"
    home.mkdir(parents=True)
    mine = _write(home, "[camera]\nwidth = 320\n")
    assert load(None, {"HOME": str(tmp_path)}, {}).file == mine
    other = _write(tmp_path, "[camera]\nwidth = 1280\n")
    assert load(None, {"HOME": str(tmp_path), "EDGEHOLO_CONFIG": str(other)}, {}).config.camera.width == 1280


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[camera]\nwidht = 640\n", ("camera.widht", "unknown option", "did you mean width?")),
        ("[camra]\nwidth = 640\n", ("camra", "unknown option", "did you mean camera?")),
        ("[camera]\nwidth = 6\n", ("camera.width", ">= 64")),
        ('[camera]\nwidth = "wide"\n', ("camera.width", "expected `int`")),
        ("[camera]\nrotation = 45\n", ("camera.rotation",)),
        ("[camera]\nregion = [0.5, 0, 1, 1]\n", ("camera", "leaves the picture")),
        ("[camera\n", ("no TOML", "line 1")),
        ("camera = 3\n", ("camera", "expected `object`")),
        ("[smoothing.hands]\nbetta = 1\n", ("smoothing.hands.betta", "did you mean beta?")),
        ('[publish]\nbase = "a/#"\n', ("publish.base",)),
        ('[device]\nid = "Living Room"\n', ("device.id",)),
        ("[gestures.each.thumb_up]\nhold_s = -1\n", ("gestures.each", "hold_s")),
    ],
)
def test_a_mistake_is_named_with_file_and_path(tmp_path: Path, text: str, parts: tuple[str, ...]) -> None:
    """One line tells the file, the option's path, and what would be right."""
    message = _mistake(tmp_path, text)
    assert message.startswith(str(tmp_path / "edgeholo.toml"))
    for part in parts:
        assert part in message


def test_a_misspelled_variable_is_an_error(tmp_path: Path) -> None:
    """A variable that no option reads would otherwise be ignored in silence."""
    message = _mistake(tmp_path, "", {"EDGEHOLO_CAMERA_WIDHT": "640"})
    assert message == "EDGEHOLO_CAMERA_WIDHT is no option; did you mean EDGEHOLO_CAMERA_WIDTH?"


def test_a_bad_value_in_a_variable_names_the_variable(tmp_path: Path) -> None:
    """The file is not blamed for what the environment says."""
    assert _mistake(tmp_path, "", {"EDGEHOLO_CAMERA_WIDTH": "wide"}).startswith("EDGEHOLO_CAMERA_WIDTH: camera.width")


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    """What --config names must be there and readable."""
    with pytest.raises(ConfigError, match="does not exist"):
        load(tmp_path / "nothing.toml", {}, {})
    with pytest.raises(ConfigError, match="cannot read"):
        load(tmp_path, {}, {})


def test_binary_rubbish_is_no_traceback(tmp_path: Path) -> None:
    """A picture given as a configuration is a clear mistake."""
    file = tmp_path / "edgeholo.toml"
    file.write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(ConfigError, match="no TOML"):
        load(file, {}, {})


def test_every_option_has_a_description() -> None:
    """The document and the page read them from here."""
    paths = [path for path, _ in options()]
    assert "camera.width" in paths
    assert "smoothing.hands.beta" in paths
    assert len(paths) == len(set(paths))
