"""docs/troubleshooting.md against the doctor: every finding has its row, and the checks use every row."""

import re
from pathlib import Path

import pytest

from edgeholo.checks import cures
from edgeholo.checks.cures import CURES
from edgeholo.publish.entities import QUALITIES

_CHECKS = Path(cures.__file__).parent


@pytest.fixture(scope="module")
def rows(pytestconfig: pytest.Config) -> list[list[str]]:
    """Return the cells of the table."""
    page = (pytestconfig.rootpath / "docs/troubleshooting.md").read_text(encoding="utf-8")
    table = page.split("| finding | symptom | cause | cure |")[1].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]


def test_every_finding_stands_in_the_table_with_its_cause_and_cure(rows: list[list[str]]) -> None:
    """In the order of the code, with a symptom for those who have not run the doctor yet."""
    assert [(row[0].strip("`"), row[2], row[3]) for row in rows] == [
        (code, cure.cause, cure.cure) for code, cure in CURES.items()
    ]
    assert all(row[1] for row in rows)


def test_every_cure_is_one_sentence() -> None:
    """It begins like one, ends like one, and holds no second."""
    for code, (cause, cure) in CURES.items():
        assert cure.endswith("."), code
        assert not re.search(r"[a-z]\. [A-Z]", cure), code
        assert not cause.endswith("."), code


def test_every_code_is_found_by_a_check_and_every_check_finds_known_codes() -> None:
    """No row that nothing leads to; pictures are named by the quality gate."""
    source = "".join(file.read_text() for file in _CHECKS.glob("*.py") if file.name != "cures.py")
    named = {code for code in CURES if f'"{code}"' in source}
    assert named | {f"picture-{state}" for state in QUALITIES if state != "ok"} == set(CURES)


def test_every_code_is_made_to_happen_in_a_test(pytestconfig: pytest.Config) -> None:
    """The tests of the doctor name each of them."""
    tests = "".join(file.read_text() for file in (pytestconfig.rootpath / "tests").glob("test_doctor_*.py"))
    tests += (pytestconfig.rootpath / "tests/test_rules_command.py").read_text()
    assert [code for code in CURES if f'"{code}"' not in tests and not code.startswith("picture-")] == []
