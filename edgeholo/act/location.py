"""Where the rules are."""

from collections.abc import Mapping
from pathlib import Path

from edgeholo.config import RuleOptions
from edgeholo.settings import users_folder

NAME = "rules.toml"


def rules_file(options: RuleOptions, configuration: Path | None, environ: Mapping[str, str]) -> Path:
    """Return the file of rules; it need not exist.

    Args:
        options: the ``rules`` section.
        configuration: the file that was read, or None.
        environ: the environment.
    """
    folders = [configuration.parent] if configuration else [Path("/etc/edgeholo"), users_folder(environ)]
    if options.file:
        # A name without a folder is meant beside the configuration; a whole path replaces the folder.
        return folders[-1] / Path(options.file).expanduser()
    return next((folder / NAME for folder in folders if (folder / NAME).is_file()), folders[-1] / NAME)
