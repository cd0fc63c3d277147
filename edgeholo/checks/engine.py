"""Are the models there, and can this machine run the engine that was chosen?"""

import re
from collections.abc import Sequence

from edgeholo.checks.finding import Case, Finding, bad, ok, warning
from edgeholo.checks.trial import COMMAND, tried
from edgeholo.perceive.engine import assets_of
from edgeholo.perceive.models.cache import cache_folder
from edgeholo.perceive.models.fetch import state
from edgeholo.perceive.models.manifest import ASSETS


def models(case: Case) -> Finding:
    """Verify the files that the engine needs."""
    states = {name: state(ASSETS[name]) for name in assets_of(case.config.engine)}
    wrong = [f"{name} {condition}" for name, condition in states.items() if condition != "ok"]
    if wrong:
        return warning("models", "models-missing", ", ".join(wrong))
    return ok("models", f"{len(states)} files verified in {cache_folder('assets')}")


def engine(case: Case, command: Sequence[str] = COMMAND) -> Finding:
    """Open the engine and let it look at an empty picture."""
    trial = tried(case.config.engine, command)
    if trial.outcome == "runs":
        return ok("engine", trial.text)
    if trial.outcome == "dies":
        return bad("engine", "engine-processor", trial.text)
    if trial.outcome == "hangs":
        return bad("engine", "hangs", trial.text)
    if trial.outcome == "unfit":
        # The daemon gives way to litert by itself, with a line in its log.
        return warning("engine", _unfit(trial.text), f"{trial.text}; litert runs instead")
    return bad("engine", "engine-fails", trial.text)


def _unfit(text: str) -> str:
    if re.search(r"lib\w+\.so|system libraries", text):
        return "engine-library"
    return "engine-package" if "cannot be imported" in text else "engine-processor"
