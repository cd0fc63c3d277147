"""cmdline.txt, the kernel's one line: our words are put to its end, and taken out again before that."""

import re

_OURS = re.compile(
    r"ds=nocloud;i=\S+|systemd\.run=/boot/firmware/firstrun\.sh|systemd\.run_success_action=reboot"
    r"|systemd\.unit=kernel-command-line\.target"
)
_COUNTRY = re.compile(r"cfg80211\.ieee80211_regdom=\S+")

FIRSTRUN = (
    "systemd.run=/boot/firmware/firstrun.sh",
    "systemd.run_success_action=reboot",
    "systemd.unit=kernel-command-line.target",
)
"""Run a script instead of booting, then boot: what Imager writes for an image without cloud-init."""


def edited(line: str, words: tuple[str, ...], country: str | None) -> str:
    """Return the line with our words, once, at its end.

    Everything else stays, in its order: the first boot of some images writes its own words into this file, the root
    partition's id among them, so nothing else than the present line can be the base.

    Args:
        line: what is there.
        words: that start our first boot; an instance id of Imager's gives way.
        country: whose rules the radio keeps before anybody has logged in; None leaves what is there.
    """
    kept = [word for word in line.split() if not _OURS.fullmatch(word)]
    if country:
        kept = [word for word in kept if not _COUNTRY.fullmatch(word)]
        kept.append(f"cfg80211.ieee80211_regdom={country}")
    return " ".join([*kept, *words]) + "\n"
