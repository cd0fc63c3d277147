#!/bin/sh
# Puts an image together from Debian's part and ours; build.sh calls it in a mount namespace of its own, as root there.
# Usage: compose.sh WORK BASE DISK IMAGE ARCHIVE READONLY
set -eu
work=$1 base=$2 disk=$3 image=$4 archive=$5 readonly=$6
here=$(cd "$(dirname "$0")" && pwd)
root=$work/root
boot_mb=512   # two kernels with their initrds take 180 MB, an offline bundle of `edgeholo provision` 200
spare_mb=300  # of the root: grown to the whole card at the first boot, where it is writable
state_mb=1536 # install.sh wants 900 MB free, for an update beside the version that runs; what is flashed takes none of it

say() { printf 'edgeholo: %s\n' "$*" >&2; }

unpack_base() {
    rm -rf "$root"
    mkdir -p "$root"
    tar --extract --file "$base" --directory "$root" --numeric-owner --xattrs --xattrs-include='*' --exclude='./dev/*'
}

# Runs a command in there, under emulation where this is another machine.
inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"; }

enter() { for folder in dev proc sys; do mount --rbind "/$folder" "$root/$folder"; done; }
leave() { for folder in dev proc sys; do umount -lR "$root/$folder"; done; }

# The installer of every other machine, with what it would fetch given to it.
install_edgeholo() {
    case $archive in debian) board=other ;; *) board=raspberrypi ;; esac
    mount -t tmpfs tmpfs "$root/tmp"
    mkdir "$root/tmp/edgeholo" "$root/tmp/offline"
    tar -xzf "$work/edgeholo.tar.gz" -C "$root/tmp/edgeholo"
    for folder in wheels site-packages models; do
        mkdir "$root/tmp/offline/$folder"
        mount --bind "$work/$folder" "$root/tmp/offline/$folder"
    done
    inside chroot "$root" sh /tmp/edgeholo/provisioning/install.sh --offline /tmp/offline --board "$board"
    umount -R "$root/tmp"
}

write_settings() {
    for layer in files "$archive" ${readonly:+readonly}; do
        cp -r "$here/$layer/." "$root/"
    done
    mkdir -p "$root/usr/lib/edgeholo/state" "$root/usr/lib/edgeholo/whole"
    grep -rl @DISK@ "$root/etc/fstab" "$root/etc/default" "$root/boot/firmware" | xargs sed -i "s/@DISK@/$disk/"
    # The Raspberry Pi's own watchdog, which the machine that builds has not.
    install -D -m 644 "$here/../../systemd/edgeholo-watchdog.conf" "$root/etc/systemd/system.conf.d/edgeholo-watchdog.conf"
    echo edgeholo >"$root/etc/hostname"
    ln -sf /run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
    # Made at the first boot, each unit its own.
    : >"$root/etc/machine-id"
    rm -f "$root/var/lib/dbus/machine-id"
    rm -f "$root"/etc/ssh/ssh_host_*_key*
    # They look for what is new in the archive, every day, and write it to the card.
    for timer in apt-daily apt-daily-upgrade dpkg-db-backup; do ln -sf /dev/null "$root/etc/systemd/system/$timer.timer"; done
    # Caches of linker and hardware are fresh: the first boot need not make them.
    touch "$root/etc/.updated" "$root/var/.updated"
}

# What the Raspberry Pi's firmware starts from.
fill_boot() {
    boot=$root/boot/firmware
    echo "edgeholo $(basename "$image" .img), $(date -u +%F)" >"$boot/issue.txt"
    words=${readonly:+ro init=/usr/lib/edgeholo/init.sh}
    if [ "$archive" = debian ]; then
        echo "$words" >"$root/etc/default/raspi-extra-cmdline"
        inside DEB_MAINT_PARAMS=configure chroot "$root" /etc/kernel/postinst.d/z50-raspi-firmware
    else
        sed -i "1s,\$, $words," "$boot/cmdline.txt"
    fi
}

make_partitions() {
    rm -f "$work"/*.part
    truncate -s "${boot_mb}M" "$work/boot.part"
    mformat -i "$work/boot.part" -F -v bootfs -N "$disk" ::
    mcopy -i "$work/boot.part" -s -Q "$root"/boot/firmware/* ::
    find "$root/boot/firmware" -mindepth 1 -delete
    root_mb=$(($(du -sm --apparent-size "$root" | cut -f 1) * 11 / 10 + spare_mb))
    mke2fs -q -t ext4 -L edgeholo-root -d "$root" "$work/root.part" "${root_mb}M" >/dev/null
    [ -z "$readonly" ] || mke2fs -q -t ext4 -L edgeholo-state "$work/state.part" "${state_mb}M" >/dev/null
}

# The partitions one after the other from 4 MB on, as memory cards like them.
join_partitions() {
    rm -f "$image"
    start=4 table="label: dos
label-id: 0x$disk"
    for name in boot root state; do
        [ -e "$work/$name.part" ] || continue
        size=$(($(stat -c %s "$work/$name.part") / 1048576))
        case $name in boot) type=c ;; *) type=83 ;; esac
        table="$table
start=$((start * 2048)), size=$((size * 2048)), type=$type"
        dd if="$work/$name.part" of="$image" bs=1M seek=$start conv=sparse,notrunc status=none
        start=$((start + size))
    done
    truncate -s "${start}M" "$image"
    echo "$table" | sfdisk --quiet --wipe-partitions never "$image" >/dev/null
    rm "$work"/*.part
}

PATH=$PATH:/usr/sbin:/sbin
say "unpacking Debian"
unpack_base
enter
install_edgeholo
write_settings
fill_boot
leave
say "writing file systems"
make_partitions
join_partitions
rm -rf "$root"
