"""When a trial's time is up, the tenant goes on with what is free."""

from datetime import timedelta

import pytest

from identity.plans import PLANS, limits
from identity.tenant.decider import TRIAL
from identity.tenant.routes import end_trial as handler
from support.dynamodb import stored_events, stored_items
from support.identity.provisioned_tenant import founded
from support.spec import ANN, LAMBDA, TENANT
from troupe.clock import now
from troupe.domain.decider import Rejected
from troupe.store.transact import Unknown

EVENT = {"tenant_id": TENANT, "actor": "schedule"}


@pytest.mark.parametrize("plan", ["free", "trial"])
def test_ends_with_what_is_free(table, monkeypatch, clock, plan):
    acme = founded(monkeypatch, plan=plan)
    clock.instant = now() + TRIAL
    assert handler(EVENT, LAMBDA) == {"id": TENANT, "version": 2}
    assert acme.tenant().status == acme.standing()["status"] == "active"
    assert (acme.tenant().plan, acme.standing()["limits"]) == ("free", limits(PLANS["free"]))
    (told,) = stored_events("tenant.reactivated", "tenant.plan_changed")
    assert (told.actor, told.data["was"]) == ("schedule", "trial")
    before = stored_items()
    assert handler(EVENT, LAMBDA)["version"] == 2
    assert stored_items() == before


def test_not_before_its_time(acme, clock):
    clock.instant = now() + TRIAL - timedelta(hours=1)
    before = stored_items()
    with pytest.raises(Rejected, match="goes on"):
        handler(EVENT, LAMBDA)
    assert stored_items() == before


def test_a_tenant_that_there_is_not(acme):
    with pytest.raises(Unknown):
        handler({"tenant_id": ANN}, LAMBDA)
