"""The small ones: lifecycle, permissions, principal, problems, listings' attributes, fields."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Never

import pytest
from pydantic import BaseModel, ValidationError

from support.kernel.box import (
    BOX,
    MAKE,
    THROW,
    Box,
    Command,
    Event,
    Filled,
    Made,
    Make,
    TakenBack,
    ThrownAway,
    begin,
    create,
    fill,
)
from support.spec import NOON, Given
from troupe.domain.decider import Decider, Invalid, Listing, Rejected, cases, events_of
from troupe.domain.lifecycle import Lifecycle, Move, Transitions
from troupe.edge import fields, problems
from troupe.edge.pages import ForeignCursor
from troupe.edge.principal import Exhausted, Forbidden, Unauthenticated, principal_of
from troupe.edge.received import InvalidRequest, received
from troupe.edge.request import Malformed
from troupe.security import roles
from troupe.security.secrets import SecretUnavailable
from troupe.store.aggregates import Unreadable, parse
from troupe.store.attributes import pack, unpack
from troupe.store.envelope import Envelope
from troupe.store.table import Unavailable
from troupe.store.transact import Contended, KeyReused, PreconditionFailed, Unknown


class TestDecider:
    def test_events_are_named_by_their_classes(self):
        assert BOX.events == {
            "box.made": Made,
            "box.filled": Filled,
            "box.thrown_away": ThrownAway,
            "box.taken_back": TakenBack,
        }
        assert BOX.type_of(Filled(with_what="x")) == "box.filled"
        assert events_of("big_box", Filled | TakenBack | ThrownAway, "Taken", "Thrown") == {
            "big_box.filled": Filled,
            "big_box.back": TakenBack,
            "big_box.away": ThrownAway,
        }

    def test_an_absent_aggregate_is_created_and_nothing_else(self):
        given = Given(BOX)
        given().when(MAKE).then(Made(name="blue"))
        given().when(THROW).then_rejected("no_box")
        given(Made(name="blue")).when(MAKE).then_rejected("box_exists")
        given(Made(name="blue")).when(fill("sand")).then(Filled(with_what="sand"))

    def test_an_absent_aggregate_begins_with_an_event_that_begins(self):
        blue, sand = Made(name="blue"), Filled(with_what="sand")
        assert BOX.fold([]) is None
        assert BOX.fold([sand]) is None
        assert BOX.fold([blue, sand]) == Box(name="blue", contents=("sand",))
        assert BOX.fold([blue, sand, blue]) == Box(name="blue")
        assert BOX.fold([sand], Box(name="red")) == Box(name="red", contents=("sand",))

    def test_an_aggregate_may_have_nothing_but_a_beginning(self):
        plain = Decider(name="plain_box", create=create, begin=begin, events={}, state=Box)
        made = plain.fold([Made(name="blue")])
        with pytest.raises(Rejected, match="There is such a plain box already") as refused:
            plain.answer(MAKE, made, NOON)
        assert refused.value.code == "plain_box_exists"
        assert plain.fold([Made(name="red")], made) == Box(name="red")
        assert (plain.listed(made, "x"), plain.deleted_at(made)) == (Listing(), None)
        assert plain.context == "support"

    def test_cases_of_a_union(self):
        assert cases(Never) == ()
        assert cases(Event | Make) == (Made, Filled, ThrownAway, TakenBack, Make)


@dataclass(frozen=True)
class Door:
    status: str


class TestLifecycle:
    MOVES = Lifecycle(
        {
            Make: Move({"new", "shut"}, "open", lambda command, door, _: f"{command.word} {door.status}"),
            Command: Move({"open"}, "shut"),
        }
    )

    def test_a_plain_move_is_an_event(self):
        assert self.MOVES.decide(MAKE, Door("shut"), NOON) == ("blue shut",)

    def test_nothing_happens_where_the_status_is_reached(self):
        assert self.MOVES.decide(MAKE, Door("open"), NOON) == ()
        assert not self.MOVES.moved(THROW, Door("shut"))

    def test_what_is_not_plain_is_decided_elsewhere(self):
        assert self.MOVES.moved(THROW, Door("open"))
        with pytest.raises(Rejected, match="It is new; this is possible while it is open") as refused:
            self.MOVES.moved(THROW, Door("new"))
        assert refused.value.code == "invalid_transition"

    def test_transitions(self):
        doors = Transitions({"open": frozenset({"shut"}), "shut": frozenset()})
        doors.check("open", "shut")
        with pytest.raises(Rejected, match="What is shut cannot become open"):
            doors.check("shut", "open")


class TestPermissions:
    def test_names_are_resource_and_action(self):
        assert all(p.name == f"{p.resource}:{p.action}" and p.action for p in roles.CATALOGUE)

    def test_built_in_roles_grant_what_is_in_the_catalogue(self):
        assert all(granted <= roles.NAMES for granted in roles.BUILT_IN.values())

    def test_only_operators_have_what_is_theirs(self):
        for role, granted in roles.BUILT_IN.items():
            assert bool(granted & roles.OPERATOR_ONLY) == (role == "operator")

    def test_granted(self):
        own = {"r1": frozenset({"audit:read"})}
        assert roles.granted(frozenset({"r1", "gone"}), own) == {"audit:read"}
        both = roles.BUILT_IN["supplier"] | roles.BUILT_IN["consumer"]
        assert roles.granted(frozenset({"supplier", "consumer"}), own) == both
        assert roles.granted(frozenset(), {}) == frozenset()

    def test_a_leader_may_what_a_consumer_may(self):
        assert roles.BUILT_IN["consumer"] < roles.BUILT_IN["leader"]
        led = roles.BUILT_IN["leader"] - roles.BUILT_IN["consumer"]
        assert {"community:create", "promotion:approve", "promotion:reject"} <= led

    def test_what_is_done_for_others_or_decided_on_them_is_no_member_s_and_no_supplier_s(self):
        overseeing = {name for name in roles.NAMES if name.endswith((":oversee", ":inspect"))}
        assert len(overseeing) == 7
        deciding = {"supplier:verify", "supplier:reject", "supplier:suspend", "global_distribution:approve"}
        for role in ("consumer", "leader", "supplier"):
            assert not roles.BUILT_IN[role] & (overseeing | deciding)
        assert overseeing | deciding <= roles.BUILT_IN["admin"] & roles.BUILT_IN["owner"]

    def test_staff_read_and_change_nothing_but_talents_and_whom_they_follow(self):
        changing = {
            name
            for name in roles.BUILT_IN["staff"]
            if name.partition(":")[2] not in {"read", "inspect", "measure"}
        }
        assert changing == {"user:follow", "talent:write"}

    def test_a_supplier_neither_buys_nor_posts(self):
        held = roles.BUILT_IN["supplier"]
        assert not held & {"order:place", "order:pay", "post:create", "comment:create", "community:join"}
        assert {"product:publish", "promotion:submit", "order:ship_lines"} <= held


class TestPrincipal:
    def test_fails_closed(self):
        for authorizer in (
            {},
            {"authorizer": None},
            {"authorizer": {"lambda": None}},
            {"authorizer": {"lambda": {}}},
        ):
            with pytest.raises(Unauthenticated) as no:
                principal_of({"requestContext": authorizer})
            assert no.value.reason == "no_principal"

    def test_refused(self):
        def passed(reason):
            return {"requestContext": {"authorizer": {"lambda": {"refused": reason, "principal_id": "p"}}}}

        with pytest.raises(Unauthenticated, match="token_expired"):
            principal_of(passed("token_expired"))
        with pytest.raises(Exhausted):
            principal_of(passed("api_calls_used_up"))


class Form(BaseModel):
    n: int


def _invalid(text):
    try:
        received(Form, text.encode())
    except (InvalidRequest, Malformed) as invalid:
        return invalid
    raise AssertionError


def _unreadable(act):
    with pytest.raises((Unreadable, ValidationError)) as failed:
        act()
    return failed.value


@pytest.mark.parametrize(
    "exception, status, code",
    [
        (_invalid("{"), 400, "malformed_json"),
        (_invalid('{"n": "x"}'), 422, "invalid_request"),
        (Malformed("request_too_large", "x", 413), 413, "request_too_large"),
        (ForeignCursor(), 400, "foreign_cursor"),
        (Exhausted(), 429, "quota_exceeded"),
        (Unauthenticated("token_expired"), 401, "token_expired"),
        (Forbidden("permission_required", "x"), 403, "permission_required"),
        (Unknown(), 404, "not_found"),
        (Invalid("too_short", "x", "name"), 422, "too_short"),
        (Rejected("box_full", "x"), 409, "box_full"),
        (PreconditionFailed(3), 412, "stale_version"),
        (Contended(), 409, "contended"),
        (KeyReused(), 422, "idempotency_key_reused"),
        (Unavailable("x"), 503, "unavailable"),
        (SecretUnavailable("x"), 503, "unavailable"),
        (ZeroDivisionError("the secret"), 500, "internal_error"),
        (_unreadable(lambda: parse(Form, "{")), 500, "internal_error"),
        (_unreadable(lambda: Form.model_validate({"n": "the secret"})), 500, "internal_error"),
    ],
)
def test_every_outcome_is_a_problem(exception, status, code):
    answer = problems.answered(exception)
    assert (answer.status, answer.body["code"], answer.body["status"]) == (status, code, status)
    assert answer.body["type"] == f"/docs/errors#{code}"
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in str(answer)


def test_fields_are_named():
    assert problems.answered(_invalid('{"n": "x"}')).body["errors"][0]["field"] == "n"
    assert problems.answered(Invalid("too_short", "x", "name")).body["errors"][0]["field"] == "name"


def test_attributes_come_back_as_they_were():
    values = {"n": 3, "half": Decimal("0.5"), "map": {"list": [1, "x", True]}}
    assert unpack(pack({**values, "none": None})) == {**values, "half": 0.5}


def test_an_envelope_leaves_aside_what_it_does_not_know():
    detail = {
        "id": "e", "type": "box.made", "tenant_id": "t", "aggregate": "box", "aggregate_id": "b", "version": 1,
        "occurred_at": "x", "actor": "a", "correlation_id": "c", "schema_version": 2, "data": {"new": 1}, "later": True,
    }  # fmt: skip
    envelope = Envelope.of(detail)
    assert envelope.causation_id is None
    assert Envelope.of(envelope.detail()) == envelope


class Fields(fields.Body):
    email: fields.Email = "a@b.c"
    slug: fields.Slug = "acme"
    url: fields.Url = "https://example.com/x"
    zone: fields.Zone = "UTC"
    country: fields.Country = "DE"


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"}, {"email": "a@b"}, {"email": "a b@c.d"}, {"slug": "-x"}, {"slug": "A"}, {"slug": "a#b"},
        {"url": "ftp://x"}, {"url": "javascript:x"}, {"zone": "Mars/Base"}, {"country": "Germany"}, {"more": 1},
    ],
)  # fmt: skip
def test_bad_fields(wrong):
    with pytest.raises(ValidationError):
        Fields.model_validate(wrong)


def test_good_fields():
    body = Fields.model_validate({"email": " Ann@Example.COM ", "zone": "Europe/Berlin"})
    assert fields.given(body) == {"email": "ann@example.com", "zone": "Europe/Berlin"}
