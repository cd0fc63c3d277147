"""Is the broker there, and does it let us in?"""

import socket
import ssl

from edgeholo.checks.finding import Case, Finding, bad, ok
from edgeholo.errors import BrokerError
from edgeholo.publish import address, reasons
from edgeholo.publish.address import Address, shown
from edgeholo.publish.embedded import EMBEDDED
from edgeholo.publish.publisher import NO_BROKER
from edgeholo.publish.subscriber import Subscriber
from edgeholo.timesync import clock_is_right

_PATIENCE_S = 5.0
"""A home's network answers in milliseconds or not at all."""
_NOT_YET_VALID, _EXPIRED = 9, 10
"""X509_V_ERR_... of OpenSSL's x509_vfy.h."""
_LOCKED_OUT = (0x86, 0x87)
"""MQTT 5: bad user name or password, not authorized."""


def broker(case: Case) -> Finding:
    """Connect step by step: name, port, TLS, password."""
    options = case.config.broker
    if options.url in (NO_BROKER, EMBEDDED):
        return ok("broker", f"{options.url}: nothing to connect to")
    where = address.parse(options, case.environ)
    if trouble := _network(where) or _certificate(case, where):
        return trouble
    try:
        own = f"{case.config.publish.base}/{case.config.device.id}/#"
        with Subscriber(options, [own], case.environ):
            return ok("broker", f"{shown(options.url)} answers")
    except BrokerError as error:
        locked_out = any(reasons.said(code, "") in str(error) for code in _LOCKED_OUT)
        return bad("broker", "broker-password" if locked_out else "broker-refuses", str(error))


def _network(where: Address) -> Finding | None:
    try:
        socket.create_connection((where.host, where.port), _PATIENCE_S).close()
    except socket.gaierror as error:
        return bad("broker", "broker-host", reasons.failed(error, where))
    except ConnectionRefusedError as error:
        return bad("broker", "broker-off", reasons.failed(error, where))
    except OSError as error:
        return bad("broker", "broker-unreachable", reasons.failed(error, where))
    return None


def _certificate(case: Case, where: Address) -> Finding | None:
    """Return what is wrong with the certificate; whatever else is wrong with TLS the connection itself will tell."""
    if where.tls is None:
        return None
    try:
        with socket.create_connection((where.host, where.port), _PATIENCE_S) as plain:
            where.tls.wrap_socket(plain, server_hostname=where.host).close()
    except ssl.SSLCertVerificationError as error:
        sure = clock_is_right(case.root, case.kernel_is_sure)
        too_young = error.verify_code == _NOT_YET_VALID
        clock = too_young or (error.verify_code == _EXPIRED and not sure)
        doubt = "" if sure else "; no time server has set this clock yet"
        return bad("broker", "broker-clock" if clock else "broker-certificate", reasons.failed(error, where) + doubt)
    except OSError:
        return None
    return None
