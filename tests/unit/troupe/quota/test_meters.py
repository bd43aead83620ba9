import pytest

from support.spec import TENANT
from troupe.quota import meters
from troupe.quota.quota import Exceeded

KEY = meters.unlimited(TENANT, "2026-11")[0]


def test_more_than_the_limit_at_once_is_refused_though_nothing_was_used():
    with pytest.raises(Exceeded) as refused:
        meters.take(TENANT, "2026-11", "api_calls", 11, limit=10)
    assert (refused.value.quota, refused.value.period) == ("api_calls", "2026-11")


def test_the_condition_leaves_room_for_the_amount_in_the_buckets_share():
    parameters = meters.take(TENANT, "2026-11", "api_calls", 4, limit=40).parameters
    values = {":amount": {"N": "4"}, ":most": {"N": "6"}, ":none": {"N": "0"}}
    assert parameters["ExpressionAttributeValues"] == values


@pytest.mark.parametrize(
    "item, condition",
    [
        (None, "attribute_not_exists(PK)"),
        ({"changes": 3, "used.minutes": 7}, "changes = :seen"),
        ({"used": 3}, "used = :seen"),
    ],
)
def test_a_month_is_held_to_what_was_read_of_it(item, condition):
    assert meters.as_read(KEY, item).parameters["ConditionExpression"] == condition


def test_totals_are_the_metrics_alone():
    item = {"PK": "p", "changes": 3, "used.minutes": 7, "used.downloads": 2}
    assert list(meters.totals([item, {"used.minutes": 1}]).items()) == [("downloads", 2), ("minutes", 8)]
    assert meters.totals([None]) == {}
