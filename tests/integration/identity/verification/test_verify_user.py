import pytest

from identity.verification import links
from support.identity.sign_in import RIGHT, link, log_in, member
from support.identity.tenant import Call, Town, happened, items, round_trips
from support.spec import OTHER, TENANT
from troupe.security.credential import CREDENTIAL, SetEmail
from troupe.security.secrets import signing_keys
from troupe.security.tokens import Link
from troupe.store import keys, reads, writes
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.transact import execute

NEW = "new@example.com"
_verify = Call("verify_user", "POST /users/verify")
_change = Call("change_email", "POST /me/email")
BAD_LINK = (422, "link_invalid")


def verify(token, **more):
    return _verify(body={"token": token, **more}, principal=None)


def answer(reply):
    return reply.status, reply.body.get("code")


class TestAddress:
    def test_a_confirmed_address_lets_in(self, town, clock):
        who = member(town, "pending")
        token = link("verify", who, clock())
        with round_trips() as made:
            reply = verify(token)
        assert (reply.status, reply.body) == (200, {"id": who.id, "version": 2})
        assert made == ["BatchGetItem", "TransactWriteItems"]
        assert (town.user(who.id).state.status, town.credential(who.id).status) == ("active", "active")
        assert log_in(who.email).status == 200
        assert happened("user.verified")[0].actor == who.id

    def test_a_link_works_once(self, town, clock):
        who = member(town, "pending")
        token = link("verify", who, clock())
        assert verify(token).status == 200
        before = items()
        assert answer(verify(token)) == BAD_LINK
        assert items() == before

    def test_three_days_are_long_enough(self, town, clock):
        token = link("verify", member(town, "pending"), clock())
        clock.forward(days=3)
        assert answer(verify(token)) == BAD_LINK

    @pytest.mark.parametrize("status", ["active", "suspended", "deleted"])
    def test_a_suspension_is_not_lifted_by_a_mail(self, town, clock, status):
        who = member(town, status)
        assert answer(verify(link("verify", who, clock()))) == BAD_LINK

    def test_a_link_to_another_address(self, town, clock):
        who = member(town, "pending")
        token = link("verify", who, clock())
        execute(town._scope(), Ref(decider=CREDENTIAL, id=who.id), SetEmail(email=NEW))
        assert answer(verify(token)) == BAD_LINK

    def test_a_password_is_not_asked_for(self, town, clock):
        who = member(town, "pending")
        reply = verify(link("verify", who, clock()), password=RIGHT)
        assert answer(reply) == (422, "password_not_expected")
        assert town.credential(who.id).status == "pending"

    def test_a_reset_is_no_verification(self, town, clock):
        assert answer(verify(link("reset", member(town, "pending"), clock()))) == BAD_LINK

    def test_a_link_is_of_its_tenant(self, town, clock):
        """The same principal and binding under another tenant name nobody."""
        Town(OTHER).found()
        who = member(town, "pending")
        known = Ref(decider=CREDENTIAL, id=who.id)
        binding = links.bound("verify", TENANT, _stored(known.id), clock()).binding
        strange = Link(
            purpose="verify",
            tenant_id=OTHER,
            principal_id=who.id,
            binding=binding,
            expires_at=clock() + links.LASTS["verify"],
        )
        token = links.url(strange, signing_keys()).partition("token=")[2]
        assert answer(verify(token)) == BAD_LINK

    @pytest.mark.parametrize("token", ["", "a.b", "not a token"])
    def test_what_never_was_a_link(self, table, clock, token):
        assert answer(verify(token)) == BAD_LINK

    def test_a_link_that_was_tampered_with(self, town, clock):
        token = link("verify", member(town, "pending"), clock())
        body, mac = token.split(".")
        for forged in (f"{body}.{'A' * 43}", f"{body[:-2]}AA.{mac}"):
            assert answer(verify(forged)) == BAD_LINK


def _stored(person_id):
    from troupe.store.aggregates import Stored
    from troupe.store.transact import load

    known = load(TENANT, CREDENTIAL, person_id)
    return Stored(id=person_id, version=known.version, state=known.state)


class TestInvitation:
    def invited(self, town, **given):
        return member(town, "pending", password=None, kind="staff", **given)

    def test_who_was_invited_chooses_a_password(self, town, clock):
        who = self.invited(town)
        reply = verify(link("invite", who, clock()), password=RIGHT)
        assert (reply.status, reply.body["id"]) == (200, who.id)
        assert (town.user(who.id).state.status, town.credential(who.id).status) == ("active", "active")
        assert town.credential(who.id).password_version == 1
        assert log_in(who.email).status == 200
        assert happened("user.password_changed") == []

    def test_an_invitation_is_accepted_once(self, town, clock):
        token = link("invite", self.invited(town), clock())
        assert verify(token, password=RIGHT).status == 200
        assert answer(verify(token, password="an intruder's one")) == BAD_LINK

    @pytest.mark.parametrize(
        "body, code",
        [
            ({}, "password_required"),
            ({"password": "short"}, "password_too_short"),
            ({"password": "x" * 73}, "password_too_long"),
        ],
    )
    def test_a_good_password_is_needed(self, town, clock, body, code):
        who = self.invited(town)
        token = link("invite", who, clock())
        assert answer(verify(token, **body)) == (422, code)
        assert answer(verify(token, password=who.email)) == (422, "password_is_email")
        assert verify(token, password=RIGHT).status == 200

    def test_a_week_is_long_enough(self, town, clock):
        token = link("invite", self.invited(town), clock())
        clock.forward(days=7)
        assert answer(verify(token, password=RIGHT)) == BAD_LINK


