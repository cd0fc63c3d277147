"""Why there is no connection, in one line that says how to mend it."""

import errno
import socket
import ssl

from edgeholo.publish.address import Address

_NOT_YET_VALID, _EXPIRED, _HOST_MISMATCH, _IP_MISMATCH = 9, 10, 62, 64
"""X509_V_ERR_... of OpenSSL's x509_vfy.h."""

# What a broker says in CONNACK, SUBACK or DISCONNECT (MQTT 5, table 2-6; the client turns 3.1.1's codes into these).
_SAID = {
    0x84: "the broker does not speak this version of MQTT",
    0x85: "the broker does not accept the client id",
    0x86: "the broker refuses the user or the password: check broker.username and broker.password_file",
    0x87: "the broker does not let us in: check broker.username, broker.password_file and the broker's access list",
    0x88: "the broker is not available now",
    0x89: "the broker is busy",
    0x8A: "the broker has banned this client",
    0x8B: "the broker is shutting down",
    0x8D: "the broker heard nothing from us for too long",
    0x8E: "another client took over with the same id: give each device a device.id of its own",
    0x95: "the broker finds a message too large",
    0x97: "the broker's quota is used up",
    0x9F: "the broker finds that we connect too often",
}

# What the network says; the first that fits.
_FAILURES: dict[type[OSError], str] = {
    ssl.SSLError: "no TLS at {a.host}:{a.port} ({why}): is this the port for {a.scheme}://?",
    socket.gaierror: "unknown host {a.host}: check broker.url, and the network's DNS",
    TimeoutError: "{a.host}:{a.port} does not answer: is it switched on, and the port open?",
    ConnectionRefusedError: "nobody listens at {a.host}:{a.port}: is the broker running, is the port right?",
}


def said(code: int, name: str) -> str:
    """Return what the broker's reason ``code`` means; ``name`` is the standard's word for those without a sentence."""
    return _SAID.get(code, f"the broker says: {name}")


def failed(error: OSError, address: Address) -> str:
    """Return why the network, TLS or the WebSocket did not come about."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(error, address)
    known = [text for kind, text in _FAILURES.items() if isinstance(error, kind)]
    if address.tls and isinstance(error, ConnectionResetError):
        known = [_FAILURES[ssl.SSLError]]
    if error.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH):
        known = ["no way to {a.host}: is this machine's network up?"]
    if not known and address.transport == "websockets" and error.errno is None:
        known = ["no WebSocket at {a.host}:{a.port}{a.path}: are port and path right?"]
    text = known[0] if known else "no connection to {a.host}:{a.port} ({why})"
    why = getattr(error, "reason", None) or error.strerror or error
    return text.format(a=address, why=why)


def silent(address: Address) -> str:
    """Return the text for one who takes the connection and says nothing."""
    return f"{address.host}:{address.port} takes the connection but does not answer: does it speak MQTT?"


def deaf(address: Address, silent_s: float) -> str:
    """Return the text for one who acknowledges nothing any more, or a network that carries nothing."""
    return f"{address.host}:{address.port} has acknowledged nothing for {silent_s:.0f} s: is the network there?"


def hung_up(address: Address) -> str:
    """Return the text for one who closes the connection before it has greeted us."""
    if address.tls:
        hint = "does it ask for a client certificate (broker.cert_file)?"
    else:
        hint = "does it speak MQTT here, or only TLS (mqtts://)?"
    return f"{address.host}:{address.port} closed the connection without an answer: {hint}"


def _certificate(error: ssl.SSLCertVerificationError, address: Address) -> str:
    if error.verify_code in (_HOST_MISMATCH, _IP_MISMATCH):
        hint = "write the name that stands in it into broker.url"
    elif error.verify_code == _NOT_YET_VALID:
        hint = "is this machine's clock right?"
    elif error.verify_code == _EXPIRED:
        hint = "renew it, or is this machine's clock wrong?"
    else:
        hint = "name its authority in broker.ca_file"
    return f"the certificate of {address.host} is not trusted ({error.verify_message}): {hint}"
