"""Everything that can be found wrong: its cause, and what to do. docs/troubleshooting.md shows these; a test compares the two."""

from typing import NamedTuple


class Cure(NamedTuple):
    """One row: why it is so, and one sentence of what to do."""

    cause: str
    cure: str


_LIGHT = "Turn a light on, or face the camera away from the window; the picture needs the light, not the lens."

CURES = {
    "camera-none": Cure(
        "no camera is connected, or the system does not see it",
        "Connect a camera with the power off, and see what `rpicam-hello --list-cameras` (ribbon) or `ls /dev/video*` (USB) shows.",
    ),
    "camera-busy": Cure(
        "another program has the camera",
        "End that program, or name another camera in camera.source.",
    ),
    "camera-ribbon": Cure(
        "the kernel tried to talk to the sensor, and it did not answer (error -121 or -5)",
        "With the power off reseat the ribbon at both ends, contacts to contacts, with the cable made for the board (22 pins on a "
        "Raspberry Pi 5 and Zero, 15 on a 4); a dtoverlay line in /boot/firmware/config.txt must name the sensor that is connected.",
    ),
    "camera-overlay": Cure(
        "config.txt names another sensor than the one that is connected",
        "Set camera_auto_detect=1 in /boot/firmware/config.txt, take out the dtoverlay line of the other sensor, and reboot.",
    ),
    "camera-timeout": Cure(
        "the sensor answers but no picture comes: the ribbon carries the one and not the other",
        "With the power off reseat the ribbon at both ends; if that does not help, try another cable.",
    ),
    "camera-permission": Cure(
        "this user may not use cameras",
        "sudo usermod -aG video,render $USER, then log in again.",
    ),
    "camera-library": Cure(
        "picamera2 is not there, or belongs to another Python or numpy",
        "sudo apt install python3-picamera2, and use a venv made with --system-site-packages.",
    ),
    "camera-lost": Cure(
        "the camera stopped, was unplugged, or does not deliver pictures",
        "Check cable and power of the camera, and camera.source; the daemon opens it again by itself.",
    ),
    "picture-dark": Cure("too little light", _LIGHT),
    "picture-bright": Cure("the camera looks into a light or a window", "Turn the camera away from the light."),
    "picture-blurred": Cure("the lens is out of focus or dirty", "Clean the lens and turn its focus ring."),
    "picture-covered": Cure("something is before the lens", "Take off the lens's cover or what hangs before it."),
    "picture-frozen": Cure("the camera repeats one picture", "Unplug the camera for a moment, or restart the board."),
    "models-missing": Cure("model files were not fetched, or are damaged", "Run edgeholo models fetch."),
    "engine-processor": Cure(
        "this processor lacks instructions that the engine is made of",
        'Set engine.name = "litert", which runs on every 64-bit board.',
    ),
    "engine-library": Cure(
        "the mediapipe engine needs system libraries that are not installed",
        'sudo apt install libegl1 libgles2 libxcb1, or set engine.name = "litert", which needs none.',
    ),
    "engine-package": Cure(
        "the package of the engine is not installed",
        'Install edgeholo[mediapipe], or set engine.name = "litert".',
    ),
    "engine-fails": Cure(
        "the engine cannot be opened",
        "Run edgeholo models fetch, then edgeholo doctor again; what it says then belongs into a report of the error.",
    ),
    "broker-host": Cure(
        "the name of the broker is not known here", "Check broker.url, or write the broker's IP address."
    ),
    "broker-off": Cure("nobody listens there", "Start the broker, and check host and port in broker.url."),
    "broker-unreachable": Cure(
        "the machine of the broker does not answer",
        "Check that the broker's machine is on, in the same network, and that its firewall lets the port through.",
    ),
    "broker-password": Cure(
        "the broker refuses the user or the password",
        "Check broker.username and broker.password_file against the broker's own list.",
    ),
    "broker-clock": Cure(
        "the broker's certificate is valid at another time than this machine's clock shows",
        "Let the clock be set (timedatectl set-ntp true, and a way to a time server), then try again.",
    ),
    "broker-certificate": Cure(
        "the broker's certificate is expired, made for another name, or of an unknown authority",
        "Renew it, or name its authority in broker.ca_file and its name in broker.url.",
    ),
    "broker-refuses": Cure(
        "something listens there but does not let us in",
        "Check the port and the scheme in broker.url (mqtt://, mqtts://, ws://, wss://), and the broker's log.",
    ),
    "home-absent": Cure(
        "nobody listens to discovery messages: Home Assistant has no MQTT integration, or it uses another broker or prefix",
        'In Home Assistant add the integration MQTT with this broker; without Home Assistant set publish.discovery = "".',
    ),
    "home-unannounced": Cure(
        "the daemon runs, but its discovery message is not on the broker",
        "Allow writing below publish.discovery in the broker's access list, and restart edgeholo.",
    ),
    "clock-unsure": Cure(
        "no time server was heard since the start",
        "Give the unit a way to a time server: timedatectl set-ntp true, or NTP= in /etc/systemd/timesyncd.conf.",
    ),
    "hot": Cure("the processor is hot", "Give the board air, a heat sink or a fan, and keep it out of the sun."),
    "throttled": Cure("the firmware has slowed the processor down", "Give the board air, a heat sink or a fan."),
    "power-low": Cure(
        "the voltage of the supply is too low now",
        "Use the power supply made for this board and a short cable, and less on its USB ports.",
    ),
    "power-was-low": Cure(
        "the voltage of the supply was too low since the start",
        "Use the power supply made for this board before it ruins the memory card.",
    ),
    "disk-full": Cure(
        "the disk is full or nearly so", "Free some space: sudo journalctl --vacuum-size=50M, sudo apt clean."
    ),
    "disk-read-only": Cure(
        "the disk cannot be written: a damaged memory card is made read-only by the kernel",
        "Look for errors with dmesg, check the card, and replace it; a read-only system needs a writable place in EDGEHOLO_CACHE.",
    ),
    "disk-closed": Cure(
        "this user may not write where edgeholo keeps things", "Run this with sudo, or set EDGEHOLO_CACHE."
    ),
    "wifi-weak": Cure(
        "the Wi-Fi is so weak that packets are repeated or lost",
        "Move the unit or the access point, take 2.4 GHz instead of 5, or use a cable.",
    ),
    "rules-wrong": Cure("the rules have a mistake", "edgeholo rules check names every mistake with its line."),
    "service-failed": Cure(
        "the service has ended with an error and stays down",
        "Read journalctl -u edgeholo -n 50, mend what it names, then sudo systemctl reset-failed edgeholo && sudo systemctl restart edgeholo.",
    ),
    "service-restarts": Cure(
        "the service has been restarted by systemd",
        "Read journalctl -u edgeholo -p warning for what ended it.",
    ),
    "page-down": Cure(
        "the page has ended, or does not answer",
        "Read journalctl -u edgeholo-web -n 50, mend what it names, then sudo systemctl reset-failed edgeholo-web && sudo systemctl restart edgeholo-web.",
    ),
    "page-port": Cure(
        "another program has the page's port",
        "End that program, or choose another web.port, then sudo systemctl reset-failed edgeholo-web && sudo systemctl restart edgeholo-web.",
    ),
    "page-open": Cure(
        "the page is to be opened from the house, and has no token that keeps strangers out",
        'Make one with sudo edgeholo web --new-token, or set web.host = "127.0.0.1", then sudo systemctl restart edgeholo-web.',
    ),
    "hangs": Cure(
        "what was looked at did not answer in time", "Restart the board, and look at what the check names first."
    ),
}
"""By code."""