class TestNewAddress:
    def asked(self, town, clock, who, email=NEW):
        reply = _change(body={"email": email, "password": RIGHT}, principal=who.id)
        assert reply.status == 200
        return link("change_email", who, clock())

    def test_the_new_address_takes_the_place_of_the_old_one(self, town, clock):
        who = member(town)
        token = self.asked(town, clock, who)
        with round_trips() as made:
            assert verify(token).status == 200
        assert made == ["BatchGetItem", "TransactWriteItems"]
        assert (town.user(who.id).state.email, town.credential(who.id).email) == (NEW, NEW)
        assert reads.one(keys.email(NEW)) | {"PK": "", "SK": ""} == {
            "PK": "",
            "SK": "",
            "tenant_id": TENANT,
            "principal_id": who.id,
        }
        assert reads.one(keys.email(who.email)) is None
        assert happened("user.email_changed")[0].data == {"email": NEW, "former_email": who.email}
        assert log_in(NEW).status == 200
        assert log_in(who.email).status == 401

    def test_a_taken_address(self, town, clock):
        who, other = member(town), member(town)
        token = self.asked(town, clock, who, other.email)
        before = items()
        assert answer(verify(token)) == (409, "email_taken")
        assert items() == before

    def test_a_link_works_once_and_not_after_the_way_back(self, town, clock):
        who = member(town)
        there = self.asked(town, clock, who)
        assert verify(there).status == 200
        assert answer(verify(there)) == BAD_LINK
        clock.forward(minutes=2)
        back = self.asked(town, clock, who, who.email)
        assert verify(back).status == 200
        assert answer(verify(there)) == BAD_LINK

    def test_the_last_request_counts(self, town, clock):
        who = member(town)
        first = self.asked(town, clock, who)
        clock.forward(minutes=2)
        second = self.asked(town, clock, who, "newest@example.com")
        assert answer(verify(first)) == BAD_LINK
        assert verify(second).status == 200

    def test_a_day_is_long_enough(self, town, clock):
        token = self.asked(town, clock, member(town))
        clock.forward(days=1)
        assert answer(verify(token)) == BAD_LINK

    @pytest.mark.parametrize("purpose", ["reset", "verify"])
    def test_a_new_password_or_a_suspension_voids_it(self, town, clock, purpose):
        from troupe.security.credential import MoveCredential, SetPassword

        who = member(town)
        token = self.asked(town, clock, who)
        command = SetPassword() if purpose == "reset" else MoveCredential(status="suspended")
        execute(town._scope(), Ref(decider=CREDENTIAL, id=who.id), command)
        assert answer(verify(token)) == BAD_LINK

    def test_without_a_request(self, town, clock):
        who = member(town)
        token = links.url(links.bound("change_email", TENANT, _stored(who.id), clock()), signing_keys())
        assert answer(verify(token.partition("token=")[2])) == BAD_LINK

    def test_an_operator_has_a_credential_alone(self, table, clock):
        from identity.sign_up.handlers.create_operator import handler
        from support.identity.sign_in import Member
        from support.spec import LAMBDA

        made = handler(
            {"tenant_id": "@", "body": {"email": "root@example.com", "password": RIGHT}, "actor": "ops"},
            LAMBDA,
        )
        who = Member(made["id"], "root@example.com")
        asked = _change(
            body={"email": NEW, "password": RIGHT}, principal=who.id, tenant_id="@", kind="operator"
        )
        assert asked.status == 200
        assert verify(link("change_email", who, clock(), keys.SYSTEM)).status == 200
        assert log_in(NEW).status == 200
        assert happened("user.email_changed") == []


def test_bad_bodies(table, clock):
    reply = _verify(body={"tokens": "x"}, principal=None)
    assert {each["field"] for each in reply.body["errors"]} == {"token", "tokens"}
    assert verify("x" * 5000).status == 422


def test_a_supplier_has_no_user_to_verify(town, clock):
    """Its own context opens its credential; a link of ours brings about nothing."""
    from support.identity.sign_in import Member
    from troupe.ids import new_id
    from troupe.security.credential import OpenCredential

    supplier = Ref(decider=CREDENTIAL, id=new_id(), creates=True)
    opening = OpenCredential(kind="supplier", email="shop@example.com", status="pending", roles=("supplier",))
    execute(town._scope(), supplier, opening)
    commit([writes.put(keys.email("shop@example.com"), {"tenant_id": TENANT, "principal_id": supplier.id})])
    before = items()
    assert answer(verify(link("verify", Member(supplier.id, "shop@example.com"), clock()))) == BAD_LINK
    assert items() == before
