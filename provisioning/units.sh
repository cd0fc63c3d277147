# shellcheck shell=sh
# The steps of install.sh after steps.sh, which it belongs to: configuration, units, start, and all of it back again.
# shellcheck disable=SC2154 # install.sh and steps.sh set them
own_units="edgeholo.service edgeholo-web.service edgeholo-settings.service edgeholo-settings.path"
update_units="edgeholo-update.service edgeholo-update.path"

# The user's files: made where there are none, never touched where there are.
write_configuration() {
    mkdir -p "$etc"
    if [ ! -e "$etc/edgeholo.toml" ]; then
        if [ -n "$config" ]; then cat "$config"; else echo '# edgeholo: every option and its default is in docs/configuration.md'; fi |
            write_whole "$etc/edgeholo.toml" 644
    elif [ -n "$config" ] && ! cmp -s "$config" "$etc/edgeholo.toml"; then
        say "$etc/edgeholo.toml is kept as it is; $config was not taken"
    fi
    if [ -n "$password" ]; then
        write_whole "$etc/mqtt_password" 600 <"$password"
    elif [ ! -e "$etc/mqtt_password" ]; then
        write_whole "$etc/mqtt_password" 600 </dev/null
    fi
    chmod 600 "$etc/mqtt_password"
}

switch_version() {
    point "versions/$version" "$root$opt/current"
    point "versions/$version" "$root$opt/trusted"
    write_command
    rm -f "$root$opt/trial.json"
}

# Root asks for the service: for its models, and for what was set over MQTT.
write_command() {
    write_whole "$root/usr/local/bin/edgeholo" 755 <<END
#!/bin/sh
# Written by edgeholo's install.sh, and removed by its --uninstall.
if [ "\$(id -u)" = 0 ]; then
    export EDGEHOLO_CACHE="\${EDGEHOLO_CACHE:-/var/cache/edgeholo}"
    case \${1:-} in doctor | config) export STATE_DIRECTORY=/var/lib/edgeholo ;; esac
fi
exec $opt/current/venv/bin/edgeholo "\$@"
END
}

