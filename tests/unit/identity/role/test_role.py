"""A tenant's own role: its permissions, and its invariants."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.role.decider import (
    GRANTABLE,
    ROLE,
    CreateRole,
    DeleteRole,
    Role,
    RoleCreated,
    RoleDeleted,
    RoleUpdated,
    UpdateRole,
)
from support.spec import NOON, Given, assert_folds_as_stored
from troupe.domain.decider import Invalid, Rejected
from troupe.security.roles import BUILT_IN, OPERATOR_ONLY

MAKE = CreateRole(name="Editors", description=None, permissions=("user:suspend", "user:read"))
role = Given(ROLE)
created = RoleCreated(
    name="Editors", description=None, permissions=("user:read", "user:suspend"), created_at=NOON.now
)
deleted = RoleDeleted(deleted_at=NOON.now)


class TestMaking:
    def test_permissions_stand_in_order_and_once(self):
        role().when(MAKE).then(created)
        role().when(replace(MAKE, permissions=("user:read", "user:suspend", "user:read"))).then(created)

    @pytest.mark.parametrize("name", [*BUILT_IN, "Owner"])
    def test_not_by_the_name_of_one_that_every_tenant_has(self, name):
        role().when(replace(MAKE, name=name)).then_rejected("role_name_taken")

    @pytest.mark.parametrize("permission", [*sorted(OPERATOR_ONLY), "user:fly", ""])
    def test_not_of_what_is_no_tenant_s_to_give(self, permission):
        with pytest.raises(Invalid) as invalid:
            role().when(replace(MAKE, permissions=("user:read", permission))).act()
        assert (invalid.value.code, invalid.value.field) == ("unknown_permission", "permissions")


class TestChanging:
    def test_what_is_not_named_stays(self):
        later = NOON.now + timedelta(hours=1)
        given = role(created).at(later)
        given.when(UpdateRole(changes={"description": "They edit"})).then(
            RoleUpdated(
                name="Editors",
                description="They edit",
                permissions=("user:read", "user:suspend"),
                updated_at=later,
            )
        )
        state = ROLE.fold(given.when(UpdateRole(changes={"permissions": ("user:read",)})).act(), given.state)
        assert (state.permissions, state.created_at, state.updated_at) == (("user:read",), NOON.now, later)

    @pytest.mark.parametrize(
        "changes", [{}, {"name": "Editors"}, {"permissions": ("user:suspend", "user:read", "user:read")}]
    )
    def test_nothing_new(self, changes):
        role(created).when(UpdateRole(changes=changes)).then_nothing()

    def test_the_rules_of_making_hold(self):
        given = role(created)
        given.when(UpdateRole(changes={"name": "ADMIN"})).then_rejected("role_name_taken")
        given.when(UpdateRole(changes={"permissions": ("x",)})).then_rejected("unknown_permission")


class TestEnd:
    def test_a_deleted_role_stays_deleted(self):
        role(created).when(DeleteRole()).then(deleted)
        gone = role(created, deleted)
        gone.when(DeleteRole()).then_nothing()
        gone.when(UpdateRole(changes={})).then_rejected("role_deleted")


class TestListing:
    def test_a_role_is_listed_with_what_it_allows(self):
        listing = ROLE.listed(role(created).state, "r")
        assert listing.collection == ("ROLES", "r")
        assert listing.summary == {
            "name": "Editors",
            "description": None,
            "permissions": ["user:read", "user:suspend"],
        }

    @pytest.mark.parametrize("history", [(created, deleted)])
    def test_one_that_is_not_there_is_not(self, history):
        assert ROLE.listed(role(*history).state, "r").collection is None

    def test_when_it_was_deleted(self):
        assert [ROLE.deleted_at(role(*h).state) for h in ((created,), (created, deleted))] == [
            None,
            NOON.now,
        ]


PERMISSIONS = st.lists(st.sampled_from(sorted(GRANTABLE)), min_size=1, max_size=4).map(tuple)
COMMANDS = st.one_of(
    st.builds(CreateRole, name=st.text(min_size=1), description=st.none(), permissions=PERMISSIONS),
    st.builds(
        UpdateRole,
        changes=st.fixed_dictionaries(
            {},
            optional={
                "name": st.sampled_from(["A", "B", "owner"]),
                "description": st.none() | st.text(),
                "permissions": PERMISSIONS,
            },
        ),
    ),
    st.just(DeleteRole()),
)


@given(st.lists(COMMANDS, max_size=12))
def test_invariants_hold_after_any_commands(commands):
    history, state = (), None
    for command in commands:
        try:
            events = ROLE.answer(command, state, NOON)
        except Rejected:
            continue
        history, state = (*history, *events), ROLE.fold(events, state)
        if not isinstance(command, CreateRole):
            assert ROLE.answer(command, state, NOON) == () or state.deleted_at
        assert isinstance(state, Role)
        assert list(state.permissions) == sorted(set(state.permissions))
        assert set(state.permissions) <= GRANTABLE
        assert state.name.casefold() not in BUILT_IN
    assert_folds_as_stored(ROLE, history)
