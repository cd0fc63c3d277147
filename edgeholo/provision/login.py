"""The password of the unit's own account, as the hash that Linux keeps in /etc/shadow."""

import hashlib
import re
import secrets

_ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_HASH = re.compile(r"\$6\$([./0-9A-Za-z]{1,16})\$[./0-9A-Za-z]{86}")
_ROUNDS = 5000
"""The scheme's own default."""


def new_salt() -> str:
    """Return sixteen letters by chance."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(16))


def salt_in(text: str) -> str | None:
    """Return the salt of the first hash in a text, so that the same password becomes the same file again."""
    match = _HASH.search(text)
    return match[1] if match else None


def sha512_crypt(password: str, salt: str) -> str:
    """Return ``$6$salt$hash``.

    Source: Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512", 2008. Python's own ``crypt`` is gone since 3.13, and
    a Mac has none of this scheme.
    """
    key, seed = password.encode(), salt.encode()
    digest = _start(key, seed)
    keys = _stretched(hashlib.sha512(key * len(key)).digest(), len(key))
    seeds = _stretched(hashlib.sha512(seed * (16 + digest[0])).digest(), len(seed))
    for number in range(_ROUNDS):
        odd = number & 1
        mix = hashlib.sha512(keys if odd else digest)
        mix.update(seeds if number % 3 else b"")
        mix.update(keys if number % 7 else b"")
        mix.update(digest if odd else keys)
        digest = mix.digest()
    return f"$6${salt}${_encoded(digest)}"


def _start(key: bytes, seed: bytes) -> bytes:
    other = hashlib.sha512(key + seed + key).digest()
    first = hashlib.sha512(key + seed + _stretched(other, len(key)))
    bits = len(key)
    while bits:
        first.update(other if bits & 1 else key)
        bits >>= 1
    return first.digest()


def _stretched(block: bytes, length: int) -> bytes:
    return (block * (length // len(block) + 1))[:length]


def _encoded(digest: bytes) -> str:
    """Return 86 letters: three bytes each in an order that turns, the last one alone."""
    letters = []
    for number in range(21):
        triple = (number, number + 21, number + 42)
        turn = number % 3
        a, b, c = (digest[index] for index in triple[turn:] + triple[:turn])
        letters += _letters(a << 16 | b << 8 | c, 4)
    return "".join([*letters, *_letters(digest[63], 2)])


def _letters(value: int, count: int) -> list[str]:
    return [_ALPHABET[value >> 6 * position & 63] for position in range(count)]
