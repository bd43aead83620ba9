"""Unconfirmed sign-ups expire: accounts with an unproved address, and the tenants created with them."""

import pytest

from identity import due
from identity.verification.handlers import expire_user
from support.dynamodb import stored_events, stored_items
from support.identity.provisioned_tenant import OWNER, provision
from support.identity.sign_in import Member, link, member
from support.identity.tenant import Call
from support.spec import ANN, LAMBDA, TENANT
from troupe.clock import now
from troupe.domain.decider import Rejected
from troupe.store import keys, reads

OTHERS = {**OWNER, "email": "bob@bob.example"}
verify = Call("verify_user", "POST /users/verify")


@pytest.fixture
def clock(clock, monkeypatch):
    """The edge's clock and the sweep's, which begin at this instant."""
    clock.instant = now()
    monkeypatch.setattr(due, "now", clock)
    return clock


def expire(user_id):
    return expire_user.handler({"tenant_id": TENANT, "path": {"user_id": user_id}}, LAMBDA)


def sweep(clock, days=7):
    """What the hourly schedule does in the hour after these days."""
    clock.forward(days=days, hours=1)
    return due.handler({}, LAMBDA)["pending_user"]["done"]


def test_who_does_not_prove_the_address_in_a_week_ends(tenant, clock):
    who = member(tenant, "pending", roles=(tenant.role(),))
    assert sweep(clock) == 1
    assert (tenant.user(who.id).state.status, tenant.credential(who.id).status) == ("deleted", "closed")
    assert expire(who.id) == {"id": who.id, "version": 2}


def test_an_account_does_not_end_earlier(tenant, clock):
    who = member(tenant, "pending")
    clock.forward(days=6)
    before = stored_items()
    with pytest.raises(Rejected) as refused:
        expire(who.id)
    assert (refused.value.code, stored_items()) == ("not_expired", before)


def test_who_has_proved_it_stays(tenant, clock):
    who = member(tenant, "pending")
    body = {"token": link("verify", who, clock()), "password": "a long walk by the sea"}
    assert verify(body=body, principal=None).status == 200
    assert sweep(clock) == 0
    assert tenant.user(who.id).state.status == "active"


class TestATenantWhoseOwnerNeverComes:
    def test_ends_with_the_owner(self, acme, clock):
        assert sweep(clock) == 1
        assert (acme.tenant().status, acme.tenant().reason) == ("cancelled", "never_verified")
        assert acme.standing()["status"] == "cancelled"
        assert stored_events("tenant.cancelled")[0].actor == "schedule"

    def test_its_slug_is_free_again(self, acme, clock):
        clock.forward(days=7)
        other = provision(owner=OTHERS).body["id"]
        sweep(clock, 0)
        assert reads.one(keys.unique("slug", "acme"))["tenant_id"] == other
        assert acme.tenant().status == "cancelled"

    def test_gives_its_slug_back_at_once_when_the_address_is_proved_elsewhere(self, acme, clock):
        other = provision(slug="other").body
        who = Member(other["owner_id"], OWNER["email"])
        body = {"token": link("verify", who, clock(), other["id"]), "password": "a long walk by the sea"}
        assert verify(body=body, principal=None).status == 200
        body = {"token": link("verify", Member(ANN, OWNER["email"]), clock()), "password": "another long one"}
        assert verify(body=body, principal=None).body["code"] == "email_taken"
        assert acme.tenant().status == "cancelled"
        assert reads.one(keys.unique("slug", "acme")) is None
