"""Boot partitions as Raspberry Pi OS images have them (pi-gen's files, shortened), and a user who answers all questions."""

from pathlib import Path

from edgeholo.provision.answers import Answers
from edgeholo.provision.wifi import Wifi, hashed

ROOT = Path(__file__).parents[1]
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDrKLHD1t9HGQmfU0HtQxnwCwIEg+kSFuh/NTbrzbV8V me@pc"
TRIXIE = "console=serial0,115200 console=tty1 root=PARTUUID=1f2e-02 rootfstype=ext4 fsck.repair=yes rootwait resize"
BOOKWORM = (
    "console=serial0,115200 console=tty1 root=PARTUUID=1f2e-02 rootfstype=ext4 fsck.repair=yes rootwait quiet "
    "init=/usr/lib/raspberrypi-sys-mods/firstboot"
)
TEMPLATE = "#cloud-config\n\n# This is the user-data configuration file for cloud-init.\n#hostname: raspberrypi\n"


def boot_partition(folder: Path, cmdline: str = TRIXIE, **files: str) -> Path:
    """Return a folder with what every image has, and with more files where ``_`` stands for ``-`` in a name."""
    (folder / "overlays").mkdir(parents=True)
    (folder / "kernel8.img").write_bytes(b"kernel")
    (folder / "config.txt").write_text("arm_64bit=1\n")
    (folder / "cmdline.txt").write_text(cmdline + "\n")
    (folder / "issue.txt").write_text("Raspberry Pi reference 2026-06-18\nGenerated using pi-gen\n")
    for name, text in files.items():
        (folder / name.replace("_", "-")).write_text(text)
    return folder


def trixie(folder: Path, user_data: str = TEMPLATE) -> Path:
    """Return a partition whose first boot is cloud-init's."""
    return boot_partition(
        folder, user_data=user_data, meta_data="instance_id: rpios-image\n", network_config="# none\n"
    )


def answers(**other: object) -> Answers:
    """Return a unit in the hall."""
    whole: dict[str, object] = {
        "hostname": "hall",
        "room": "Hall",
        "wifi": Wifi("home", hashed("home", "correct horse"), "DE"),
        "broker": "mqtt://edgeholo@192.168.1.5",
        "broker_password": "secret broker",
        "user": "pi",
        "keys": (KEY,),
        "password_hash": None,
        "timezone": "Europe/Berlin",
        "keyboard": "de",
    }
    return Answers(**(whole | other))  # type: ignore[arg-type]
