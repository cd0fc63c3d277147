"""Which folder is a boot partition, and how its system boots first."""

from pathlib import Path

import pytest

from edgeholo.provision import plan
from edgeholo.provision.card import CardError, candidates, look
from edgeholo.provision.cmdline import FIRSTRUN, edited
from edgeholo.provision.plan import File
from tests.boot_partition import BOOKWORM, TRIXIE, boot_partition, trixie


def test_an_image_that_brings_user_data_boots_with_cloud_init(tmp_path: Path) -> None:
    """Images of trixie come with a template of it."""
    card = look(trixie(tmp_path / "bootfs"))
    assert (card.method, card.release) == ("cloud-init", "trixie")
    assert card.label == "Raspberry Pi reference 2026-06-18"


@pytest.mark.parametrize(
    ("cmdline", "release"),
    [(BOOKWORM, "bookworm"), (TRIXIE, "trixie"), (TRIXIE.replace("resize", ""), None)],
)
def test_an_image_without_it_runs_a_script_instead(tmp_path: Path, cmdline: str, release: str | None) -> None:
    """Bookworm, and the first image of trixie; any systemd can do that. The kernel's line tells the release."""
    card = look(boot_partition(tmp_path / "bootfs", cmdline))
    assert (card.method, card.release) == ("firstrun", release)


def test_the_user_may_know_better(tmp_path: Path) -> None:
    """An image that nobody has seen yet is no dead end."""
    card = look(boot_partition(tmp_path / "bootfs"), "cloud-init", "bookworm")
    assert (card.method, card.release) == ("cloud-init", "bookworm")


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        (("cmdline.txt", "config.txt"), "cmdline.txt and config.txt expected there, beside a kernel"),
        (("config.txt",), "config.txt expected there"),
        (("kernel8.img", "overlays"), r"kernel\*\.img or overlays/ expected there"),
    ],
)
def test_another_folder_is_refused_with_what_was_expected(
    tmp_path: Path, missing: tuple[str, ...], reason: str
) -> None:
    """Whoever names the wrong folder loses nothing."""
    folder = boot_partition(tmp_path / "bootfs")
    for name in missing:
        path = folder / name
        path.rmdir() if path.is_dir() else path.unlink()
    with pytest.raises(CardError, match=f"is no boot partition of Raspberry Pi OS: {reason}"):
        look(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A card that was ejected, or a typing error."""
    with pytest.raises(CardError, match="there is no such folder; flash a card"):
        look(tmp_path / "nowhere")


def test_a_file_of_the_card_is_not_its_folder(tmp_path: Path) -> None:
    """Whoever dragged cmdline.txt into the terminal is told which folder was meant."""
    folder = boot_partition(tmp_path / "bootfs")
    with pytest.raises(CardError, match=f"it is a file; name the folder, {folder}"):
        look(folder / "cmdline.txt")


def test_a_card_that_was_taken_away_is_not_written_to_this_machines_disk(tmp_path: Path) -> None:
    """Where it was mounted there may be an empty folder then, which takes everything."""
    card = look(boot_partition(tmp_path / "bootfs"))
    (tmp_path / "bootfs").rename(tmp_path / "elsewhere")
    for _ in range(2):
        with pytest.raises(CardError, match=r"the card was taken away from .*bootfs: put it in again"):
            plan.write(card, plan.changes(card, [File("user-data", b"new")]))
        assert not list((tmp_path / "bootfs").glob("*"))
        (tmp_path / "bootfs").mkdir(exist_ok=True)


def test_cards_are_found_where_desktops_mount_them(tmp_path: Path) -> None:
    """Only boot partitions, not every stick."""
    right = boot_partition(tmp_path / "me" / "bootfs")
    (tmp_path / "me" / "photos").mkdir()
    assert candidates([f"{tmp_path}/*/*"]) == [right]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("console=tty1 rootwait", "console=tty1 rootwait cfg80211.ieee80211_regdom=DE ds=nocloud;i=x\n"),
        (
            "console=tty1 ds=nocloud;i=rpi-imager-17 quiet\r\n",
            "console=tty1 quiet cfg80211.ieee80211_regdom=DE ds=nocloud;i=x\n",
        ),
        ("cfg80211.ieee80211_regdom=GB a", "a cfg80211.ieee80211_regdom=DE ds=nocloud;i=x\n"),
        (f"a {' '.join(FIRSTRUN)}", "a cfg80211.ieee80211_regdom=DE ds=nocloud;i=x\n"),
    ],
)
def test_the_kernels_line_gets_our_words_once(before: str, after: str) -> None:
    """It stays one line, everything else stays in it, and a second time changes nothing."""
    assert edited(before, ("ds=nocloud;i=x",), "DE") == after
    assert edited(after, ("ds=nocloud;i=x",), "DE") == after


def test_without_a_wifi_the_country_that_is_there_stays() -> None:
    """Imager may have set it."""
    assert edited("a cfg80211.ieee80211_regdom=GB", FIRSTRUN, None).split()[:2] == ["a", "cfg80211.ieee80211_regdom=GB"]
