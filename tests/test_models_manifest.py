"""The manifest: complete, pinned, and true of the files that it describes."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from edgeholo.perceive.models.fetch import fetch_all
from edgeholo.perceive.models.manifest import ASSETS, DEMO_CLIP, POSE_MODELS, Asset

ROOT = Path(__file__).parents[1]
HEAVY = POSE_MODELS[2]
EVERY = pytest.mark.parametrize("asset", ASSETS.values(), ids=ASSETS.keys())


@EVERY
def test_an_asset_says_all_that_is_needed_to_recognise_it(asset: Asset) -> None:
    """Digest, size, licence, purpose and origin are there, and in form."""
    assert re.fullmatch(r"[0-9a-f]{64}", asset.sha256)
    assert asset.size > 0
    assert asset.licence in ("Apache-2.0", "MIT")
    assert asset.purpose
    assert re.fullmatch(r"[\w.-]+", asset.name)
    assert asset.member.endswith(asset.name)
    assert re.fullmatch(r"\d[\w.]*", asset.package.version)


@EVERY
def test_an_asset_can_be_had_without_a_package_client(asset: Asset) -> None:
    """Its second origin is https, and no package registry."""
    address = urlsplit(asset.url)
    assert address.scheme == "https"
    assert address.path.endswith(asset.name)
    assert not re.match(r"(registry|files|index|pypi)\.", address.netloc)


@EVERY
def test_the_notice_names_where_an_asset_comes_from(asset: Asset) -> None:
    """Whoever ships a cache ships the notice with it."""
    notice = (ROOT / "NOTICE").read_text()
    assert asset.package.name in notice
    assert asset.licence.split("-")[0] in notice


def test_no_two_assets_are_the_same() -> None:
    """Neither by content nor by place in a package."""
    assert len({asset.sha256 for asset in ASSETS.values()}) == len(ASSETS)
    assert len({(asset.package, asset.member) for asset in ASSETS.values()}) == len(ASSETS)


def test_every_complexity_has_a_pose_model() -> None:
    """And the demo has its clip."""
    assert len(POSE_MODELS) == 3
    assert {*POSE_MODELS, DEMO_CLIP} <= ASSETS.keys()


def test_fetched_files_have_the_size_that_the_manifest_says() -> None:
    """Progress bars and the download limit are computed from it."""
    paths = fetch_all([name for name in ASSETS if name != HEAVY])
    assert {name: path.stat().st_size for name, path in paths.items()} == {name: ASSETS[name].size for name in paths}
