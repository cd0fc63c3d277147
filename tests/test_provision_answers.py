"""Names, keys, networks and passwords: what is taken, what is refused, and how it is hashed and written."""

import subprocess
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeholo.errors import ConfigError
from edgeholo.page import EVERYWHERE
from edgeholo.provision.answers import check_hostname, keys_in
from edgeholo.provision.login import salt_in, sha512_crypt
from edgeholo.provision.quoting import quoted
from edgeholo.provision.settings_file import settings_file
from edgeholo.provision.wifi import Wifi, hashed
from tests.boot_partition import KEY, answers


@pytest.mark.parametrize("name", ["hall", "Hall-2", "a", "x" * 63, "0a"])
def test_a_host_name_is_one_label(name: str) -> None:
    """Letters, digits and hyphens."""
    check_hostname(name)


@pytest.mark.parametrize("name", ["", "-a", "a-", "x" * 64, "hall.lan", "a b", "häll", "a_b", "123", "a\n"])
def test_another_host_name_is_refused(name: str) -> None:
    """What the network would not resolve."""
    with pytest.raises(ConfigError, match="--hostname"):
        check_hostname(name)


@pytest.mark.parametrize(
    ("network", "password", "key"),
    [
        ("IEEE", "password", "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e"),
        ("ThisIsASSID", "ThisIsAPassword", "0dc0d6eb90555ed6419756b9a15ec3e3209b63df707dd508d14581f8982721af"),
        ("any", "AB" * 32, "ab" * 32),
    ],
)
def test_the_wifi_password_becomes_the_standards_key(network: str, password: str, key: str) -> None:
    """The test vectors of IEEE 802.11, annex J.4; a key of 64 digits is one already."""
    assert hashed(network, password) == key


@pytest.mark.parametrize("password", ["", "sevenxx", "x" * 65, "ü" * 32, "two\nlines"])
def test_another_wifi_password_is_refused_without_being_shown(password: str) -> None:
    """Too short or too long in bytes; the line does not hold it."""
    with pytest.raises(ConfigError, match="the Wi-Fi password has") as refusal:
        hashed("home", password)
    assert len(password) < 4 or password not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "country"), [("", "DE"), ("x" * 33, "DE"), ("ü" * 17, "DE"), ("home", "Germany"), ("home", "de")]
)
def test_another_network_is_refused(name: str, country: str) -> None:
    """At most 32 bytes, and a country of two letters."""
    with pytest.raises(ConfigError, match=r"--wifi|--country"):
        Wifi(name, None, country)


@pytest.mark.parametrize("password", ["a", "geheim", "with spaces and ' \" \\", "ü" * 40, "x" * 200])
def test_the_login_password_is_hashed_as_openssl_does(password: str) -> None:
    """The same scheme, the same salt, the same letters; and the salt is found again."""
    command = ["openssl", "passwd", "-6", "-salt", "NaCl./09azAZ", "-stdin"]
    expected = subprocess.run(command, input=password, capture_output=True, text=True, check=True).stdout.strip()
    assert sha512_crypt(password, "NaCl./09azAZ") == expected
    assert salt_in(f'  passwd: "{expected}"\n') == "NaCl./09azAZ"


@given(st.text())
def test_any_text_can_be_quoted(text: str) -> None:
    """TOML reads it back; all of it can be printed, as YAML wants it."""
    line = quoted(text.encode(errors="replace").decode())
    assert line.isprintable()
    assert tomllib.loads(f"text = {line}")["text"] == text.encode(errors="replace").decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", '"plain"'),
        ('a"b\\c', r'"a\"b\\c"'),
        ("off: #no {x} [y] *&!|>%@`", '"off: #no {x} [y] *&!|>%@`"'),
        ("Müller \N{HAPPY PERSON RAISING ONE HAND}", '"Müller \N{HAPPY PERSON RAISING ONE HAND}"'),
        ("\t\x7f\x85\u2028\U000e0001", r'"\t\u007f\u0085\u2028\U000e0001"'),
    ],
)
def test_what_yaml_and_toml_would_take_otherwise_is_escaped(text: str, expected: str) -> None:
    """Quotes, backslashes, and all that does not print."""
    assert quoted(text) == expected


def test_public_keys_are_read_from_a_file_of_any_system() -> None:
    """Several, with comments and Windows' line ends; a private key is never taken."""
    assert keys_in(f"# mine\r\n{KEY}\r\n\r\nssh-rsa AAAAB3Nz= other\n", "keys") == (KEY, "ssh-rsa AAAAB3Nz= other")
    with pytest.raises(ConfigError, match=r"is a private key, which never leaves this machine: name the \.pub file"):
        keys_in("-----BEGIN OPENSSH PRIVATE KEY-----\n", "id")
    for text in ("", "hello", 'ssh-ed25519 AAAA"\nrm -rf /'):
        with pytest.raises(ConfigError, match="is no public ssh key"):
            keys_in(text, "id.pub")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"user": "root"}, "--user"),
        ({"user": "Me"}, "--user"),
        ({"keys": (), "password_hash": None}, "nobody could log in"),
        ({"timezone": "Berlin;reboot"}, "--timezone"),
        ({"keyboard": "de'"}, "--keyboard"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(change: dict[str, object], complaint: str) -> None:
    """Before anything is written."""
    with pytest.raises(ConfigError, match=complaint):
        answers(**change)


def test_the_configuration_keeps_what_the_cards_says_already() -> None:
    """Ours wins; tables, lists and other options stay, and the outcome is a valid configuration, twice the same."""
    present = '[camera]\nsource = "v4l2:/dev/video0"\nregion = [0.0, 0.0, 0.5, 1.0]\n[gestures.each.thumb_up]\nhold_s = 2.0\n[device]\nname = "Old"\n'
    text = settings_file(answers(), present, has_token=False)
    tree = tomllib.loads(text)
    assert tree["camera"] == {"source": "v4l2:/dev/video0", "region": [0.0, 0.0, 0.5, 1.0]}
    assert tree["gestures"]["each"]["thumb_up"] == {"hold_s": 2.0}
    assert tree["device"] == {"name": "Hall", "id": "hall"}
    assert settings_file(answers(), text, has_token=False) == text


def test_a_wrong_option_is_named_before_it_reaches_the_card() -> None:
    """As the daemon would name it at its start."""
    with pytest.raises(ConfigError, match="did you mean rotation"):
        settings_file(answers(), "[camera]\nrotaton = 90\n", has_token=True)
    with pytest.raises(ConfigError, match="is no TOML"):
        settings_file(answers(), "[camera\n", has_token=True)


@pytest.mark.parametrize(
    ("present", "has_token", "host"),
    [
        ("", True, EVERYWHERE),
        ("", False, None),
        ('[web]\nhost = "127.0.0.1"\n', True, "127.0.0.1"),
        ("[web]\nport = 8000\n", True, EVERYWHERE),
        ('[web]\nhost = "0.0.0.0"\n', False, "127.0.0.1"),
    ],
)
def test_the_house_may_open_the_page_where_it_has_a_token(present: str, has_token: bool, host: str | None) -> None:
    """Unless the file says otherwise; without a token the page stays on the unit, whatever the file said before."""
    tree = tomllib.loads(settings_file(answers(), present, has_token=has_token))
    assert tree.get("web", {}).get("host") == host
