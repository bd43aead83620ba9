"""A promotion's window: when it starts and ends, and what the time to decide on it makes of it."""

from datetime import datetime, timedelta

import pytest

from commerce.promotion import budget as promotion_budget
from commerce.promotion import transactions
from commerce.promotion.decider import PROMOTION
from commerce.promotion.offer import BUDGET, offer_of
from support.commerce.promotions import Booth, community, pause, resume, timed
from support.identity.tenant import happened, items, meanwhile
from support.principals import NOON
from support.spec import TENANT
from troupe.domain.decider import Rejected
from troupe.store import keys, reads
from troupe.store.transact import load


@pytest.fixture
def booth(market, clock):
    return Booth()


def state(path):
    return load(TENANT, PROMOTION, path["promotion_id"]).state


def budget(path):
    return reads.one(keys.part(TENANT, "promotion", path["promotion_id"], BUDGET))


def offer(path):
    return offer_of(reads.one(promotion_budget.offer_key(TENANT, path["promotion_id"])))


def running(booth):
    found = reads.one(transactions.running(TENANT, booth.stall.supplier_id))
    return found["running"] if found else 0


class TestTime:
    def test_it_starts_and_ends_with_its_window(self, booth, clock):
        path = booth.active(booth.goods(), starts_at="2026-03-02T00:00:00Z")
        assert (state(path).status, budget(path)["state"]) == ("scheduled", "scheduled")
        with pytest.raises(Rejected) as early:
            timed("start_promotion", path["promotion_id"])
        assert early.value.code == "not_due"
        clock.instant = datetime.fromisoformat("2026-03-02T00:00:00Z")
        timed("start_promotion", path["promotion_id"])
        assert (state(path).status, budget(path)["state"], offer(path).state) == ("active",) * 3
        after = items()
        timed("start_promotion", path["promotion_id"])
        assert items() == after
        clock.instant = datetime.fromisoformat("2026-03-08T12:00:00Z")
        timed("end_promotion", path["promotion_id"])
        assert (state(path).status, budget(path)["state"], running(booth)) == ("ended", "ended", 0)

    def test_what_starts_late_keeps_its_window(self, booth, clock):
        """S-36: activation while nothing ran; on recovery it is on until the end that was agreed."""
        path = booth.active(booth.goods(), starts_at="2026-03-02T00:00:00Z")
        clock.instant = datetime.fromisoformat("2026-03-05T09:00:00Z")
        timed("start_promotion", path["promotion_id"])
        found = offer(path)
        assert (found.starts_at.isoformat(), found.ends_at.isoformat()) == (
            "2026-03-02T00:00:00+00:00",
            "2026-03-08T12:00:00+00:00",
        )

    def test_the_deadline_decides(self, booth, clock):
        where = community(booth.leader_id)
        path = booth.submitted(
            booth.goods(), visibility="both", communities=[where], ends_at="2026-04-01T00:00:00Z"
        )
        booth.decides("approve", path, where)
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

    def test_it_is_first_seen_once_when_two_activate_it(self, booth, clock):
        """S-33: two activators race; the one that comes second finds it active, and changes nothing."""
        path = booth.active(booth.goods(), starts_at="2026-03-02T00:00:00Z")
        clock.instant = datetime.fromisoformat("2026-03-02T00:00:00Z")
        with meanwhile(lambda: timed("start_promotion", path["promotion_id"])):
            clock.instant += timedelta(seconds=1)
            timed("start_promotion", path["promotion_id"])
        first = state(path).first_activated_at
        pause(path, **booth.by)
        resume(path, **booth.by)
        assert len(happened("promotion.activated")) == 1
        assert state(path).first_activated_at == first
