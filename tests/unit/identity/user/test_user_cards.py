"""What a card shows after each event, and what events add to its numbers and to a day's."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from identity.user.cards import PERSON, USER_CARDS, Card, place, project
from identity.user.lifecycle import METRICS, USER_LIFECYCLE
from identity.user.responses import Money, stats
from support.spec import ANN, TENANT
from troupe.projection.view import Increment, Tombstone, daily
from troupe.store.envelope import Envelope

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
PROFILE = {
    "display_name": "Ann",
    "avatar_url": "https://img.example/a.png",
    "bio": "Runs.",
    "birth_date": "1990-01-01",
    "country": "DE",
    "business": None,
}
CARD = Card(
    display_name="Ann",
    avatar_url="https://img.example/a.png",
    bio="Runs.",
    country="DE",
    kind="consumer",
    status="pending",
    since="2026-01-31T12:00:00Z",
)


def event(type_: str, **data) -> Envelope:
    return Envelope(
        id="e",
        type=type_,
        tenant_id=TENANT,
        aggregate="user",
        aggregate_id=ANN,
        version=1,
        occurred_at="2026-01-31T12:00:00.000000Z",
        actor=ANN,
        correlation_id="c",
        schema_version=1,
        data=data,
    )


CREATED = event(
    "user.created", kind="consumer", email="a@example.com", profile=PROFILE, roles=[], created_at=CARD.since
)
ACTIVE = replace(CARD, status="active")


class TestCard:
    def test_a_person_comes(self):
        assert project(None, CREATED) == CARD

    @pytest.mark.parametrize(
        "happened, card",
        [
            (event("user.verified"), ACTIVE),
            (event("user.reactivated"), ACTIVE),
            (event("user.suspended", reason="spam"), replace(CARD, status="suspended")),
            (
                event("user.promoted", business={"name": "Studio"}),
                replace(CARD, kind="leader", business_name="Studio"),
            ),
            (
                event("user.profile_updated", profile={"display_name": "B", "business": {"name": "S"}}),
                replace(CARD, display_name="B", avatar_url=None, bio=None, country=None, business_name="S"),
            ),
            (event("user.email_changed", email="b@example.com"), CARD),
            (event("user.teleported", to="Mars"), CARD),
            (event("user.deleted"), Tombstone(kept=CARD)),
        ],
    )
    def test_what_changes_it(self, happened, card):
        assert project(CARD, happened) == card

    def test_who_is_deleted_comes_back_as_they_were(self):
        gone = project(ACTIVE, event("user.deleted"))
        assert project(gone, event("user.restored", status="active")) == ACTIVE
        assert project(gone, event("user.role_revoked", role="x")) == gone

    @pytest.mark.parametrize("type_", ["user.verified", "user.restored", "user.deleted"])
    def test_an_event_of_an_unknown_user_makes_no_card(self, type_):
        assert project(None, event(type_, status="active")) is None

    def test_it_stands_under_the_person(self):
        assert PERSON.place(CREATED) == place(ANN)


class TestNumbers:
    def count(self, happened):
        return tuple((each.place.parts[0], each.field, each.by) for each in USER_CARDS.count(happened, NOON))

    def test_a_follow_counts_on_both_sides_and_back(self):
        followed = event("user.followed", follower={"id": "a"}, followee={"id": "b"})
        assert self.count(followed) == (("b", "followers", 1), ("a", "following", 1))
        unfollowed = event("user.unfollowed", follower_id="a", followee_id="b")
        assert self.count(unfollowed) == (("b", "followers", -1), ("a", "following", -1))

    def test_an_order_counts_with_what_was_spent_in_its_currency(self):
        total = {"amount_cents": 1999, "currency": "EUR", "tax_cents": 1}
        order = event("order.confirmed", customer_id="a", total=total, lines=[{"sku": "x"}])
        assert self.count(order) == (("a", "orders", 1), ("a", "spent_EUR", 1999))

    def test_what_goes_back_is_not_spent_unless_it_comes_home_again(self):
        amount = {"amount_cents": 500, "currency": "EUR"}
        given = {"customer_id": "a", "amount": amount, "lines": [], "shipping": {}}
        assert self.count(event("order.refunded", **given, whole=False)) == (("a", "spent_EUR", -500),)
        assert self.count(event("order.refund_failed", **given, undone=True)) == (("a", "spent_EUR", 500),)
        assert self.count(event("order.refund_failed", **given, undone=False)) == ()

    def test_a_membership_counts(self):
        joined = event("community.member_joined", user_id="a", community_id="c", role="member")
        assert self.count(joined) == (("a", "communities", 1),)
        left = event("community.member_left", user_id="a", community_id="c", private=False)
        assert self.count(left) == (("a", "communities", -1),)

    def test_a_membership_of_a_private_community_counts_apart(self):
        """S-40: public numbers do not reveal private memberships."""
        joined, left = (
            event(f"community.member_{name}", user_id="a", private=True) for name in ("joined", "left")
        )
        assert self.count(joined) == (("a", "private_communities", 1),)
        assert self.count(left) == (("a", "private_communities", -1),)

    def test_a_ban_ends_the_membership_of_who_was_a_member(self):
        member = event("community.member_banned", user_id="a", was_member=True, private=False)
        assert self.count(member) == (("a", "communities", -1),)
        other = event("community.member_banned", user_id="a", was_member=False, private=False)
        assert self.count(other) == ()

    @pytest.mark.parametrize(
        "type_, data",
        [
            ("order.confirmed", {"customer_id": "a"}),
            ("order.refunded", {"customer_id": "a"}),
            ("order.refund_failed", {"customer_id": "a"}),
            ("community.member_joined", {}),
            ("community.member_left", {}),
            ("community.member_banned", {"user_id": "a"}),
        ],
    )
    def test_a_neighbour_s_event_without_what_is_needed_is_an_error(self, type_, data):
        with pytest.raises(ValidationError):
            self.count(event(type_, **data))

    @pytest.mark.parametrize("type_", ["user.created", "order.shipped", "community.created", "anything.else"])
    def test_nothing_else_counts(self, type_):
        assert self.count(event(type_)) == ()

    def test_private_communities_count_for_oneself(self):
        row = {"communities": 2, "private_communities": 3}
        assert [stats(row, private=private).communities for private in (False, True)] == [2, 5]

    def test_what_is_private_is_left_out_for_others(self):
        row = {"followers": 2, "orders": 3, "spent_EUR": 5, "spent_USD": 7, "PK": "x"}
        public = stats(row, private=False)
        assert (public.followers, public.following, public.orders, public.spending) == (2, 0, None, None)
        own = stats(row, private=True)
        assert (own.orders, own.communities) == (3, 0)
        assert own.spending == (Money(amount_cents=5, currency="EUR"), Money(amount_cents=7, currency="USD"))
        assert stats({}, private=True).spending == ()


class TestLifecycle:
    @pytest.mark.parametrize("type_", METRICS)
    def test_each_adds_one_to_its_day(self, type_):
        assert list(USER_LIFECYCLE.count(event(type_), NOON)) == [daily(NOON.date(), METRICS[type_])]

    def test_a_day_stands_in_its_month(self):
        (increment,) = USER_LIFECYCLE.count(CREATED, NOON)
        assert isinstance(increment, Increment)
        assert (increment.place.parts, increment.place.sort) == (("2026-01",), "2026-01-31")

    def test_nothing_else_counts(self):
        assert list(USER_LIFECYCLE.count(event("user.locked"), NOON)) == []
