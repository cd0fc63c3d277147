"""docs/configuration.md says what the code says."""

import subprocess
import sys
from pathlib import Path

from edgeholo.config import Config

_ROOT = Path(__file__).parent.parent


def test_the_configuration_document_is_what_the_code_prints() -> None:
    """Every option, default and range in the document comes from edgeholo/config.py."""
    printed = subprocess.run(
        [sys.executable, "docs/configuration.py"], cwd=_ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert printed == (_ROOT / "docs" / "configuration.md").read_text(encoding="utf-8"), (
        "run: python docs/configuration.py > docs/configuration.md"
    )


def test_a_section_inside_another_shows_its_own_defaults() -> None:
    """Hands are smoothed otherwise than the body, by the same kind of section."""
    document = (_ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    table = document.partition("## [smoothing.hands]")[2].partition("\n## ")[0]
    assert f"| `beta` | `{Config().smoothing.hands.beta}` |" in table
