#!/bin/sh
# The end of the first boot's own part (cloud-init or firstrun.sh): hands over to edgeholo-firstboot.service, which goes on at every
# boot until it is done. Can be run again.
set -eu
card=$(cd "$(dirname "$0")" && pwd)
cp "$card/edgeholo-firstboot.service" /etc/systemd/system/edgeholo-firstboot.service
mkdir -p /etc/systemd/system/multi-user.target.wants
ln -sf ../edgeholo-firstboot.service /etc/systemd/system/multi-user.target.wants/edgeholo-firstboot.service
sync -f /etc/systemd/system
# Where firstrun.sh runs instead of a boot, the service waits for the boot that follows.
if [ -d /run/systemd/system ] && ! grep -q systemd.run= /proc/1/cmdline /proc/cmdline; then
    systemctl daemon-reload
    systemctl start --no-block edgeholo-firstboot.service
fi
