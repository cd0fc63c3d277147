"""Where the cache is: named by us, by systemd, by the user, or in one line nowhere."""

from pathlib import Path

import pytest

from edgeholo.errors import ModelError
from edgeholo.perceive.models import cache


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"EDGEHOLO_CACHE": "own", "CACHE_DIRECTORY": "systemd", "XDG_CACHE_HOME": "user"}, "own/x"),
        ({"CACHE_DIRECTORY": "systemd", "XDG_CACHE_HOME": "user"}, "systemd/x"),
        ({"XDG_CACHE_HOME": "user"}, "user/edgeholo/x"),
        ({"HOME": "home"}, "home/.cache/edgeholo/x"),
    ],
)
def test_the_cache_is_where_it_is_expected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str
) -> None:
    """Our own variable first, then systemd's, then the user's."""
    for name in ("EDGEHOLO_CACHE", "CACHE_DIRECTORY", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, str(tmp_path / value))
    assert cache.cache_folder("x") == tmp_path / expected


def test_a_user_without_a_home_needs_none_when_the_cache_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container's or a service's user may have none; where nothing names the cache that is one line."""

    def nobody(_uid: int) -> None:
        raise KeyError

    monkeypatch.setattr("pwd.getpwuid", nobody)
    for name in ("HOME", "EDGEHOLO_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CACHE_DIRECTORY", str(tmp_path))
    assert cache.cache_folder("x") == tmp_path / "x"
    monkeypatch.delenv("CACHE_DIRECTORY")
    with pytest.raises(ModelError, match="no home; set EDGEHOLO_CACHE"):
        cache.cache_folder("x")
