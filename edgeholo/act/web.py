"""Sends an HTTP request: verified where it is https, never redirected, its token read when it is needed."""

import base64
import http.client
import ssl
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from edgeholo.act.action import Request
from edgeholo.errors import ActionError
from edgeholo.redact import redacted

_AGENT = "edgeholo"
_LONGEST_TOKEN = 8192
"""Bytes; a long-lived access token has about 200."""
_BUSY = frozenset({408, 425, 429})
"""Refusals that are none a second later (RFC 9110, RFC 6585, RFC 8470)."""


class NotNowError(ActionError):
    """It may well succeed when it is tried again."""


def send(request: Request) -> None:
    """Send it, and wait for the answer's first line.

    A redirect is a failure: the token is meant for this host, and a request that was redirected may lose its body.

    Raises:
        NotNowError: nobody answered, or not now.
        ActionError: it was refused, or cannot be sent.
    """
    address = urlsplit(request.url)
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    try:
        connection = _connection(address, request.timeout_s)
        try:
            connection.request(request.method, path, request.body or None, _headers(request, address))
            _check(connection.getresponse())
        finally:
            connection.close()
    except ssl.SSLCertVerificationError as error:
        raise ActionError(f"{redacted(request.url)}: its certificate is not trusted: {error.verify_message}") from None
    except TimeoutError:
        raise NotNowError(f"{redacted(request.url)}: no answer within {request.timeout_s:g} s") from None
    except OSError as error:
        raise NotNowError(f"{redacted(request.url)}: {error.strerror or error}") from None
    except (http.client.InvalidURL, ValueError):
        # The text would repeat what it does not like, a header or the address, and with it a secret.
        raise ActionError(f"{redacted(request.url)}: the address or a header is none that HTTP can carry") from None
    except http.client.HTTPException as error:
        raise NotNowError(f"{redacted(request.url)}: this is no HTTP: {type(error).__name__}") from None
    except ActionError as error:
        raise type(error)(f"{redacted(request.url)}: {error}") from None


def _headers(request: Request, address: SplitResult) -> dict[str, str]:
    headers = {"User-Agent": _AGENT, **request.headers}
    if request.token_file:
        headers["Authorization"] = f"Bearer {_token(request.token_file)}"
    elif address.username:
        pair = f"{unquote(address.username)}:{unquote(address.password or '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return headers


def _connection(address: SplitResult, timeout_s: float) -> http.client.HTTPConnection:
    host = address.hostname or ""
    if address.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, address.port, timeout=timeout_s, context=context)
    return http.client.HTTPConnection(host, address.port, timeout=timeout_s)


def _check(answer: http.client.HTTPResponse) -> None:
    status = answer.status
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        where = redacted(answer.getheader("Location") or "elsewhere")
        raise ActionError(f"it answers {status}, which points to {where}: write that address")
    if status == http.client.UNAUTHORIZED:
        raise ActionError("it answers 401: the token is missing or wrong")
    kind = NotNowError if status >= 500 or status in _BUSY else ActionError
    raise kind(f"it answers {status} {answer.reason}".rstrip())


def _token(file: str) -> str:
    """Return the token of a file, as it is now: it may have been renewed."""
    try:
        with Path(file).expanduser().open("rb") as stream:
            token = stream.read(_LONGEST_TOKEN).decode("ascii").strip()
    except OSError as error:
        raise ActionError(f"token_file {file}: {error.strerror}") from None
    except (UnicodeDecodeError, RuntimeError):
        token = ""
    if not token.isprintable() or not token or " " in token:
        raise ActionError(f"token_file {file}: expected nothing but a token, on one line")
    return token
