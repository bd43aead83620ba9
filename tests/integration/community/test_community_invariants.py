"""Invariants of communities, with any commands in any order."""

import random

import pytest

from support.community.communities import (
    approve,
    audit,
    ban,
    crowd,
    decline,
    delete,
    found,
    join,
    leave,
    restore,
    set_role,
    transfer,
    unban,
    update,
)
from support.community.tenant import Call
from support.principals import acting

ALONE = [join, leave, delete, restore]
ON_SOMEBODY = [approve, decline, ban, unban]
STEPS = 50
ANSWERS = {200, 403, 404, 409}


def step(draw: random.Random) -> tuple[Call, dict]:
    """A command, and what it carries."""
    kind = draw.randrange(12)
    if kind < 4:
        return join, {}
    if kind < 5:
        return draw.choice(ALONE), {}
    if kind < 9:
        return draw.choice(ON_SOMEBODY), {}
    if kind < 10:
        return set_role, {"body": {"role": draw.choice(["member", "moderator"])}}
    visibility, cap = draw.choice(["public", "private"]), draw.choice([None, 2, 3])
    return update, {"body": {"visibility": visibility, "limits": {"member_cap": cap}}}


@pytest.mark.parametrize("seed", range(2))
def test_counts_leaders_and_what_is_published_are_right_at_the_end(tenant, seed):
    draw = random.Random(seed)
    lea, max_id = tenant.leader("Lea"), tenant.leader("Max")
    circles = [found(tenant, lea), found(tenant, max_id)]
    people = [lea, max_id, *crowd(tenant, 3)]
    done = set()
    for n in range(STEPS):
        community, who, other = draw.choice(circles), draw.choice(people), draw.choice(people)
        call, given = (transfer, {"body": {"user_id": other}}) if n % 10 == 0 else step(draw)
        if call not in [join, leave]:  # mostly by those who may, else nothing would ever happen
            who = draw.choice([who, community.state().owner_id, community.state().owner_id])
        reply = call(community.path(other), **acting("leader", who), **given)
        assert reply.status in ANSWERS, reply.body
        done.add((call.command, reply.status))
    assert len(done) > 10
    audit(tenant)
