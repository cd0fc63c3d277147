#!/bin/sh
# Puts an image together from Debian's part and ours; build.sh calls it in a mount namespace of its own, as root there.
# Usage: compose.sh WORK BASE DISK IMAGE ARCHIVE READONLY
set -eu
work=$1 base=$2 disk=$3 image=$4 archive=$5 readonly=$6
here=$(cd "$(dirname "$0")" && pwd)
root=$work/root
boot_mb=512   # two kernels with their initrds take 180 MB, an offline bundle of `edgeholo provision` 200
spare_mb=300  # of the root: grown to the whole card at the first boot, where it is writable
state_mb=1024 # an update beside the version that runs takes 330 MB, and as much again while it is tried

say() { printf 'edgeholo: %s\n' "$*" >&2; }

unpack_base() {
    rm -rf "$root"
    mkdir -p "$root"
    tar --extract --file "$base" --directory "$root" --numeric-owner --xattrs --xattrs-include='*' --exclude='./dev/*'
}

# The installer of every other machine, with what it would fetch given to it.
install_edgeholo() {
    case $archive in debian) board=other ;; *) board=raspberrypi ;; esac
    for folder in dev proc sys; do mount --rbind "/$folder" "$root/$folder"; done
    mount -t tmpfs tmpfs "$root/tmp"
    mkdir "$root/tmp/edgeholo" "$root/tmp/offline"
    tar -xzf "$work/edgeholo.tar.gz" -C "$root/tmp/edgeholo"
    for folder in wheels site-packages models; do
        mkdir "$root/tmp/offline/$folder"
        mount --bind "$work/$folder" "$root/tmp/offline/$folder"
    done
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
        chroot "$root" sh /tmp/edgeholo/provisioning/install.sh --offline /tmp/offline --board "$board"
    umount -R "$root/tmp"
    for folder in dev proc sys; do umount -lR "$root/$folder"; done
}

write_settings() {
    for layer in files ${readonly:+readonly}; do
        (cd "$here/$layer" && tar -c --owner=0 --group=0 .) | tar -x --no-same-permissions -C "$root"
    done
    mkdir -p "$root/usr/lib/edgeholo/state" "$root/usr/lib/edgeholo/whole"
    sed -i "s/@DISK@/$disk/" "$root/etc/fstab" "$root/boot/firmware/cmdline.txt"
    # The Raspberry Pi's own watchdog, which this machine that builds has not.
    install -D -m 644 "$here/../../systemd/edgeholo-watchdog.conf" "$root/etc/systemd/system.conf.d/edgeholo-watchdog.conf"
    echo edgeholo >"$root/etc/hostname"
    ln -sf /run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
    # Made at the first boot, each unit its own.
    : >"$root/etc/machine-id"
    rm -f "$root"/etc/ssh/ssh_host_*_key*
    # They look for what is new in the archive, every day, and write it to the card.
    for timer in apt-daily apt-daily-upgrade dpkg-db-backup; do ln -sf /dev/null "$root/etc/systemd/system/$timer.timer"; done
}

# What the Raspberry Pi's firmware starts from.
fill_boot() {
    boot=$root/boot/firmware
    echo "edgeholo $(basename "$image" .img), $(date -u +%F)" >"$boot/issue.txt"
    [ "$archive" = debian ] || return 0
    cp "$root"/usr/lib/raspi-firmware/* "$boot/"
    cp "$root"/usr/lib/linux-image-*-arm64/broadcom/bcm27*-rpi-*.dtb "$boot/"
    cp "$root"/boot/vmlinuz-* "$boot/kernel8.img"
    cp "$root"/boot/initrd.img-* "$boot/initramfs8"
}

make_partitions() {
    rm -f "$work"/*.part
    truncate -s "${boot_mb}M" "$work/boot.part"
    mformat -i "$work/boot.part" -F -v bootfs -N "$disk" ::
    mcopy -i "$work/boot.part" -s -Q "$root"/boot/firmware/* ::
    find "$root/boot/firmware" -mindepth 1 -delete
    root_mb=$(($(du -sm --apparent-size "$root" | cut -f 1) * 11 / 10 + spare_mb))
    mke2fs -q -t ext4 -L edgeholo-root -d "$root" "$work/root.part" "${root_mb}M"
    [ -z "$readonly" ] || mke2fs -q -t ext4 -L edgeholo-state "$work/state.part" "${state_mb}M"
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
    echo "$table" | sfdisk --quiet "$image"
    rm "$work"/*.part
}

PATH=$PATH:/usr/sbin:/sbin
say "unpacking Debian"
unpack_base
install_edgeholo
write_settings
fill_boot
say "writing file systems"
make_partitions
join_partitions
rm -rf "$root"
