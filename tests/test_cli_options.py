"""Which branches run: the configuration, --branches and --adaptive together."""

import argparse
from pathlib import Path

import pytest

from edgeholo.cli import options
from edgeholo.errors import ConfigError
from edgeholo.perceive.engine import modes_of


def modes(file: Path, *arguments: str) -> list[str]:
    """Return the modes of pose, left hand, right hand and face under these arguments."""
    parser = argparse.ArgumentParser()
    options.add_config(parser)
    options.add_engine(parser)
    config = options.settings(parser.parse_args(["--config", str(file), *arguments])).config
    return [mode.value for mode in modes_of(config.engine).values()]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "auto on off auto"),
        (("--branches", "pose,hands"), "on on on off"),
        (("--branches", "left_hand, face"), "off on off on"),
        (("--branches", "hands,right_hand", "--adaptive"), "off auto auto off"),
        (("--adaptive",), "auto auto off auto"),
    ],
)
def test_named_branches_run_in_every_frame_and_the_others_not(
    tmp_path: Path, arguments: tuple[str, ...], expected: str
) -> None:
    """``hands`` are both; --adaptive leaves the frames to the engine; without --branches the configuration counts."""
    file = tmp_path / "edgeholo.toml"
    file.write_text('[engine]\nleft_hand = "on"\nright_hand = "off"\nface = "auto"\n', encoding="utf-8")
    assert modes(file, *arguments) == expected.split()


def test_what_came_from_the_command_line_says_so(tmp_path: Path) -> None:
    """The origin of a value is the argument that set it."""
    file = tmp_path / "edgeholo.toml"
    file.write_text("", encoding="utf-8")
    args = argparse.Namespace(config=file, branches="face", adaptive=False)
    assert options.settings(args).origins["engine.pose"] == "--branches"
    with pytest.raises(
        ConfigError, match="'feet', '' is no branch; known are pose, hands, left_hand, right_hand, face"
    ):
        options.branches("pose,feet,")
