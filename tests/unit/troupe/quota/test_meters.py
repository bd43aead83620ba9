import pytest

from support.spec import NOON, TENANT
from troupe.quota import meters
from troupe.quota.quota import Exceeded
from troupe.store.scope import Scope
from troupe.store.transact import Snapshot

KEY = meters.unlimited(TENANT, "2026-11")[0]


def take(amount, limit, *used):
    """Which bucket gives how much, and what may be used of it before, by what was used of each."""
    there = zip(meters.limited(TENANT, "2026-11", "api_calls"), used, strict=False)
    items = {key: {"used": number} for key, number in there if number is not None}
    at = Snapshot(scope=Scope(context=NOON, correlation_id="c"), items=items)
    return [
        (parameters["Key"]["SK"]["S"], *parameters["ExpressionAttributeValues"].values())
        for action in meters.take(at, "2026-11", "api_calls", amount, limit)
        for parameters in (action.parameters,)
    ]


def part(bucket, amount, most):
    return (f"2026-11#{bucket:02}", {"N": str(amount)}, {"N": str(most)})


def test_the_condition_leaves_room_for_the_amount_in_the_buckets_share():
    assert take(4, 40, 10, 10, None, 10) == [part(2, 4, 6)]


def test_an_amount_that_no_bucket_has_comes_from_several():
    assert take(3, 8, 0, 1, 2, 2) == [part(0, 2, 0), part(1, 1, 1)]


@pytest.mark.parametrize(
    "amount, limit, used", [(11, 10, ()), (1, 2, (3,)), (1, 10, (0, 12)), (1, 0, ()), (2, 8, (2, 2, 2, 1))]
)
def test_more_than_is_left_in_all_of_them_is_refused(amount, limit, used):
    """One bucket may hold more than its share: of a higher limit, or what is counted all the same."""
    with pytest.raises(Exceeded) as refused:
        take(amount, limit, *used)
    assert (refused.value.quota, refused.value.period) == ("api_calls", "2026-11")


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
