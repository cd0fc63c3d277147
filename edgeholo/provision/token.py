"""The token of the unit's page: told to the user once; card and unit have its hash only."""

import hashlib
import hmac
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

    hashed: str = field(repr=False)
    text: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, card: Card, *, fresh: bool) -> "Token":
        """Return the card's token, or a new one."""
        present = None if fresh else cls.stored(card.read(FILE) or "")
        return present or cls.new()

    @classmethod
    def new(cls) -> "Token":
        """Return a token that nobody else has."""
        # 80 bits: nobody guesses that at a page in the house, and it can still be typed.
        text = "-".join(secrets.token_hex(10)[start : start + 5] for start in range(0, 20, 5))
        return cls(_hashed(text), text)

    @classmethod
    def stored(cls, text: str) -> "Token | None":
        """Return the token whose hash a file has, or None where that is no such hash."""
        digest = text.strip().removeprefix(_SCHEME)
        known = text.strip().startswith(_SCHEME) and len(digest) == 64 and not set(digest) - set("0123456789abcdef")
        return cls(_SCHEME + digest) if known else None

    def matches(self, text: str) -> bool:
        """Return whether somebody knows the token; how long that takes tells nothing.

        A phone's keyboard may begin it with a capital and end it with a space.
        """
        typed = text.strip()
        return hmac.compare_digest(_hashed(typed), self.hashed) | hmac.compare_digest(
            _hashed(typed.lower()), self.hashed
        )


def _hashed(text: str) -> str:
    return _SCHEME + hashlib.sha256(text.encode(errors="replace")).hexdigest()
