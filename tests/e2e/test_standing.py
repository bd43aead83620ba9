"""How a tenant stands decides what its people may do, from the next request on; trials end when they are due."""

import json
import time
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from demo.api import Api
from demo.story import OWNER_PASSWORD
from troupe.domain.instants import rfc3339
from troupe.store import keys


@pytest.fixture
def town(found):
    return found("standing")


def sign_in(town, status):
    """The answer to the owner's address and password."""
    owner = {"email": f"owner@{town.slug}.example.com", "password": OWNER_PASSWORD}
    with Api(town.owner.base_url) as visitor:
        return visitor.post("/sessions", owner, status)


def register(town, status):
    body = {"email": f"{time.time_ns()}@{town.slug}.example.com", "display_name": "S"}
    with Api(town.owner.base_url) as visitor:
        return visitor.post(f"/tenants/{town.slug}/users", body, status)


def test_a_suspended_tenant_reads_and_signs_in_but_does_not_write(town, operator):
    own = f"/tenants/{town.tenant_id}"
    operator.post(f"{own}/suspend", {"reason": "It did not pay."})
    assert town.owner.get(own)["status"] == "suspended"
    assert town.owner.get("/me")["tenant_id"] == town.tenant_id
    with Api(town.owner.base_url, sign_in(town, 200)["access_token"]) as owner:
        assert owner.get("/organizations")["items"]
        for method, path, body in (
            ("POST", "/organizations", {"name": "Late"}),
            ("PATCH", "/me/profile", {"bio": "Still here."}),
            ("PATCH", f"{own}/settings", {"open_sign_up": False}),
            ("POST", "/users", {"email": "late@example.com", "display_name": "Late"}),
        ):
            assert owner.call(method, path, body, 403)["code"] == "tenant_suspended"
    assert register(town, 409)["code"] == "sign_up_closed"
    operator.post(f"{own}/reactivate")
    assert town.owner.post("/organizations", {"name": "Again"}, 201)["version"] == 1


def test_a_cancelled_tenant_is_no_more(town, operator):
    refresh = sign_in(town, 200)["refresh_token"]
    town.owner.post(f"/tenants/{town.tenant_id}/cancel", {"reason": "Enough."})
    for method, path in (("GET", "/me"), ("GET", "/organizations"), ("POST", "/organizations")):
        refused = town.owner.call(method, path, {} if method == "POST" else None, 401)
        assert refused["code"] == "tenant_cancelled"
    assert sign_in(town, 403)["code"] == "tenant_cancelled"
    with Api(town.owner.base_url) as visitor:
        assert visitor.post("/sessions/refresh", {"refresh_token": refresh}, 401)["code"] == "session_ended"
    assert register(town, 409)["code"] == "sign_up_closed"
    refused = operator.call("POST", f"/tenants/{town.tenant_id}/reactivate", {}, 409)
    assert refused["code"] == "invalid_transition"


def overdue(backstage, tenant_id):
    """Have the tenant's trial end a minute ago."""
    key, at = keys.state(tenant_id, "tenant", tenant_id), datetime.now(UTC) - timedelta(minutes=1)
    state = json.loads(backstage.item(key)["state"]["S"]) | {"trial_ends_at": rfc3339(at)}
    pk = keys.due("trial", at, keys.due_shard(tenant_id))
    backstage.change(key, state=json.dumps(state), GSI2PK=pk, GSI2SK=f"{rfc3339(at)}#{tenant_id}#{tenant_id}")


@pytest.fixture
def tried(begin):
    """Makes tenants whose trial goes on."""
    numbers = count(time.time_ns())

    def tried():
        story = begin(slug=f"tried-{next(numbers)}")
        story.open_trial()
        return story.played

    return tried


def test_a_trial_ends_when_it_is_due(tried, backstage):
    """Then it goes on with what is free; a trial that is not due goes on as it is."""
    town, other = tried(), tried()
    overdue(backstage, town.tenant_id)
    swept = backstage.invoke("Identity/Due")["trial"]
    assert swept["done"] >= 1
    assert swept["failed"] == 0
    assert other.owner.get(f"/tenants/{other.tenant_id}")["status"] == "trial"
    tenant = town.owner.get(f"/tenants/{town.tenant_id}")
    assert (tenant["status"], tenant["plan"]) == ("active", "free")
    history = [event["type"] for event in town.owner.all(f"/history/tenant/{town.tenant_id}")]
    assert history.count("tenant.plan_changed") == 1
    assert backstage.invoke("Identity/Due")["trial"] == {"done": 0, "failed": 0}
