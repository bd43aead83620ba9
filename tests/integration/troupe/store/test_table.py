"""Confinement: which credentials a call is signed with, and that there is never a wider one."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

from support.spec import OTHER, TENANT
from troupe.store import keys, reads
from troupe.store import table as tables
from troupe.store.keys import ForeignKey
from troupe.store.table import ENTRY, REQUEST, Unavailable, confined


@pytest.fixture
def confining(table, monkeypatch):
    monkeypatch.setenv(REQUEST, "arn:aws:iam::123456789012:role/request")
    monkeypatch.setenv(ENTRY, "arn:aws:iam::123456789012:role/entry")
    tables.forget()
    return table


@pytest.fixture
def signed(confining):
    """The access key that each call to the table was signed with."""
    used = []
    tables.client().meta.events.register(
        "before-send.dynamodb.*",
        lambda request, **_: used.append(
            request.headers["Authorization"].decode().split("Credential=")[1].split("/")[0]
        ),
    )
    return used


def read():
    reads.one(keys.standing(TENANT))


def test_each_tenant_has_credentials_of_its_own(signed):
    for tenant, role in ((TENANT, REQUEST), (OTHER, REQUEST), (TENANT, ENTRY), (TENANT, REQUEST)):
        with confined(tenant, role):
            read()
    assert len(set(signed)) == 3
    assert signed[0] == signed[3]


def test_one_client_serves_all(confining):
    assert tables.client() is tables.client()


def test_outside_of_any_tenant_there_are_none(confining):
    with pytest.raises(Unavailable):
        read()


def test_confinement_ends(confining):
    with confined(TENANT):
        read()
    with pytest.raises(Unavailable):
        read()


def test_they_are_renewed_early(signed, monkeypatch):
    with confined(TENANT):
        read()
        for scope, (held, _) in list(tables._sessions.items()):
            tables._sessions[scope] = (held, datetime.now(UTC) + tables.RENEW_BEFORE - timedelta(seconds=1))
        read()
    assert len(set(signed)) == 2


def test_the_cache_is_bounded(signed, monkeypatch):
    monkeypatch.setattr(tables, "CACHED", 1)
    for tenant in (TENANT, OTHER):
        with confined(tenant):
            read()
    assert [scope.tenant_id for scope in tables._sessions] == [OTHER]


def test_who_was_renewed_last_stays_however_seldom_it_asks(signed, monkeypatch):
    """With more tenants than fit each is asked for once an hour, not once a request."""
    monkeypatch.setattr(tables, "CACHED", 2)
    third = "0192f0c1-0000-7000-8000-000000000003"
    for tenant in (TENANT, OTHER, TENANT, TENANT, third):
        with confined(tenant):
            read()
    assert [scope.tenant_id for scope in tables._sessions] == [OTHER, third]


@pytest.mark.parametrize("tag", ["*", "acme", f"{TENANT}*", ""])
def test_a_tag_is_a_tenant(confining, tag):
    """S-53 of commerce."""
    with pytest.raises(ForeignKey), confined(tag):
        pass


def test_without_sts_it_is_unavailable(confining, monkeypatch, log):
    class Denying:
        def assume_role(self, **_):
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "AssumeRole")

    tables._sts.cache_clear()
    monkeypatch.setattr(tables, "_sts", Denying)
    with confined(TENANT), pytest.raises(Unavailable):
        read()
    assert "no_credentials" in log.getvalue()
    monkeypatch.undo()


def test_off_it_is_the_functions_own_role(table):
    assert reads.one(keys.standing(TENANT)) is None
    assert boto3.client("dynamodb").meta.region_name == tables.client().meta.region_name
