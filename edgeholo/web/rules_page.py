"""Gestures, rules and devices: what the page asks to have rules written, tried and saved."""

import asyncio
import re
import time
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from edgeholo.act.drafts import Draft, written
from edgeholo.act.rules import Rules, subscriptions
from edgeholo.amend.places import text_of
from edgeholo.amend.rules import ForbiddenError, check
from edgeholo.amend.wish import RulesWish
from edgeholo.errors import BrokerError, ConfigError
from edgeholo.web.answers import Failure, Problem, answer, read_json
from edgeholo.web.asked import carried_out, problem, sentence
from edgeholo.web.devices import Devices
from edgeholo.web.endpoint import Endpoint, Query
from edgeholo.web.gestures_list import GestureEntry, gestures
from edgeholo.web.heard import heard
from edgeholo.web.house import house_of
from edgeholo.web.rules_trial import Trial, tried
from edgeholo.web.rules_view import RuleMistake, RulesState, judged, server, state, with_draft
from edgeholo.web.setting_up import SettingUp, Site, setting_up_of

_UNIT = "[a-z0-9_-]{1,64}"

Text = Annotated[str, Meta(max_length=60_000)]


class RulesTry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rules to be tried.

    Attributes:
        text: of a file; null for what the file holds.
        rule: a single one, which is then tried alone.
    """

    text: Text | None = None
    rule: Draft | None = None


class RulesTried(msgspec.Struct, frozen=True):
    """What came of it.

    Attributes:
        mistakes: what is wrong; of a single rule the lines are those of its own text.
        trial: what the last minute would have led to; null where something is wrong.
    """

    mistakes: list[RuleMistake]
    trial: Trial | None


class RulesChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change to a text of rules.

    Attributes:
        rule: to be put into it; null to take one out.
        replaces: number of the rule, from 0, in whose place it comes, or that is taken out; null puts it at the end.
        text: that is changed; null for what the file holds.
    """

    rule: Draft | None = None
    replaces: Annotated[int, Meta(ge=0, le=10_000)] | None = None
    text: Text | None = None


class RulesText(msgspec.Struct, frozen=True):
    """The text after a change.

    Attributes:
        rule: the rule alone, as it is written; empty where one was taken out.
        text: all of it; comments and everything else are as they were.
        mistakes: what is wrong with it now.
    """

    rule: str
    text: str
    mistakes: list[RuleMistake]


