#!/bin/bash
# Boots the systemd of a folder in a container and returns when it powers off, or after so many seconds.
# Usage: tests/pi/boot.sh ROOT SECONDS [arguments of systemd-nspawn]
set -eu
root=$1 seconds=$2
shift 2

# Ends all that is left of the container: a systemd whose nspawn was killed runs on.
finish() {
    [ ! -e "$group" ] || echo 1 >"$group/cgroup.kill"
    for _ in 1 2 3 4 5; do
        if [ ! -e "$group" ] || find "$group" -depth -type d -exec rmdir {} + 2>/dev/null; then break; fi
        sleep 0.2
    done
}

# systemd wants cgroup v2; where the machine mounts it elsewhere or not at all, the container gets a mount of its own.
if [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; then top=/sys/fs/cgroup; else top=/sys/fs/cgroup/unified; fi
group=$top/edgeholo-test.$$
mkdir "$group"
trap finish EXIT
# shellcheck disable=SC2016 # the inner shell's own
timeout --signal=KILL "$seconds" unshare --mount --cgroup --propagation private bash -c '
    echo $$ >"$1/cgroup.procs"
    name=edgeholo-${1##*.}
    shift
    if [ "$(stat -fc %T /sys/fs/cgroup)" != cgroup2fs ]; then
        umount -lR /sys/fs/cgroup
        mount -t cgroup2 none /sys/fs/cgroup
    fi
    export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
    exec systemd-nspawn --quiet --register=no --keep-unit --machine="$name" --boot --directory "$@"
' _ "$group" "$root" "$@"
