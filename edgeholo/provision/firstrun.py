"""firstrun.sh, for images without cloud-init (bookworm): systemd runs it once instead of booting, then the unit boots."""

import shlex

from edgeholo.provision.answers import Answers
from edgeholo.provision.wifi import Wifi

_CONNECTION = "/etc/NetworkManager/system-connections/edgeholo.nmconnection"

_HEAD = """#!/bin/sh
# Written by `edgeholo provision`; runs once, instead of the first boot, and removes itself.
# What fails here must not keep the unit from booting.
# shellcheck disable=SC2016 # the dollars of a hash stand for themselves
set +e
custom=/usr/lib/raspberrypi-sys-mods/imager_custom
"""

_HOSTNAME = """
if [ -x "$custom" ]; then
    "$custom" set_hostname {name}
else
    sed -i "s/^127\\.0\\.1\\.1.*/127.0.1.1\\t"{name}/ /etc/hosts
    echo {name} >/etc/hostname
fi
"""

_USER = """
first=$(getent passwd 1000 | cut -d: -f1)
if [ -x /usr/lib/userconf-pi/userconf ]; then
    /usr/lib/userconf-pi/userconf {user} {password}
elif [ -z "$first" ]; then
    useradd --create-home --shell /bin/bash --uid 1000 {user}
    usermod --password {password} {user}
    for group in sudo video adm; do usermod --append --groups "$group" {user}; done
else
    usermod --password {password} "$first"
    [ "$first" = {user} ] || usermod --login {user} --home /home/{user} --move-home "$first"
fi
"""

_KEYS = """
home=$(getent passwd {user} | cut -d: -f6)
install -d -o {user} -g "$(id -g {user})" -m 700 "$home/.ssh"
cat >"$home/.ssh/authorized_keys" <<'END_OF_KEYS'
{keys}
END_OF_KEYS
chown {user} "$home/.ssh/authorized_keys"
chmod 600 "$home/.ssh/authorized_keys"
"""

_KEYS_ONLY = """
echo 'PasswordAuthentication no' >/etc/ssh/sshd_config.d/edgeholo.conf
echo {rule} >/etc/sudoers.d/010_{user}-nopasswd
chmod 0440 /etc/sudoers.d/010_{user}-nopasswd
"""

_WIFI = """
rm -f /etc/NetworkManager/system-connections/preconfigured.nmconnection
(umask 077; mkdir -p {folder}; cat >{file} <<'END_OF_WIFI'
{connection}
END_OF_WIFI
)
[ -x "$custom" ] && "$custom" set_wlan_country {country}
rfkill unblock wifi
"""

_TAIL = """
systemctl enable ssh
sh /boot/firmware/edgeholo/begin.sh
rm -f /boot/firmware/firstrun.sh
sed -i 's| systemd\\.run[^ ]*||g; s| systemd\\.unit=kernel-command-line\\.target||g' /boot/firmware/cmdline.txt
sync
exit 0
"""


def script(answers: Answers) -> str:
    """Return firstrun.sh."""
    user = shlex.quote(answers.user)
    parts = [
        _HEAD,
        _HOSTNAME.format(name=shlex.quote(answers.hostname)),
        # "*" is the hash of no password at all.
        _USER.format(user=user, password=shlex.quote(answers.password_hash or "*")),
    ]
    if answers.keys:
        parts.append(_KEYS.format(user=user, keys="\n".join(answers.keys)))
    if answers.password_hash is None:
        parts.append(_KEYS_ONLY.format(user=user, rule=shlex.quote(f"{answers.user} ALL=(ALL) NOPASSWD:ALL")))
    if answers.wifi:
        parts.append(_wifi(answers.wifi))
    if answers.timezone:
        zone = shlex.quote(answers.timezone)
        parts.append(f"\necho {zone} >/etc/timezone\nln -sf /usr/share/zoneinfo/{zone} /etc/localtime\n")
    if answers.keyboard:
        parts.append(f'\n[ -x "$custom" ] && "$custom" set_keymap {shlex.quote(answers.keyboard)}\n')
    return "".join([*parts, _TAIL])


def _wifi(wifi: Wifi) -> str:
    folder = _CONNECTION.rpartition("/")[0]
    return _WIFI.format(folder=folder, file=_CONNECTION, connection=connection(wifi), country=wifi.country)


def connection(wifi: Wifi) -> str:
    """Return NetworkManager's file; the name as numbers of its bytes, for as text some letters have a meaning there."""
    name = "".join(f"{byte};" for byte in wifi.name.encode())
    lines = ["[connection]", "id=edgeholo", "type=wifi", "", "[wifi]", "mode=infrastructure", f"ssid={name}"]
    if wifi.hidden:
        lines.append("hidden=true")
    if wifi.key:
        lines += ["", "[wifi-security]", "key-mgmt=wpa-psk", f"psk={wifi.key}"]
    return "\n".join([*lines, "", "[ipv4]", "method=auto", "", "[ipv6]", "method=auto"])
