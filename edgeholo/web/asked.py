"""What became of a wish, as an answer of the page."""

from edgeholo.amend.places import Places
from edgeholo.amend.wish import RulesWish, Wish
from edgeholo.errors import EdgeholoError
from edgeholo.web.answers import Problem
from edgeholo.web.house import House
from edgeholo.web.setting_up import SettingUp


async def carried_out(setup: SettingUp, house: House, wish: Wish, places: Places) -> None:
    """Have a wish carried out, and go over to another broker with it; who writes for a unit starts the page anew for that.

    Raises:
        Problem: it was refused, or somebody else was faster (409), or nobody took it (504).
    """
    try:
        outcome = await setup.writer.carry_out(wish, places)
    except EdgeholoError as error:
        raise problem(error) from error
    if outcome is None:
        raise Problem(
            504,
            "Nothing was saved: the service that writes did not answer. "
            "On the unit: sudo systemctl status edgeholo-settings.path edgeholo-settings.service",
        )
    if outcome.state != "done":
        raise Problem(409, sentence(outcome.error))
    if not isinstance(wish, RulesWish) and setup.writer.writes(places):
        await house.move(setup.site().config.broker)


def problem(error: EdgeholoError) -> Problem:
    """Return an error as an answer."""
    return Problem(422, sentence(error))


def sentence(error: Exception | str) -> str:
    """Return what is wrong as a sentence."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"