class RulesSave(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rules to be saved.

    Attributes:
        text: all of the file.
        was: sha256 of the text that was read, in hexadecimal.
    """

    text: Text
    was: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class RulesRefusal(Failure, frozen=True):
    """Why rules were not saved.

    Attributes:
        mistakes: what is wrong with them.
    """

    mistakes: list[RuleMistake] = msgspec.field(default_factory=list)


async def list_gestures(request: Request) -> Response:
    """Return every gesture, those that were taught to a unit included.

    Raises:
        Problem: no unit can have that name (400).
    """
    unit = request.query_params.get("unit")
    if unit is not None and not re.fullmatch(_UNIT, unit):
        raise Problem(400, "A unit's name has lower-case letters, digits, _ and - only.")
    return answer(gestures(setting_up_of(request).taught(unit or "")))


async def list_devices(request: Request) -> Response:
    """Return the devices that were seen on the broker; takes a second, and is remembered for some.

    Raises:
        Problem: the broker is away (503).
    """
    try:
        return answer(await asyncio.to_thread(setting_up_of(request).devices.devices))
    except (BrokerError, ConfigError) as error:
        raise Problem(503, sentence(error)) from error


async def read_rules(request: Request) -> Response:
    """Return the rules of this machine's unit: text, words, mistakes, and what a rule can be made of."""
    setup = setting_up_of(request)
    return answer(await asyncio.to_thread(_state, setup, setup.site()))


async def try_rules(request: Request) -> Response:
    """Return what rules would have done in the last minute; nothing is sent.

    Raises:
        Problem: there is no file to read, or no way to write such a rule (422).
    """
    body = await read_json(request, RulesTry)
    setup = setting_up_of(request)
    return answer(await asyncio.to_thread(_tried, setup, setup.site(), body))


async def change_text(request: Request) -> Response:
    """Return a text of rules with a rule more, another or one less; nothing is saved.

    Raises:
        Problem: the text cannot be changed so (422).
    """
    body = await read_json(request, RulesChange)
    setup = setting_up_of(request)
    site = setup.site()
    try:
        text = text_of(site.places.rules) if body.text is None else body.text
        changed = await asyncio.to_thread(with_draft, text, body.rule, body.replaces)
    except ConfigError as error:
        raise Problem(422, sentence(error)) from error
    alone = "" if body.rule is None else written(body.rule)
    return answer(RulesText(alone, changed, judged(changed, setup.names(site.config)).mistakes))


async def save_rules(request: Request) -> Response:
    """Save the rules; the daemon takes them within two seconds.

    Raises:
        Problem: they are wrong (422), start programs (403), were changed meanwhile (409), or cannot be written (403, 504).
    """
    body = await read_json(request, RulesSave)
    setup = setting_up_of(request)
    site = setup.site()
    if why_not := _why_not(setup, site):
        raise Problem(403, why_not)
    await asyncio.to_thread(_look, setup, site, body.text)
    await carried_out(setup, house_of(request), RulesWish(body.text, body.was), site.places)
    return answer(await asyncio.to_thread(_state, setup, setup.site()))


ROUTES = [
    Endpoint(
        "/api/gestures",
        list_gestures,
        methods=["GET"],
        gives=list[GestureEntry],
        errors=[400],
        query=[Query("unit", f"^{_UNIT}$", "Whose taught gestures are listed too; the first unit's by default.")],
    ),
    Endpoint("/api/devices", list_devices, methods=["GET"], gives=Devices, errors=[503]),
    Endpoint("/api/rules", read_rules, methods=["GET"], gives=RulesState),
    Endpoint(
        "/api/rules",
        save_rules,
        methods=["PUT"],
        takes=RulesSave,
        gives=RulesState,
        errors={409: None, 422: RulesRefusal, 504: None},
    ),
    Endpoint("/api/rules/try", try_rules, methods=["POST"], takes=RulesTry, gives=RulesTried, errors=[422]),
    Endpoint("/api/rules/text", change_text, methods=["POST"], takes=RulesChange, gives=RulesText, errors=[422]),
]


def _state(setup: SettingUp, site: Site) -> RulesState:
    names = setup.names(site.config)
    return state(site.config.device.id, site.places.rules, names, _why_not(setup, site))


def _why_not(setup: SettingUp, site: Site) -> str:
    return sentence(site.trouble) if site.trouble else setup.writer.why_not(site.places)


def _tried(setup: SettingUp, site: Site, body: RulesTry) -> RulesTried:
    read = judged(_text(site, body), setup.names(site.config))
    if read.mistakes:
        return RulesTried(read.mistakes, None)
    return RulesTried([], _trial(setup, site, read.rules))


def _text(site: Site, body: RulesTry) -> str:
    try:
        if body.rule is None:
            return text_of(site.places.rules) if body.text is None else body.text
        # Home Assistant's table last: lines are then those of the rule.
        enabled = msgspec.structs.replace(body.rule, enabled=True)
        return f"{written(enabled)}\n{server(text_of(site.places.rules))}"
    except (TypeError, ConfigError) as error:
        raise Problem(422, sentence(error)) from error


def _trial(setup: SettingUp, site: Site, rules: Rules) -> Trial:
    options = setup.known("config")
    arming = options.get("arming", site.config.gestures.arming.enabled)
    return tried(
        rules,
        setup.recent.minute(site.config.device.id),
        time.monotonic_ns(),
        armed=setup.known("armed").get("armed", not arming) is True,
        profile=str(options.get("profile", site.config.gestures.profile)),
        states=heard(site.config.broker, subscriptions(rules)),
    )


def _look(setup: SettingUp, site: Site, text: str) -> None:
    """Refuse what the one who writes would refuse, with all its mistakes.

    Raises:
        Problem: they are wrong (422), or not to be written from the page (403).
    """
    try:
        check(text, text_of(site.places.rules))
    except ForbiddenError as error:
        raise Problem(403, sentence(error)) from error
    except ConfigError as error:
        raise problem(error) from error
    mistakes = judged(text, setup.names(site.config)).mistakes
    if mistakes:
        more = f" (and {len(mistakes) - 1} more)" if mistakes[1:] else ""
        first = f"Line {mistakes[0].line}: {mistakes[0].text}{more}."
        raise Problem(422, first, mistakes=msgspec.Raw(msgspec.json.encode(mistakes)))
