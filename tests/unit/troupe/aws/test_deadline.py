"""What an invocation has left, and what it no longer begins."""

from types import SimpleNamespace

import pytest

from troupe.aws import deadline
from troupe.aws.deadline import MARGIN_SECONDS, OutOfTime, enough, seconds_left, within
from troupe.stripe.client import CONNECT_SECONDS, READ_SECONDS, RECORD_SECONDS, timeout


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(deadline.time, "monotonic", lambda: 100.0)


def context(seconds):
    return SimpleNamespace(get_remaining_time_in_millis=lambda: seconds * 1000)


def test_what_would_outlast_it_is_not_begun():
    with within(context(10)):
        assert seconds_left() == 10 - MARGIN_SECONDS
        enough(9.5)
        with pytest.raises(OutOfTime):
            enough(9.6)


def test_there_is_no_deadline_without_a_waiting_caller():
    assert seconds_left() is None
    with within(SimpleNamespace()):
        assert seconds_left() is None
        enough(1000)
    with within(context(1)):
        pass
    assert seconds_left() is None


@pytest.mark.parametrize("left", [None, 900.0])
def test_a_charge_takes_its_time_where_there_is_enough(left):
    assert timeout(left) == (CONNECT_SECONDS, READ_SECONDS)


@pytest.mark.parametrize("left", [28.5, 20.0, 10.0, 5.0])
def test_an_attempt_leaves_time_to_write_down_what_came_of_it(left):
    connect, read = timeout(left)
    assert 0 < connect <= CONNECT_SECONDS
    assert connect + read <= max(1.0, left - RECORD_SECONDS)
