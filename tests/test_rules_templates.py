"""Templates say what happened, and reach nothing else."""

import pytest

from edgeholo.act import templates
from edgeholo.errors import ActionError

NAMES = {"gesture": "thumb_up", "hand": None, "confidence": 0.93, "person": 2}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("plain", "plain"),
        ("{{ gesture }} {{ person }}", "thumb_up 2"),
        ("[{{ hand }}]", "[]"),
        ("{{ (confidence * 100) | round | int }} %", "93 %"),
        ("{% if person > 1 %}second{% endif %}", "second"),
        ("{{ hand | tojson }}", "null"),
        ("{ not a template }", "{ not a template }"),
    ],
)
def test_a_text_is_filled(text: str, result: str) -> None:
    """What is None becomes nothing."""
    assert templates.rendered(text, NAMES) == result


def test_a_table_keeps_the_type_of_an_expression() -> None:
    """A lamp wants 93, not "93"."""
    table = {"level": "{{ (confidence * 100) | int }}", "text": "{{ person }} of {{ person }}", "list": ["{{ hand }}"]}
    assert templates.filled(table, NAMES, None) == {"level": 93, "text": "2 of 2", "list": [None]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ gestre }}", "no 'gestre' here; did you mean gesture?"),
        ("{{ value }}", "no 'value' here; there are confidence, gesture, hand, person"),
        ("{{ gesture ", "bad template: unexpected end of template"),
        ("{{ gesture | shout }}", "bad template: No filter named 'shout'"),
        ("{% include '/etc/passwd' %}x{{ gesture", "bad template"),
    ],
)
def test_a_mistake_is_explained_before_anything_happens(text: str, words: str) -> None:
    """`rules check` finds it, not the thumb."""
    assert words in (templates.mistake(text, NAMES) or "")


@pytest.mark.parametrize(
    "text",
    [
        "{{ gesture.__class__.__mro__ }}",
        "{{ ''.__class__ }}",
        "{{ gesture / 2 }}",
        "{{ 1 / 0 }}",
        "{{ 'x' * 1000000000 }}",
        "{{ 9 ** 999999999 }}",
        "{{ range(1000000000) | list }}",
        "{% include 'x' %}{{ gesture }}",
        "{{ gesture.missing }}",
        "{% for one in range(90000) %}xx{% endfor %}",
    ],
)
def test_what_cannot_or_must_not_be_filled_is_an_error_of_the_action(text: str) -> None:
    """Neither Python's inside nor the machine's memory is within reach."""
    with pytest.raises(ActionError):
        templates.rendered(text, NAMES)
