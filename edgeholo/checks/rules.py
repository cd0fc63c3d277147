"""Do the rules make sense?"""

from edgeholo.act.location import rules_file
from edgeholo.checks.finding import Case, Finding, bad, ok
from edgeholo.errors import EdgeholoError
from edgeholo.rulebook import Rulebook


def rules(case: Case) -> Finding:
    """Read the rules, as the daemon would."""
    book = Rulebook(lambda config: rules_file(config.rules, case.file, case.environ))
    file = book.file(case.config)
    try:
        count = len(book.load(case.config).rules)
    except EdgeholoError as error:
        return bad("rules", "rules-wrong", str(error))
    return ok("rules", f"{count} in {file}" if count else f"none in {file}")
