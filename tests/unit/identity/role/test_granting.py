"""Who may give what, and who may act on owners."""

import pytest

from identity.role.granting import may_grant, named, own
from identity.user import owners
from identity.user.decider import User
from identity.user.events import Profile
from identity.user.transactions import person
from support.spec import NOON, TENANT
from troupe.edge.principal import Forbidden, Principal
from troupe.ids import new_id
from troupe.security.roles import ASSIGNABLE, BUILT_IN
from troupe.store.aggregates import Stored
from troupe.store.transact import Unknown


def who(role: str) -> Principal:
    return Principal(id="p", kind="user", tenant_id=TENANT, permissions=BUILT_IN[role], standing="active")


def holding(*roles: str) -> User:
    return User(
        status="active",
        kind="consumer",
        email="a@example.com",
        profile=Profile(display_name="Ann"),
        roles=roles,
        created_at=NOON.now,
    )


@pytest.mark.parametrize("by, gives", [("owner", ASSIGNABLE), ("admin", {"admin"}), ("staff", set())])
def test_which_roles_each_may_give(by, gives):
    for role in gives:
        may_grant(who(by), BUILT_IN[role])
    for role in ASSIGNABLE - gives:
        with pytest.raises(Forbidden) as refused:
            may_grant(who(by), BUILT_IN[role])
        assert refused.value.code == "permission_escalation"


@pytest.mark.parametrize("by, may", [("owner", True), ("admin", False), ("consumer", False)])
def test_only_an_owner_acts_on_an_owner(by, may):
    owners.protect(who(by), holding("consumer", "admin"))
    owners.protect(who(by), None)
    if may:
        owners.protect(who(by), holding("consumer", "owner"))
    else:
        with pytest.raises(Forbidden) as refused:
            owners.protect(who(by), holding("consumer", "owner"))
        assert refused.value.code == "owner_protected"


def test_a_role_is_named_by_its_name_or_id():
    role_id = new_id()
    assert (named("owner").id, named(role_id).id) == ("owner", role_id)
    with pytest.raises(Unknown):
        named("boss")


def test_what_is_not_there_is_unknown():
    with pytest.raises(Unknown):
        person(Stored(id="u", version=0, state=None))
    with pytest.raises(Unknown):
        own(Stored(id="r", version=0, state=None))
