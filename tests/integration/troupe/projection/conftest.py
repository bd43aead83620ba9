import pytest

from support.kernel import rebuild_job


@pytest.fixture
def own_time(monkeypatch):
    rebuild_job.pass_time_by_hand(monkeypatch)


@pytest.fixture
def later(own_time):
    return rebuild_job.wait
