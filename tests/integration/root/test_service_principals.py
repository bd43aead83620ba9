"""The authorizer and API keys: told by their prefix, found in one read, noted once a day."""

from datetime import timedelta

import pytest

from support.dynamodb import round_trips, stored_items
from support.faulty_client import throttle
from support.identity.sign_in import failing
from support.spec import ANN, LAMBDA, TENANT
from troupe.clock import now
from troupe.edge.principal import Unauthenticated, principal_of
from troupe.quota import api_calls
from troupe.security import api_keys
from troupe.store import keys, reads, writes
from troupe.store.commit import commit

STANDING = {"status": "active", "zone": "Europe/Berlin", "roles": {}, "limits": {}}
KEY = api_keys.fresh(TENANT, ANN)


def stand(**more):
    commit([writes.put(keys.standing(TENANT), STANDING | more)])


def ask(text=None):
    from root.authorizer import handler

    answer = handler({"headers": {"authorization": f"Bearer {text or KEY.text()}"}}, LAMBDA)
    assert answer["isAuthorized"] is True
    return answer["context"]


def item():
    return reads.one(api_keys.place(TENANT, ANN)) or {}


@pytest.fixture
def key(table):
    stand()
    commit([api_keys.opened(KEY, ("audit:read", "order:read"), now() + timedelta(days=1))])


def test_what_the_edge_reads_is_what_the_authorizer_says(key):
    found = principal_of({"requestContext": {"authorizer": {"lambda": ask()}}})
    assert (found.id, found.kind, found.tenant_id, found.zone) == (ANN, "service", TENANT, "Europe/Berlin")
    assert found.permissions == {"audit:read", "order:read"}


def test_a_permission_that_a_tenant_has_not_to_give_is_none(table):
    stand()
    commit([api_keys.opened(KEY, ("audit:read", "tenant:suspend", "gone:read"), None)])
    assert ask()["permissions"] == ["audit:read"]


def test_one_read_for_each_request_and_one_write_a_day(key):
    with round_trips() as made:
        ask()
    assert made == ["BatchGetItem", "UpdateItem"]
    assert item()[api_keys.DAY] == now().date().isoformat()
    with round_trips() as made:
        ask()
    assert made == ["BatchGetItem"]
    commit([writes.update(api_keys.place(TENANT, ANN), "SET last_used_on = :day", {"day": "2026-01-01"})])
    ask()
    assert item()[api_keys.DAY] == now().date().isoformat()


def test_a_day_that_cannot_be_noted_stops_no_request(key):
    with failing(*[throttle] * 20, operation="update_item"):
        assert ask()["principal_id"] == ANN
    assert api_keys.DAY not in item()


def test_a_key_that_was_revoked_meanwhile_gets_no_day(key, monkeypatch):
    from root import service_principals

    real = service_principals.reads.batch

    def read_then_revoke(wanted):
        found = real(wanted)
        commit([api_keys.closed(TENANT, ANN)])
        return found

    monkeypatch.setattr(service_principals.reads, "batch", read_then_revoke)
    ask()
    assert api_keys.DAY not in item()


@pytest.mark.parametrize("status", ["suspended", "cancelled"])
def test_a_tenant_that_does_not_operate_has_no_keys_that_work(key, status):
    stand(status=status)
    assert ask() == {"refused": f"tenant_{status}"}
    with pytest.raises(Unauthenticated):
        principal_of({"requestContext": {"authorizer": {"lambda": ask()}}})


def test_the_calls_of_a_month_are_those_of_the_tenant(key):
    stand(limits={api_calls.LIMIT: 10})
    commit([api_calls.refused(TENANT, f"{now():%Y-%m}", 10)])
    assert ask() == {"refused": "api_calls_used_up"}


@pytest.mark.parametrize(
    "text", ["trp_", "trp_x", api_keys.fresh(TENANT, ANN).text(), api_keys.fresh(ANN, TENANT).text()]
)
def test_what_is_no_key_of_ours_is_told_alike(key, text):
    before = stored_items()
    assert ask(text) == {"refused": "api_key_invalid"}
    assert stored_items() == before


def test_an_expired_key(table):
    stand()
    commit([api_keys.opened(KEY, ("audit:read",), now() - timedelta(seconds=1))])
    assert ask() == {"refused": "api_key_expired"}
