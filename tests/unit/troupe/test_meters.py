import pytest

from spec import TENANT
from troupe import meters
from troupe.quota import Exceeded


def test_more_than_the_limit_at_once_is_refused_though_nothing_was_used():
    with pytest.raises(Exceeded) as refused:
        meters.use(TENANT, "2026-11", "api_calls", 11, limit=10)
    assert (refused.value.quota, refused.value.period) == ("api_calls", "2026-11")


def test_the_condition_leaves_room_for_the_amount():
    parameters = meters.use(TENANT, "2026-11", "api_calls", 4, limit=10).parameters
    assert parameters["ExpressionAttributeValues"][":most"] == {"N": "6"}
    assert ":most" not in meters.use(TENANT, "2026-11", "minutes", 4).parameters["ExpressionAttributeValues"]


def test_totals_are_the_metrics_alone():
    item = {"PK": "p", "changes": 3, "used.minutes": 7, "used.api_calls": 2, "closed_at": "x"}
    assert list(meters.totals(item).items()) == [("api_calls", 2), ("minutes", 7)]
    assert meters.totals(None) == {}
