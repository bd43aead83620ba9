"""The list of principals who may approve global promotions."""

from dataclasses import replace

import pytest

from commerce.promotion.administrators import Administrator, listed, project
from documents.samples.golden import golden
from support.stream_events import envelope


def happened(action, **said):
    return replace(envelope("credential", "p", 1, action), data=said)


def opened(kind="user", status="active", roles=("admin",)):
    return happened("opened", kind=kind, status=status, roles=list(roles))


@pytest.mark.parametrize(
    "event, shown",
    [
        (opened(), True),
        (opened(roles=("staff", "owner")), True),
        (opened(roles=("consumer", "reviewers")), True),  # a role of the tenant's own: asked when it matters
        (opened(roles=("consumer",)), False),
        (opened(roles=("leader", "staff")), False),
        (opened(status="pending"), False),
    ],
)
def test_a_person_with_a_role_beyond_its_kind(event, shown):
    row = project(None, event)
    assert (listed(row).collection is not None) is shown


def test_no_supplier():
    assert project(None, opened(kind="supplier")) is None
    assert project(None, happened("status_changed", was="a", status="active")) is None


def test_it_follows_roles_and_status():
    row = project(None, opened(status="pending", roles=("consumer",)))
    row = project(row, happened("status_changed", was="pending", status="active"))
    row = project(row, happened("roles_changed", roles=["admin"]))
    row = project(row, happened("password_changed"))
    assert row == Administrator(status="active", roles=("admin",))
    assert listed(row).summary == {"roles": ("admin",)}


def test_it_reads_what_the_golden_events_have():
    row = None
    for name in ("opened", "status_changed", "roles_changed"):
        event = golden("kernel", f"credential.{name}")
        row = project(row, happened(name, **event.data))
    assert isinstance(row, Administrator)
    assert row.roles == tuple(event.data["roles"])
