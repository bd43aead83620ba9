"""An API key: what it may be made of, how it is rotated, and how it ends."""

from dataclasses import replace
from datetime import timedelta

import pytest

from identity.api_key.decider import (
    API_KEY,
    FOR_KEYS,
    LONGEST_OVERLAP,
    PEOPLE_ONLY,
    ApiKeyCreated,
    ApiKeyRevoked,
    ApiKeyRotated,
    CreateApiKey,
    RevokeApiKey,
    RotateApiKey,
)
from support.spec import NOON, Given, assert_folds_as_stored
from troupe.domain.decider import Invalid
from troupe.security.roles import NAMES, OPERATOR_ONLY

HOUR = timedelta(hours=1)
MAKE = CreateApiKey(name="Export", permissions=("order:read", "order:inspect"))
key = Given(API_KEY)
created = ApiKeyCreated(
    name="Export",
    permissions=("order:inspect", "order:read"),
    created_at=NOON.now,
    created_by=NOON.actor,
)
rotated = ApiKeyRotated(rotated_at=NOON.now, former_until=NOON.now + HOUR)
revoked = ApiKeyRevoked(revoked_at=NOON.now)


class TestMaking:
    def test_permissions_stand_in_order_and_once(self):
        key().when(MAKE).then(created)
        key().when(replace(MAKE, permissions=("order:read", "order:inspect", "order:read"))).then(created)

    @pytest.mark.parametrize("permission", [*sorted(PEOPLE_ONLY | OPERATOR_ONLY), "order:fly", ""])
    def test_not_of_what_a_person_does_as_oneself(self, permission):
        with pytest.raises(Invalid) as invalid:
            key().when(replace(MAKE, permissions=("order:read", permission))).act()
        assert (invalid.value.code, invalid.value.field) == ("unknown_permission", "permissions")

    def test_it_expires_later_than_now(self):
        until = NOON.now + HOUR
        key().when(replace(MAKE, expires_at=until)).then(replace(created, expires_at=until))
        with pytest.raises(Invalid) as invalid:
            key().when(replace(MAKE, expires_at=NOON.now)).act()
        assert (invalid.value.code, invalid.value.field) == ("expiry_in_the_past", "expires_at")

    def test_all_that_is_for_people_alone_is_in_the_catalogue(self):
        assert PEOPLE_ONLY <= NAMES
        assert FOR_KEYS.isdisjoint(OPERATOR_ONLY)


class TestRotation:
    def test_the_former_secret_goes_on_for_a_while(self):
        key(created).when(RotateApiKey(overlap=HOUR)).then(rotated)
        assert key(created, rotated).state.former_until == NOON.now + HOUR

    def test_for_a_week_at_most(self):
        longest = replace(rotated, former_until=NOON.now + LONGEST_OVERLAP)
        key(created).when(RotateApiKey(overlap=LONGEST_OVERLAP * 2)).then(longest)

    def test_not_of_a_key_that_has_ended(self):
        key(created, revoked).when(RotateApiKey(overlap=HOUR)).then_rejected("api_key_revoked")
        expiring = replace(created, expires_at=NOON.now + HOUR)
        rotate = RotateApiKey(overlap=HOUR)
        key(expiring).at(NOON.now + HOUR).when(rotate).then_rejected("api_key_expired")
        assert key(expiring).when(rotate).act() == (rotated,)


class TestRevocation:
    def test_for_good_and_once(self):
        key(created, rotated).when(RevokeApiKey()).then(revoked)
        key(created, revoked).when(RevokeApiKey()).then()
        assert key(created, rotated, revoked).state.former_until is None


@pytest.mark.parametrize("history", [(created,), (created, rotated), (created, rotated, revoked)])
def test_a_life_is_stored_and_listed(history):
    assert_folds_as_stored(API_KEY, history)
    summary = API_KEY.listed(key(*history).state, "k").summary
    assert summary["name"] == "Export"
    assert (summary["revoked_at"] is None) == (revoked not in history)
