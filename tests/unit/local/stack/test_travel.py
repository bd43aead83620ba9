"""The local clock moves on and never back, and its readers never find half a number."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local.stack import travel
from troupe import clock

DAY = timedelta(days=1)
SOON = timedelta(seconds=2)


def test_it_is_the_true_time_until_the_clock_is_moved(tmp_path: Path) -> None:
    assert travel.ahead(tmp_path) == timedelta()
    assert abs(travel.now(tmp_path) - datetime.now(UTC)) < SOON


def test_travels_add_up(tmp_path: Path) -> None:
    travel.travel(DAY, tmp_path)
    moved = travel.travel(timedelta(hours=36, microseconds=1), tmp_path)
    assert travel.ahead(tmp_path) == timedelta(days=2, hours=12, microseconds=1)
    assert abs(moved - datetime.now(UTC) - travel.ahead(tmp_path)) < SOON


def test_the_functions_have_the_same_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOCK_FILE", str(travel.clock_file(tmp_path)))
    moved = travel.travel(30 * DAY, tmp_path)
    assert timedelta() <= clock.now() - moved < SOON


def test_to_an_instant_and_no_further(tmp_path: Path) -> None:
    then = datetime.now(UTC) + 10 * DAY
    assert timedelta() <= travel.travel_to(then, tmp_path) - then < SOON
    assert travel.travel_to(then - DAY, tmp_path) >= then


def test_it_does_not_go_back(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="back"):
        travel.travel(-DAY, tmp_path)
    assert travel.ahead(tmp_path) == timedelta()


def test_nothing_is_left_but_the_clock_and_it_can_be_reset(tmp_path: Path) -> None:
    travel.travel(DAY, tmp_path)
    assert list(tmp_path.iterdir()) == [travel.clock_file(tmp_path)]
    travel.reset(tmp_path)
    assert travel.ahead(tmp_path) == timedelta()
    travel.reset(tmp_path)
