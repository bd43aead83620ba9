"""A user's decisions, every move of the lifecycle."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from identity.user.commands import (
    AddToOrganization,
    AssignRole,
    ChangeEmail,
    ExpireUser,
    PromoteToLeader,
    ReactivateUser,
    RemoveFromOrganization,
    RestoreUser,
    RevokeRole,
    SuspendUser,
    UpdateEmailPreferences,
    UpdateProfile,
    VerifyUser,
)
from identity.user.decider import USER
from identity.user.events import (
    EmailPreferences,
    Permissions,
    UserDeleted,
    UserEmailChanged,
    UserEmailPreferencesUpdated,
    UserOrgJoined,
    UserOrgLeft,
    UserProfileUpdated,
    UserReactivated,
    UserRestored,
    UserRoleAssigned,
    UserRoleRevoked,
)
from support.identity.user_histories import (
    ACME,
    ANN,
    HISTORIES,
    OWN,
    SIGN_UP,
    STUDIO,
    created,
    deleted,
    promoted,
    staff,
    user,
    verified,
)
from support.spec import NOON
from troupe.domain.decider import Invalid
from troupe.security.credential import PROVE_WITHIN


class TestSignUp:
    def test_a_person_comes_pending(self):
        user().when(SIGN_UP).then(created)

    def test_an_invited_one_is_known_to_be(self):
        invitation = replace(SIGN_UP, kind="staff", roles=("staff",), invited=True)
        user().when(invitation).then(staff)

    def test_not_from_the_future(self):
        tomorrow = replace(SIGN_UP, profile=replace(ANN, birth_date=date(2026, 2, 1)))
        with pytest.raises(Invalid) as invalid:
            user().when(tomorrow).act()
        assert (invalid.value.code, invalid.value.field) == ("birth_date_in_future", "birth_date")
        today = replace(SIGN_UP, profile=replace(ANN, birth_date=NOON.now.date()))
        assert len(user().when(today).act()) == 1


class TestLifecycle:
    @pytest.mark.parametrize("status", ["pending", "active", "suspended"])
    def test_who_is_not_deleted_is_not_restored(self, status):
        user(*HISTORIES[status]).when(RestoreUser(own_roles=frozenset())).then_nothing()

    def test_who_never_proved_the_address_is_not_restored(self):
        user(*HISTORIES["pending"], deleted).when(RestoreUser(own_roles=frozenset())).then_rejected(
            "never_verified"
        )

    def test_who_does_not_prove_the_address_in_time_ends(self):
        user(created).when(ExpireUser()).then_rejected("not_expired")
        end = NOON.now + PROVE_WITHIN
        user(created).at(end).when(ExpireUser()).then(UserDeleted(deleted_at=end))
        user(created).when(ExpireUser(overtaken=True)).then(deleted)

    @pytest.mark.parametrize("status", ["active", "suspended", "deleted"])
    def test_who_has_proved_the_address_does_not_end(self, status):
        user(*HISTORIES[status]).at(NOON.now + PROVE_WITHIN).when(ExpireUser()).then_nothing()

    @pytest.mark.parametrize("status", ["active", "suspended"])
    def test_a_restore_leads_back_to_where_one_was(self, status):
        history = (*HISTORIES[status], deleted)
        user(*history).when(RestoreUser(own_roles=frozenset())).then(UserRestored(status=status))
        before = USER.fold(HISTORIES[status])
        assert USER.fold((*history, UserRestored(status=status))) == before

    def test_a_restore_drops_the_roles_that_are_gone(self):
        history = (created, verified, UserRoleAssigned(role=OWN), UserRoleAssigned(role="admin"), deleted)
        user(*history).when(RestoreUser(own_roles={OWN})).then(UserRestored(status="active"))
        user(*history).when(RestoreUser(own_roles=set())).then(
            UserRestored(status="active"), UserRoleRevoked(role=OWN)
        )

    @pytest.mark.parametrize(
        "command",
        [
            VerifyUser(),
            SuspendUser(reason="spam"),
            ReactivateUser(),
            UpdateProfile(changes={}),
            UpdateEmailPreferences(email_preferences=EmailPreferences()),
            ChangeEmail(email="x@example.com"),
            PromoteToLeader(business=STUDIO),
            AssignRole(role="admin"),
            RevokeRole(role="admin"),
            AddToOrganization(organization_id=ACME),
            RemoveFromOrganization(organization_id=ACME),
        ],
    )
    def test_who_is_deleted_is_restored_first(self, command):
        user(*HISTORIES["deleted"]).when(command).then_rejected("user_deleted")

    def test_a_reason_lasts_as_long_as_the_suspension(self):
        assert user(*HISTORIES["suspended"]).state.suspended_reason == "spam"
        assert user(*HISTORIES["suspended"], UserReactivated()).state.suspended_reason is None


class TestProfile:
    def test_what_is_not_named_stays(self):
        full = replace(ANN, bio="Runs.", country="DE")
        history = (*HISTORIES["active"], UserProfileUpdated(profile=full))
        user(*history).when(UpdateProfile(changes={"bio": None})).then(
            UserProfileUpdated(profile=replace(full, bio=None))
        )

    @pytest.mark.parametrize("changes", [{}, {"display_name": "Ann"}, {"business": None}])
    def test_nothing_new(self, changes):
        user(*HISTORIES["active"]).when(UpdateProfile(changes=changes)).then_nothing()

    def test_a_business_is_a_leader_s(self):
        user(*HISTORIES["active"]).when(UpdateProfile(changes={"business": STUDIO})).then_rejected(
            "not_a_leader"
        )
        leader = user(*HISTORIES["active"], promoted)
        leader.when(UpdateProfile(changes={"business": None})).then_rejected("business_required")
        other = replace(STUDIO, name="Other")
        updated = UserProfileUpdated(profile=replace(ANN, business=other))
        leader.when(UpdateProfile(changes={"business": other})).then(updated)

    def test_not_born_tomorrow(self):
        born = UpdateProfile(changes={"birth_date": date(2026, 2, 1)})
        user(*HISTORIES["active"]).when(born).then_rejected("birth_date_in_future")

    def test_preferences_are_put(self):
        news = EmailPreferences(product_news=True)
        given = user(*HISTORIES["active"])
        given.when(UpdateEmailPreferences(email_preferences=EmailPreferences())).then_nothing()
        given.when(UpdateEmailPreferences(email_preferences=news)).then(
            UserEmailPreferencesUpdated(email_preferences=news)
        )

    def test_an_address_changes(self):
        given = user(*HISTORIES["active"])
        given.when(ChangeEmail(email="ann@example.com")).then_nothing()
        given.when(ChangeEmail(email="b@example.com")).then(
            UserEmailChanged(email="b@example.com", former_email="ann@example.com")
        )


class TestPromotion:
    def test_a_leader_keeps_other_roles(self):
        given = user(*HISTORIES["active"], UserRoleAssigned(role="admin"))
        given.when(PromoteToLeader(business=STUDIO)).then(replace(promoted, roles=("leader", "admin")))

    def test_twice_is_once(self):
        user(*HISTORIES["active"], promoted).when(PromoteToLeader(business=STUDIO)).then_nothing()

    @pytest.mark.parametrize("history", [(created,), HISTORIES["suspended"], (staff, verified)])
    def test_only_an_active_consumer(self, history):
        user(*history).when(PromoteToLeader(business=STUDIO)).then_rejected("not_an_active_consumer")

    def test_what_a_leader_may(self):
        assert user(*HISTORIES["active"]).state.permissions == Permissions()
        leader = user(*HISTORIES["active"], promoted).state
        assert (leader.kind, leader.permissions.max_communities) == ("leader", 5)


class TestRoles:
    @pytest.mark.parametrize("role", ["owner", "admin", OWN])
    def test_a_role_is_given_and_taken_once(self, role):
        active, holds = HISTORIES["active"], (*HISTORIES["active"], UserRoleAssigned(role=role))
        user(*active).when(AssignRole(role=role)).then(UserRoleAssigned(role=role))
        user(*holds).when(AssignRole(role=role)).then_nothing()
        user(*holds).when(RevokeRole(role=role)).then(UserRoleRevoked(role=role))
        user(*active).when(RevokeRole(role=role)).then_nothing()
        assert user(*holds).state.roles == ("consumer", role)
        assert user(*holds, UserRoleRevoked(role=role)).state.roles == ("consumer",)

    @pytest.mark.parametrize(
        ("command", "role"),
        list(product((AssignRole, RevokeRole), ("consumer", "leader", "staff", "supplier", "operator"))),
    )
    def test_what_follows_from_the_kind_is_neither_given_nor_taken(self, command, role):
        user(*HISTORIES["active"]).when(command(role=role)).then_rejected("role_not_assignable")

    @pytest.mark.parametrize("status", ["pending", "suspended"])
    def test_given_to_the_active_taken_from_all(self, status):
        history = HISTORIES[status]
        user(*history).when(AssignRole(role="admin")).then_rejected("user_not_active")
        holds = (*history, UserRoleAssigned(role="admin"))
        user(*holds).when(RevokeRole(role="admin")).then(UserRoleRevoked(role="admin"))


class TestOrganizations:
    def test_in_and_out_once(self):
        out, inside = HISTORIES["active"], (*HISTORIES["active"], UserOrgJoined(organization_id=ACME))
        user(*out).when(AddToOrganization(organization_id=ACME)).then(UserOrgJoined(organization_id=ACME))
        user(*inside).when(AddToOrganization(organization_id=ACME)).then_nothing()
        user(*inside).when(RemoveFromOrganization(organization_id=ACME)).then(
            UserOrgLeft(organization_id=ACME)
        )
        user(*out).when(RemoveFromOrganization(organization_id=ACME)).then_nothing()
        assert user(*inside).state.organizations == (ACME,)
        assert user(*inside, UserOrgLeft(organization_id=ACME)).state.organizations == ()


class TestListing:
    def test_by_status_and_by_kind(self):
        listing = USER.listed(user(*HISTORIES["active"]).state, "u")
        assert (listing.collection, listing.queue) == (("USERS#active", "u"), ("KIND#consumer", "u"))
        assert listing.summary["display_name"] == "Ann"

    @pytest.mark.parametrize("history", [HISTORIES["deleted"]])
    def test_who_is_not_there_is_in_no_list(self, history):
        listing = USER.listed(user(*history).state, "u")
        assert (listing.collection, listing.queue, listing.summary) == (None, None, {})

    def test_when_it_was_deleted(self):
        assert USER.deleted_at(user(*HISTORIES["active"]).state) is None
        assert USER.deleted_at(user(*HISTORIES["deleted"]).state) == NOON.now
