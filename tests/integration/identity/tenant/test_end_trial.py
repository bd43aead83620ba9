"""When a trial's time is up: what costs nothing goes on, what nobody confirmed stops."""

from datetime import timedelta

import pytest

from identity.tenant.decider import TRIAL
from identity.tenant.routes import end_trial as handler
from support.identity.provisioned_tenant import founded
from support.identity.tenant import happened, items
from support.spec import ANN, LAMBDA, TENANT
from troupe.clock import now
from troupe.domain.decider import Rejected
from troupe.store.transact import Unknown

EVENT = {"tenant_id": TENANT, "actor": "schedule"}


@pytest.mark.parametrize("plan, status", [("free", "active"), ("pro", "suspended")])
def test_ends(table, monkeypatch, clock, plan, status):
    acme = founded(monkeypatch, plan=plan)
    clock.instant = now() + TRIAL
    assert handler(EVENT, LAMBDA) == {"id": TENANT, "version": 2}
    assert acme.tenant().status == acme.standing()["status"] == status
    (told,) = happened("tenant.reactivated", "tenant.suspended")
    assert (told.actor, told.data["was"]) == ("schedule", "trial")
    before = items()
    assert handler(EVENT, LAMBDA)["version"] == 2
    assert items() == before


def test_not_before_its_time(acme, clock):
    clock.instant = now() + TRIAL - timedelta(hours=1)
    before = items()
    with pytest.raises(Rejected, match="goes on"):
        handler(EVENT, LAMBDA)
    assert items() == before


def test_a_tenant_that_there_is_not(acme):
    with pytest.raises(Unknown):
        handler({"tenant_id": ANN}, LAMBDA)
