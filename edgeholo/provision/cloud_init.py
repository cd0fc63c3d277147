"""What cloud-init reads on Raspberry Pi OS trixie: user-data, network-config and meta-data, as Raspberry Pi Imager 2 writes them.

Every text is a double-quoted scalar, so that no name, key or password can become YAML of its own.
"""

import hashlib
import re
from collections.abc import Iterable

from edgeholo.errors import ConfigError
from edgeholo.provision.answers import Answers
from edgeholo.provision.quoting import quoted
from edgeholo.provision.wifi import Wifi

MARK = "# Written by `edgeholo provision`"
BEGIN = "/boot/firmware/edgeholo/begin.sh"
"""Starts our own first boot; cloud-init's part ends there."""

_HEADER = "#cloud-config\n"
_KEY = re.compile(r"([A-Za-z_][\w-]*)\s*:")
_ITEM = re.compile(r"( *)- ")

Blocks = list[tuple[str, str]]
"""Top-level key (empty for what comes before the first) and the text that belongs to it."""


def user_data(answers: Answers, base: str) -> str:
    """Return user-data.

    What the base says beyond ours is kept, key by key; its commands come before ours.

    Args:
        answers: who the unit is.
        base: the file as somebody else has written it, the image's own template of comments above all; empty if none.

    Raises:
        ConfigError: the base is no cloud-config, or its runcmd is not written as a list of lines.
    """
    theirs = _blocks(base)
    ours = _ours(answers)
    commands = "".join(text for key, text in theirs if key == "runcmd")
    kept = "".join(text for key, text in theirs if key and key != "runcmd" and key not in ours)
    parts = [
        f"{_HEADER}{MARK}: the file as it was is user-data.before-edgeholo.\n" if base else f"{_HEADER}{MARK}.\n",
        *ours.values(),
        f"# As it was:\n{kept}" if kept else "",
        _runcmd(answers, commands),
    ]
    return "".join(parts)


def network_config(wifi: Wifi) -> str:
    """Return network-config (netplan version 2): the cable and the Wi-Fi, whichever is there."""
    access = [f"        {quoted(wifi.name)}:"]
    if wifi.hidden:
        access.append("          hidden: true")
    if wifi.key is None:
        access += ["          auth:", "            key-management: none"]
    else:
        access.append(f"          password: {quoted(wifi.key)}")
    lines = [
        f"{MARK}.",
        "network:",
        "  version: 2",
        "  ethernets:",
        "    eth0:",
        "      dhcp4: true",
        "      dhcp6: true",
        "      optional: true",
        "  wifis:",
        "    wlan0:",
        "      dhcp4: true",
        f"      regulatory-domain: {quoted(wifi.country)}",
        "      access-points:",
        *access,
        "      optional: true",
    ]
    return "\n".join(lines) + "\n"


def instance_id(texts: Iterable[str]) -> str:
    """Return the name of this first boot: of other answers it is another one, and cloud-init runs again."""
    digest = hashlib.sha256("\0".join(texts).encode())
    return f"edgeholo-{digest.hexdigest()[:16]}"


def meta_data(instance: str) -> str:
    """Return meta-data."""
    return f"{MARK}.\ndsmode: local\ninstance-id: {instance}\n"


def _ours(answers: Answers) -> dict[str, str]:
    blocks = {
        # As Imager writes it: NetworkManager looks after names, not cloud-init.
        "manage_resolv_conf": "manage_resolv_conf: false\n",
        "hostname": f"hostname: {quoted(answers.hostname)}\n",
        "manage_etc_hosts": "manage_etc_hosts: true\n",
    }
    if answers.timezone:
        blocks["timezone"] = f"timezone: {quoted(answers.timezone)}\n"
    if answers.keyboard:
        blocks["keyboard"] = f"keyboard:\n  model: pc105\n  layout: {quoted(answers.keyboard)}\n"
    blocks["user"] = _user(answers)
    blocks["ssh_pwauth"] = f"ssh_pwauth: {'false' if answers.password_hash is None else 'true'}\n"
    return blocks


def _user(answers: Answers) -> str:
    """Return the account. Singular, as Imager has it: so it is the image's own first user, with that one's groups."""
    lines = ["user:", f"  name: {quoted(answers.user)}", "  shell: /bin/bash"]
    if answers.password_hash is None:
        lines.append("  lock_passwd: true")
    else:
        lines += ["  lock_passwd: false", f"  passwd: {quoted(answers.password_hash)}"]
    if answers.keys:
        lines += ["  ssh_authorized_keys:", *(f"    - {quoted(key)}" for key in answers.keys)]
    return "\n".join(lines) + "\n"


def _runcmd(answers: Answers, theirs: str) -> str:
    commands: list[tuple[str, ...]] = [("systemctl", "enable", "--now", "ssh")]
    if answers.password_hash is None:
        # Without a password there is no other way to become root.
        file = f"/etc/sudoers.d/010_{answers.user}-nopasswd"
        rule = f"echo '{answers.user} ALL=(ALL) NOPASSWD:ALL' >{file} && chmod 0440 {file}"
        commands.append(("sh", "-c", rule))
    commands.append(("sh", BEGIN))
    head, _, items = (theirs or "runcmd:\n").partition("\n")
    if head.partition("#")[0].strip() != "runcmd:":
        raise ConfigError("user-data on the card has a runcmd that is no list of lines beginning with -; write it so")
    indent = next((match[1] for line in items.splitlines() if (match := _ITEM.match(line))), "  ")
    lines = [f"{indent}- [{', '.join(map(quoted, command))}]\n" for command in commands]
    return f"{head}\n{items}" + "".join(lines)


def _blocks(text: str) -> Blocks:
    """Split a cloud-config at its top-level keys.

    Raises:
        ConfigError: it is none.
    """
    if text.strip() and not text.startswith("#cloud-config"):
        raise ConfigError(
            "user-data on the card is no cloud-config (its first line is another); move it away, or flash the card again"
        )
    blocks: Blocks = [("", "")]
    for line in text.splitlines(keepends=True):
        match = _KEY.match(line)
        if match:
            blocks.append((match[1], ""))
        if line.strip() and not line.startswith("#"):
            key, before = blocks[-1]
            blocks[-1] = (key, before + (line if line.endswith("\n") else line + "\n"))
    return blocks
