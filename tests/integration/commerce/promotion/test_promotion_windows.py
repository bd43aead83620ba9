"""A promotion's window: when it starts and ends, and what the time to decide on it makes of it."""

from datetime import datetime, timedelta

import pytest

from commerce.promotion import budget as promotion_budget
from commerce.promotion import transactions
from commerce.promotion.decider import PROMOTION
from commerce.promotion.offer import BUDGET, offer_of
from support.commerce.promotions import Promotions, community, pause, resume, timed
from support.dynamodb import before_next_write, stored_events, stored_items
from support.principals import NOON
from support.spec import TENANT
from troupe.domain.decider import Rejected
from troupe.store import copies, keys, reads
from troupe.store.transact import load


@pytest.fixture
def promotions(shop, clock):
    return Promotions()


def state(path):
    return load(TENANT, PROMOTION, path["promotion_id"]).state


def budget(path):
    """The state that each bucket or copy of it has."""
    of = keys.part(TENANT, "promotion", path["promotion_id"], BUDGET)
    uses = promotion_budget.uses(TENANT, path["promotion_id"])
    (state,) = {item["state"] for item in reads.batch((*copies.keys(of), *uses.keys)).values()}
    return state


def offer(path):
    return offer_of(reads.one(promotion_budget.offer_key(TENANT, path["promotion_id"])))


def running(promotions):
    found = reads.one(transactions.running(TENANT, promotions.catalogue.supplier_id))
    return found["running"] if found else 0


class TestTime:
    def test_it_starts_and_ends_with_its_window(self, promotions, clock):
        path = promotions.active(promotions.goods(), starts_at="2026-03-02T00:00:00Z")
        assert (state(path).status, budget(path)) == ("scheduled", "scheduled")
        with pytest.raises(Rejected) as early:
            timed("start_promotion", path["promotion_id"])
        assert early.value.code == "not_due"
        clock.instant = datetime.fromisoformat("2026-03-02T00:00:00Z")
        timed("start_promotion", path["promotion_id"])
        assert (state(path).status, budget(path), offer(path).state) == ("active",) * 3
        after = stored_items()
        timed("start_promotion", path["promotion_id"])
        assert stored_items() == after
        clock.instant = datetime.fromisoformat("2026-03-08T12:00:00Z")
        timed("end_promotion", path["promotion_id"])
        assert (state(path).status, budget(path), running(promotions)) == ("ended", "ended", 0)

    def test_what_starts_late_keeps_its_window(self, promotions, clock):
        """S-36: activation while nothing ran; on recovery it is on until the end that was agreed."""
        path = promotions.active(promotions.goods(), starts_at="2026-03-02T00:00:00Z")
        clock.instant = datetime.fromisoformat("2026-03-05T09:00:00Z")
        timed("start_promotion", path["promotion_id"])
        found = offer(path)
        assert (found.starts_at.isoformat(), found.ends_at.isoformat()) == (
            "2026-03-02T00:00:00+00:00",
            "2026-03-08T12:00:00+00:00",
        )

    def test_the_deadline_decides(self, promotions, clock):
        where = community(promotions.leader_id)
        path = promotions.submitted(
            promotions.goods(), visibility="both", communities=[where], ends_at="2026-04-01T00:00:00Z"
        )
        promotions.decides("approve", path, where)
        with pytest.raises(Rejected) as early:
            timed("decide_promotion", path["promotion_id"])
        assert early.value.code == "not_due"
        clock.instant = NOON + timedelta(days=7)
        timed("decide_promotion", path["promotion_id"])
        assert (state(path).status, offer(path).everywhere, offer(path).communities) == (
            "active",
            False,
            (where,),
        )

    def test_it_is_first_seen_once_when_two_activate_it(self, promotions, clock):
        """S-33: two activators race; the one that comes second finds it active, and changes nothing."""
        path = promotions.active(promotions.goods(), starts_at="2026-03-02T00:00:00Z")
        clock.instant = datetime.fromisoformat("2026-03-02T00:00:00Z")
        with before_next_write(lambda: timed("start_promotion", path["promotion_id"])):
            clock.instant += timedelta(seconds=1)
            timed("start_promotion", path["promotion_id"])
        first = state(path).first_activated_at
        pause(path, **promotions.by)
        resume(path, **promotions.by)
        assert len(stored_events("promotion.activated")) == 1
        assert state(path).first_activated_at == first
