#!/bin/sh
# Process 1 of the read-only image (init= in cmdline.txt): puts the state partition over the root as an overlay, and starts systemd.
# The root is never written. Where the state partition is lost, the unit starts from memory, with its settings as they were flashed.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
below=/usr/lib/edgeholo

# Mounts the state partition, repaired where it needs that, else memory.
mount_state() {
    device=$(findfs LABEL=edgeholo-state) &&
        { e2fsck -p "$device" || [ $? -le 2 ]; } &&
        mount -t ext4 -o noatime,commit=60 "$device" $below/state && return
    echo "edgeholo: the state partition cannot be used; nothing that is changed now is kept"
    mount -t tmpfs -o mode=755 tmpfs $below/state
}

modprobe overlay
mount_state
mkdir -p $below/state/changed $below/state/work
# systemd renames a folder of a service that gets a user of its own; an overlay refuses that unless asked.
if mount -t overlay -o "lowerdir=/,upperdir=$below/state/changed,workdir=$below/state/work,redirect_dir=on" overlay $below/whole; then
    # Seen by systemd, so that it is written out and closed when the unit is switched off.
    mount --move $below/state $below/whole$below/state
    exec switch_root $below/whole /sbin/init
fi
echo "edgeholo: no overlay; the root stays read-only"
exec /sbin/init
