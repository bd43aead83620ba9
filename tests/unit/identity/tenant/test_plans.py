"""The plans as data: a dearer one never allows less, and every quota has a name."""

from dataclasses import asdict, fields
from itertools import pairwise

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from identity.plans import DAILY, MONTHLY, PLANS, RANKS, STANDING, TIERS, Overrides, Quotas, allowed, limits
from identity.tenant.responses import limit_or_none, quota_use
from troupe.domain.buckets import UNLIMITED

ORDER = ("free", "starter", "pro", "growth", "enterprise")
NAMES = [each.name for each in fields(Quotas)]


def test_a_dearer_plan_never_allows_less():
    assert tuple(PLANS) == ("trial", *ORDER)
    assert [RANKS[plan] for plan in PLANS] == [0, *range(len(ORDER))]
    for less, more in pairwise(ORDER):
        assert all(getattr(PLANS[less], name) < getattr(PLANS[more], name) for name in NAMES)


def test_every_quota_has_a_name_and_every_plan_a_tier():
    assert sorted((STANDING | MONTHLY | DAILY).values()) == sorted(NAMES)
    assert [each.name for each in fields(Overrides)] == NAMES
    assert TIERS.keys() == PLANS.keys()
    assert list(dict.fromkeys(TIERS.values())) == ["free", "pro", "enterprise"]


@examples(
    plan=st.sampled_from(ORDER),
    own=st.dictionaries(st.sampled_from(NAMES), st.one_of(st.none(), st.integers(0, UNLIMITED))),
)
def test_what_is_set_apart_counts_and_the_rest_is_as_the_plan_says(plan, own):
    found = asdict(allowed(plan, Overrides(**own)))
    for name in NAMES:
        assert found[name] == (own[name] if own.get(name) is not None else getattr(PLANS[plan], name))
    assert limits(allowed(plan, Overrides(**own)))["users"] == found["max_users"]


@pytest.mark.parametrize("limit, seen, left", [(10, 10, -2), (0, 0, -12), (UNLIMITED, None, None)])
def test_a_limit_is_shown_unless_it_is_none(limit, seen, left):
    assert limit_or_none(limit) == seen
    assert quota_use("users", 12, limit).available == left
