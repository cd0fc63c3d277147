"""What tests of the page share: one broker and one page for all of a file, which costs a second each."""

from collections.abc import Iterator

import pytest

from tests.page_server import PageServer
from tests.real_broker import Mosquitto


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """Return a broker for all."""
    with Mosquitto(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


@pytest.fixture(scope="module")
def page(broker: Mosquitto, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """Return a page for all."""
    with PageServer(tmp_path_factory.mktemp("page"), broker.url) as page:
        yield page.connected()
