"""docs/gestures.md says what the code says, and holds the figures that were reached."""

from docs.gestures import PAGE, vocabulary, with_section

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_tables_of_gestures_are_what_the_code_prints() -> None:
    """Every gesture and control, how to show it and whether it is an everyday one."""
    assert with_section(TEXT, "vocabulary", vocabulary()) == TEXT, "run: python docs/gestures.py"
