"""Both engines against Google's own Holistic, frame by frame, on the signing clips."""

from pathlib import Path

import pytest

from edgeholo.config import EngineOptions
from edgeholo.perceive.engine import open_engine
from tests import parity
from tests.parity import Gaps


@pytest.fixture(scope="module", params=["litert", "mediapipe"])
def gaps(request: pytest.FixtureRequest, shared_media: Path, shared_tools: Path) -> Gaps:
    """Return an engine's distances to the reference."""
    engine = open_engine(EngineOptions(name=request.param))
    result = parity.compare(engine, shared_media, shared_tools)
    engine.close()
    return result


@pytest.mark.shared
@pytest.mark.timeout(600)  # 900 frames, on a busy machine
@pytest.mark.parametrize(
    ("parts", "least_found", "median_percent"),
    [(("pose",), 0.99, 1.0), (("left_hand", "right_hand"), 0.92, 2.5), (("face",), 0.95, 2.0)],
    ids=["pose", "hands", "face"],
)
def test_landmarks_equal_those_of_googles_holistic(
    gaps: Gaps, parts: tuple[str, ...], least_found: float, median_percent: float
) -> None:
    """Over all signing clips together, against MediaPipe 0.10.18 at complexity 0; distances in percent of the part."""
    found, median = parity.found_and_median(gaps, parts)
    assert found >= least_found
    assert median <= median_percent
