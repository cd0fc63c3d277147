"""The one-time token of the unit's page: told to the user once; the card has its hash only."""

import hashlib
import secrets
from dataclasses import dataclass, field

from edgeholo.provision.card import Card

FILE = "edgeholo/page_token"
"""Below the boot partition; the first boot moves it to /etc/edgeholo/page_token."""

_SCHEME = "sha256:"


@dataclass(frozen=True, slots=True)
class Token:
    """A token.

    Attributes:
        hashed: what is written: ``sha256:`` and the digest of the token's text.
        text: what the user is told; None where it was told before.
    """

    hashed: str
    text: str | None = field(repr=False)

    @classmethod
    def of(cls, card: Card, *, fresh: bool) -> "Token":
        """Return the card's token, or a new one."""
        present = (card.read(FILE) or "").strip()
        if present.startswith(_SCHEME) and not fresh:
            return cls(present, None)
        # 80 bits: nobody guesses that at a page in the house, and it can still be typed.
        text = "-".join(secrets.token_hex(10)[start : start + 5] for start in range(0, 20, 5))
        return cls(_SCHEME + hashlib.sha256(text.encode()).hexdigest(), text)
