"""A program of this machine, without a shell; only where the configuration allows it (``rules.commands``)."""

from typing import Annotated, ClassVar

from msgspec import Meta

from edgeholo.act import templates
from edgeholo.act.action import Command, Moment, Options, Order


class Program(Options, frozen=True, kw_only=True):
    """Starts a program.

    Attributes:
        command: the program, in full, and its arguments; these are templates, and each stays one argument whatever is in it.
        timeout_s: seconds after which it is ended.
    """

    TEMPLATED: ClassVar[frozenset[str]] = frozenset({"command"})

    command: Annotated[tuple[str, ...], Meta(min_length=1)]
    timeout_s: Annotated[float, Meta(ge=0.1, le=600)] = 10.0

    def __post_init__(self) -> None:
        """Refuse a program that is looked up on the PATH, or chosen by a template."""
        super().__post_init__()
        if not self.command[0].startswith("/") or templates.is_template(self.command[0]):
            raise ValueError("command: the program must be written in full, as /usr/bin/...")

    def orders(self, moment: Moment) -> tuple[Order, ...]:
        """Return the command."""
        arguments = (templates.rendered(argument, moment.names) for argument in self.command[1:])
        return (Command((self.command[0], *arguments), self.timeout_s),)
