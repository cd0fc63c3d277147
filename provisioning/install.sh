#!/bin/sh
# Installs edgeholo as a service, from this folder. Can be run again at any time: what is done is not done twice.
# Usage: sudo provisioning/install.sh [options]
#   --offline DIR     no network: DIR/wheels, DIR/models and DIR/debs have what is needed
#   --config FILE     becomes /etc/edgeholo/edgeholo.toml, where there is none
#   --password FILE   becomes /etc/edgeholo/mqtt_password, readable for root only
#   --allow NETWORKS  the daemon reaches these ("192.168.1.0/24 10.0.0.5") instead of all private networks; "home" undoes it
#   --mediapipe       with the mediapipe engine, too (160 MB; not on a Raspberry Pi 4 or older); --no-mediapipe takes it away again
#   --board NAME      raspberrypi or other, where the machine that runs this is not the one that is set up
#   --beside          only puts this version beside the one that runs; `edgeholo update` does the rest
#   --uninstall       removes edgeholo, but neither its configuration nor what it has learned; with --purge these as well
# In a chroot it does the same, and starts nothing. PYTHON=... is another interpreter than python3.
# shellcheck disable=SC1091,SC2034,SC2154 # the steps read what is set here, and set what is read here
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/steps.sh"
. "$here/units.sh"

offline='' config='' password='' allow='' mediapipe='' board='' beside='' uninstall='' purge=''
while [ $# -gt 0 ]; do
    case $1 in
    --offline | --config | --password) [ -e "${2:-}" ] || fail "$1: there is no ${2:-file given}" ;;
    --allow | --board) [ -n "${2:-}" ] || fail "$1: nothing given; see the head of $0" ;;
    esac
    case $1 in
    --offline) offline=$(cd "$2" && pwd); shift ;;
    --config) config=$2; shift ;;
    --password) password=$2; shift ;;
    --allow) allow=$2; shift ;;
    --board) board=$2; shift ;;
    --mediapipe) mediapipe=yes ;;
    --no-mediapipe) mediapipe=no ;;
    --beside) beside=yes ;;
    --uninstall) uninstall=yes ;;
    --purge) purge=yes ;;
    -h | --help) sed -n '2,/^# shellcheck/{/^# shellcheck/d;s/^# \{0,1\}//p}' "$0"; exit 0 ;;
    *) fail "no option $1; see $0 --help" ;;
    esac
    shift
done

[ -n "$root" ] || [ "$(id -u)" = 0 ] || fail "this needs root: sudo $0"
trap 'say "interrupted; run it again, it goes on from here"; exit 130' INT TERM HUP
if [ -n "$uninstall" ]; then
    claim
    remove_service
    remove_files
    exit 0
fi
[ -n "$beside" ] || claim
keep_choice
check_machine
install_packages
fill_version
write_configuration
fetch_models
if [ -n "$beside" ]; then
    echo "$version"
    exit 0
fi
switch_version
install_units
start_service
prune_versions
