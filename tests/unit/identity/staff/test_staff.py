"""A staff member's coming and going."""

import pytest

from identity.staff.decider import STAFF, AddStaff, Deactivate, TenantUserCreated, TenantUserDeactivated
from support.spec import ANN, NOON, Given, assert_folds_as_stored

LET_IN = AddStaff(email="bob@example.com", name="Bob", roles=("staff",), organizations=("o1",))
CREATED = TenantUserCreated(
    email="bob@example.com",
    name="Bob",
    roles=("staff",),
    organizations=("o1",),
    by=ANN,
    created_at=NOON.now,
)
GONE = TenantUserDeactivated(reason="left", by=ANN, deactivated_at=NOON.now)
staff = Given(STAFF)


def leave(*, has_access: bool = True) -> Deactivate:
    return Deactivate(reason="left", has_access=has_access)


def test_is_let_in():
    staff().when(LET_IN).then(CREATED)


@pytest.mark.parametrize("has_access", [True, False])
def test_leaves(has_access):
    staff(CREATED).when(leave(has_access=has_access)).then(GONE)
    assert staff(CREATED, GONE).state.status == "deactivated"


def test_leaves_once_unless_access_was_given_back():
    staff(CREATED, GONE).when(leave(has_access=False)).then_nothing()
    staff(CREATED, GONE).when(leave(has_access=True)).then(GONE)


def test_who_is_no_staff_is_not_deactivated():
    staff().when(leave()).then_rejected("not_staff")


def test_the_fold_is_the_stored_state():
    assert_folds_as_stored(STAFF, (CREATED, GONE, GONE))
