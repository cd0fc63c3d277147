#!/bin/sh
# Sets a provisioned card up: settings, program, service. Run by edgeholo-firstboot.service until it is done; every step can be
# done again, so a power cut costs time and nothing else. EDGEHOLO_ROOT is a prefix for tests: everything goes below it.
# Progress and failure go to the console, to the journal, to setup.log on the card and, as soon as there is a network, to
# the broker (edgeholo/ID/state/setup).
set -eu
root=${EDGEHOLO_ROOT:-}
card=$root/boot/firmware/edgeholo
etc=$root/etc/edgeholo
work=$root/var/lib/edgeholo-setup

note() {
    echo "edgeholo: $*"
    # The card may be full or write-protected: that must not stop anything.
    { echo "$(date '+%F %T') $*" >>"$card/setup.log" && sync "$card/setup.log"; } 2>/dev/null || :
}

# Says it everywhere: STATE TEXT
tell() {
    note "$2"
    timeout 15 python3 "$card/report.py" "$etc/edgeholo.toml" "$etc/mqtt_password" "$1" "$2" 2>&1 || :
}

give_up() {
    tell failed "$1"
    exit 1
}

# Moves a file from the card into the system: NAME MODE. Whenever the power goes, it is in one place at least, in full.
take() {
    [ -f "$card/$1" ] || return 0
    if [ -f "$etc/$1" ] && ! cmp -s "$card/$1" "$etc/$1"; then
        cp -p "$etc/$1" "$etc/$1.before"
    fi
    (umask 077 && cp "$card/$1" "$etc/$1.new")
    chmod "$2" "$etc/$1.new"
    sync "$etc/$1.new"
    mv "$etc/$1.new" "$etc/$1"
    sync "$etc"
    # Overwritten first, for whoever finds the card; a card that spreads its wear may keep a copy all the same.
    shred -u "$card/$1" 2>/dev/null || rm -f "$card/$1"
}

take_settings() {
    mkdir -p "$etc" "$work"
    take edgeholo.toml 644
    take mqtt_password 600
    take page_token 600
    sync -f "$card"
}

unpack() {
    rm -rf "$work/project"
    mkdir -p "$work/project"
    tar -xzf "$card/edgeholo.tar.gz" -C "$work/project" || give_up "edgeholo.tar.gz on the card is broken: run edgeholo provision again"
}

install() {
    set -- sh "$work/project/provisioning/install.sh"
    if [ -d "$card/offline" ]; then set -- "$@" --offline "$card/offline"; fi
    # Its words go to the console while it runs; the last of them explain a failure.
    { "$@" 2>&1 && echo 0 >"$work/code" || echo 1 >"$work/code"; } | tee "$work/install.log"
    [ "$(cat "$work/code")" = 0 ] || give_up "installing failed, next try in a minute: $(grep -v '^ *$' "$work/install.log" | tail -n 1)"
}

finish() {
    rm -f "$card/pending"
    # Kernels that are updated later need this room.
    rm -rf "$card/offline" "$work"
    sync -f "$card"
}

note "setting up, step 1 of 3: settings"
take_settings
tell running "step 2 of 3: installing, which takes some minutes"
unpack
install
tell running "step 3 of 3: starting"
[ -n "$root" ] || systemctl is-active --quiet edgeholo.service || give_up "the service does not start: journalctl -u edgeholo"
page=$(sed -n 's/^edgeholo: page: /; its page: /p' "$work/install.log")
# Said before it is done: a power cut in between has the next start do and say it once more, and nobody is left with "starting".
tell "done" "edgeholo is set up and runs$page"
finish
