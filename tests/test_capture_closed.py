"""Privacy: a camera that is not even opened."""

from edgeholo.capture.feed import Feed
from edgeholo.capture.source import Source
from edgeholo.config import Camera
from edgeholo.types import CameraState


def test_a_closed_camera_is_not_opened_says_so_and_gives_no_frame() -> None:
    """Neither a camera nor a file, and no password in what is said."""
    for source in ("pattern", "/no/such.mp4", "rtsp://me:secret@camera/live"):
        states: list[CameraState] = []

        def never(options: Camera) -> Source:
            raise AssertionError(options)

        feed = Feed(Camera(source=source, privacy=True), states.append, never)
        feed.start()
        assert feed.take(0.01) is None
        assert not feed.ended
        assert feed.dropped == 0
        feed.stop()
        assert [(state.state, state.detail) for state in states] == [("closed", "privacy")]
        assert "secret" not in states[0].source