# The version before stays until the new one runs: a program may still load from it.
prune_versions() {
    for other in "$root$opt"/versions/*; do
        [ "$other" = "$folder" ] || rm -rf "$other"
    done
}

# What runs comes with its version and goes with it; what updates comes with the version that is trusted.
install_units() {
    mkdir -p "$units/multi-user.target.wants" "$root/etc/udev/rules.d" "$root/etc/systemd/system.conf.d"
    for unit in $own_units; do link_unit "$unit" current; done
    for unit in $update_units; do link_unit "$unit" trusted; done
    write_whole "$root/etc/udev/rules.d/70-edgeholo.rules" 644 <"$here/70-edgeholo.rules"
    write_network
    if [ "$board" = raspberrypi ]; then
        write_whole "$root/etc/systemd/system.conf.d/edgeholo-watchdog.conf" 644 <"$source/systemd/edgeholo-watchdog.conf"
    fi
    for group in video render; do
        grep -q "^$group:" "$root/etc/group" 2>/dev/null || [ -n "$root" ] || groupadd --system "$group"
    done
}

# A unit that somebody has masked stays so: NAME, current or trusted.
link_unit() {
    if [ "$(readlink "$units/$1")" = /dev/null ]; then
        say "$1 is masked, and stays off (systemctl unmask $1)"
        return
    fi
    point "$opt/$2/systemd/$1" "$units/$1"
    ! grep -q '^WantedBy=multi-user.target$' "$source/systemd/$1" || point "../$1" "$units/multi-user.target.wants/$1"
}

# The daemon reaches these networks instead of all private ones. The page reaches them as well, for the broker is there, and goes on
# answering the house.
write_network() {
    case $allow in
    '') ;;
    home) remove_network ;;
    *)
        write_whole "$units/edgeholo.service.d/network.conf" 644 <<END
# Written by install.sh --allow: these networks instead of all private ones.
[Service]
IPAddressAllow=
IPAddressAllow=localhost
IPAddressAllow=$allow
END
        write_whole "$units/edgeholo-web.service.d/network.conf" 644 <<END
# Written by install.sh --allow: these networks beside all private ones.
[Service]
IPAddressAllow=$allow
END
        ;;
    esac
}

remove_network() {
    for name in edgeholo edgeholo-web; do
        rm -f "$units/$name.service.d/network.conf"
        rmdir "$units/$name.service.d" 2>/dev/null || :
    done
}

start_service() {
    if ! systemd_runs; then
        say "installed; no systemd runs here, so the service starts with the next boot"
        return
    fi
    systemctl daemon-reload
    if command -v udevadm >/dev/null; then
        { udevadm control --reload && udevadm trigger --subsystem-match=dma_heap; } 2>/dev/null ||
            say "udev does not run; its rule counts from the next boot on"
    fi
    # After twenty failures systemd refuses for minutes what was mended meanwhile.
    systemctl reset-failed edgeholo.service edgeholo-web.service 2>/dev/null || :
    systemctl start edgeholo-update.path edgeholo-settings.path || say "not all was started: systemctl --failed"
    systemctl restart edgeholo.service || say "the service did not start: journalctl -u edgeholo -n 20"
    start_page
    last_word
}

start_page() {
    [ "$(systemctl is-enabled edgeholo-web.service 2>/dev/null)" != masked ] || return 0
    systemctl restart edgeholo-web.service || say "the page did not start, the service runs without it: journalctl -u edgeholo-web -n 20"
}

# Prints where the page is: CONFIGURATION
page() {
    "$folder/venv/bin/python" -c 'import sys
from pathlib import Path
from edgeholo import page, settings
print(page.told(settings.load(Path(sys.argv[1]), {}, {}).config.web, sys.argv[1]))' "$1"
}

last_word() {
    say "edgeholo $number is $(systemctl is-active edgeholo.service): $(systemctl show -P StatusText edgeholo.service)"
    ! systemctl is-active --quiet edgeholo-web.service || say "$(page "$etc/edgeholo.toml")"
    say "log: journalctl -u edgeholo -f    configuration: $etc/edgeholo.toml    what is wrong: sudo edgeholo doctor"
}

# --- and back ------------------------------------------------------------------------------------------------------------

remove_service() {
    if systemd_runs; then
        # shellcheck disable=SC2086 # one argument a unit; what looks for work goes first
        systemctl stop edgeholo-update.path edgeholo-settings.path $update_units $own_units 2>/dev/null || :
    fi
    # All of them, also those of a version that had more; what somebody wrote beside them stays.
    for link in "$units"/edgeholo*.* "$units"/multi-user.target.wants/edgeholo*.*; do
        [ ! -L "$link" ] || rm "$link"
    done
    remove_network
    rm -f "$units/edgeholo-firstboot.service" "$root/etc/udev/rules.d/70-edgeholo.rules" "$root/usr/local/bin/edgeholo" \
        "$root/etc/systemd/system.conf.d/edgeholo-watchdog.conf"
    rmdir "$root/etc/systemd/system.conf.d" 2>/dev/null || :
    ! systemd_runs || systemctl daemon-reload
}

# Two runs of it are no mistake: the second finds nothing, and says so.
remove_files() {
    if [ -e "$root$opt/versions" ]; then said="removed"; else said="nothing was installed"; fi
    rm -rf "$root$opt" "$cache" "$root/var/cache/private/edgeholo" "$root/var/lib/edgeholo-web" "$root/var/lib/private/edgeholo-web"
    say "$said; what stays:"
    say "  Debian packages"
    # Where the service has run, its folder is a link to the other one.
    [ -z "$purge" ] || rm -rf "$root/var/lib/private/edgeholo"
    for kept in "$etc" "$root/var/lib/edgeholo" "$root/boot/firmware/edgeholo"; do
        if [ -n "$purge" ]; then
            rm -rf "$kept"
        elif [ -e "$kept" ]; then
            say "  $kept (--purge removes it)"
        fi
    done
}
