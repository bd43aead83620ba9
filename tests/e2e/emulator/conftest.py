"""Two emulators for each file: MiniStack as it comes, and as local/emulator mends it.

MiniStack as it comes tries some things again for ever, which must not slow down the tests that follow.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.emulator.cloud import Cloud
from local.stack import ministack
from local.stack.ports import free_port

QUICK = {
    "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.1",
    "TROUPE_EMULATOR_CONFLICT_SECONDS": "0.05",
    "TROUPE_EMULATOR_INVOCATIONS": "2",
    "TROUPE_EMULATOR_STALL_SECONDS": "5",
    "TROUPE_EMULATOR_STREAM_RETRY_SECONDS": "0.05",
    "TROUPE_EMULATOR_TTL_SECONDS": "0.5",
    "TROUPE_EMULATOR_WARM_WORKERS": "8",
}


def running(folder: Path, program: tuple[str, ...]) -> Iterator[Cloud]:
    port = free_port()
    server = ministack.start({**os.environ, **QUICK}, folder, port, program)
    try:
        yield Cloud(server.wait_until_ready(), folder)
    finally:
        server.stop()


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    yield from running(tmp_path_factory.mktemp("stock"), ministack.STOCK)


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    yield from running(tmp_path_factory.mktemp("mended"), ministack.MENDED)


@pytest.fixture
def cloud(request: pytest.FixtureRequest) -> Cloud:
    chosen: Cloud = request.getfixturevalue(request.param)
    return chosen
