"""What cloud-init, netplan and firstrun.sh are given: as text here, before the real programs in tests/pi."""

import subprocess

import pytest

from edgeholo.errors import ConfigError
from edgeholo.provision import cloud_init, firstrun
from edgeholo.provision.login import sha512_crypt
from edgeholo.provision.wifi import Wifi
from tests.boot_partition import KEY, TEMPLATE, answers

HASH = sha512_crypt("geheim", "NaCl")


def test_user_data_says_who_the_unit_is_and_hands_over() -> None:
    """The whole file, as an image's template of comments leads to it."""
    assert (
        cloud_init.user_data(answers(), TEMPLATE)
        == f"""#cloud-config
# Written by `edgeholo provision`: the file as it was is user-data.before-edgeholo.
manage_resolv_conf: false
hostname: "hall"
manage_etc_hosts: true
timezone: "Europe/Berlin"
keyboard:
  model: pc105
  layout: "de"
user:
  name: "pi"
  shell: /bin/bash
  lock_passwd: true
  ssh_authorized_keys:
    - "{KEY}"
ssh_pwauth: false
runcmd:
  - ["systemctl", "enable", "--now", "ssh"]
  - ["sh", "-c", "echo 'pi ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/010_pi-nopasswd && chmod 0440 /etc/sudoers.d/010_pi-nopasswd"]
  - ["sh", "/boot/firmware/edgeholo/begin.sh"]
"""
    )


def test_an_account_with_a_password_needs_it_for_root_too() -> None:
    """No rule for sudo then: the image's own counts."""
    text = cloud_init.user_data(answers(password_hash=HASH, keys=()), "")
    assert f'  lock_passwd: false\n  passwd: "{HASH}"\n' in text
    assert "ssh_pwauth: true" in text
    assert "NOPASSWD" not in text
    assert "authorized_keys" not in text


IMAGER = f"""#cloud-config
manage_resolv_conf: false

hostname: raspberrypi
packages:
- avahi-daemon

apt:
  conf: |
    Acquire {{
      Check-Date "false";
    }};
user:
  name: anna
  passwd: "{HASH}"
rpi:
  interfaces:
    i2c: true

runcmd:
    - [ rfkill, unblock, wifi ]
"""


def test_what_imager_has_set_is_kept_where_it_is_not_ours() -> None:
    """Keys of other things stay, word for word; commands come before ours, indented as theirs are."""
    text = cloud_init.user_data(answers(), IMAGER)
    assert "rpi:\n  interfaces:\n    i2c: true\n" in text
    assert "packages:\n- avahi-daemon\n" in text
    assert '      Check-Date "false";\n' in text
    assert text.count("hostname:") == 1
    assert "anna" not in text
    assert 'runcmd:\n    - [ rfkill, unblock, wifi ]\n    - ["systemctl"' in text
    assert text.endswith('    - ["sh", "/boot/firmware/edgeholo/begin.sh"]\n')


@pytest.mark.parametrize(
    ("base", "complaint"),
    [
        ("#!/bin/sh\necho\n", "is no cloud-config"),
        ("## template: jinja\n#cloud-config\n", "is no cloud-config"),
        ("#cloud-config\nruncmd: [[ls]]\n", "a runcmd that is no list of lines"),
    ],
)
def test_user_data_of_another_kind_is_left_alone(base: str, complaint: str) -> None:
    """Better nothing written than something broken."""
    with pytest.raises(ConfigError, match=complaint):
        cloud_init.user_data(answers(), base)


def test_the_network_is_netplans() -> None:
    """Cable and Wi-Fi; the name quoted, the key hashed."""
    text = cloud_init.network_config(Wifi('a "b": #c', "ab" * 32, "GB", hidden=True))
    assert '      regulatory-domain: "GB"\n' in text
    assert f'        "a \\"b\\": #c":\n          hidden: true\n          password: "{"ab" * 32}"\n' in text


def test_an_open_network_says_so() -> None:
    """Netplan wants that in so many words."""
    assert "          auth:\n            key-management: none\n" in cloud_init.network_config(Wifi("cafe", None, "FR"))


def test_other_answers_are_another_instance() -> None:
    """So cloud-init, which runs once an instance, runs again; the same answers leave it in peace."""
    assert cloud_init.instance_id(["a", "b"]) == cloud_init.instance_id(["a", "b"])
    assert cloud_init.instance_id(["a", "b"]) != cloud_init.instance_id(["ab", ""])
    assert "instance-id: edgeholo-" in cloud_init.meta_data(cloud_init.instance_id(["a"]))


@pytest.mark.parametrize("name", ["home", "it's; $(reboot)", 'Müller: "Netz" \\ #1', "[x]"])
@pytest.mark.parametrize("password_hash", [None, HASH])
def test_firstrun_is_a_good_shell_script_whatever_the_names_are(name: str, password_hash: str | None) -> None:
    """Shellcheck reads it, and nothing of a network's name becomes a command."""
    text = firstrun.script(answers(wifi=Wifi(name, "ab" * 32, "DE"), password_hash=password_hash, user="o_brien"))
    checked = subprocess.run(["shellcheck", "-"], input=text, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    assert name not in text or name == "home"
    assert text.rstrip().endswith("exit 0")


def test_networkmanager_gets_the_networks_name_as_numbers() -> None:
    """As text, a semicolon or a blank at its end would have a meaning there."""
    lines = firstrun.connection(Wifi("a;ü ", "ab" * 32, "DE")).splitlines()
    assert "ssid=97;59;195;188;32;" in lines
    assert "psk=" + "ab" * 32 in lines
    assert "[wifi-security]" not in firstrun.connection(Wifi("cafe", None, "DE"))
