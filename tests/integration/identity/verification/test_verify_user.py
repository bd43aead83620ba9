import pytest

from identity.verification import links
from support.dynamodb import round_trips, stored_events, stored_items
from support.identity.sign_in import RIGHT, link, log_in, member
from support.identity.tenant import SEATS, Call, Tenant
from support.spec import OTHER, TENANT
from troupe.clock import now
from troupe.quota import quota
from troupe.security import addresses
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


def verify(token, password=RIGHT):
    """With a password, where there is one."""
    return _verify(body={"token": token} | ({"password": password} if password else {}), principal=None)


def answer(reply):
    return reply.status, reply.body.get("code")


class TestAddress:
    def test_a_confirmed_address_lets_in(self, tenant, clock):
        who = member(tenant, "pending")
        token = link("verify", who, clock())
        with round_trips() as made:
            reply = verify(token)
        assert (reply.status, reply.body) == (200, {"id": who.id, "version": 2})
        assert made == ["BatchGetItem", "TransactWriteItems"]
        assert (tenant.user(who.id).state.status, tenant.credential(who.id).status) == ("active", "active")
        assert log_in(who.email).status == 200
        assert stored_events("user.verified")[0].actor == who.id

        assert tenant.credential(who.id).password_version == 1
        assert tenant.seats() == 1

    def test_a_second_click_is_answered_alike_and_changes_nothing(self, tenant, clock, hashed):
        who = member(tenant, "pending")
        token = link("verify", who, clock())
        first = verify(token)
        before, made = stored_items(), hashed["n"]
        again = verify(token, "another password")
        assert (again.status, again.body) == (200, first.body)
        assert (stored_items(), hashed["n"]) == (before, made)
        assert log_in(who.email, "another password").status == 401

    def test_a_week_is_long_enough_however_often_the_link_is_asked_for(self, tenant, clock):
        clock.instant = now()
        who = member(tenant, "pending")
        token = link("verify", who, clock())
        clock.forward(days=6)
        latest = link("verify", who, clock())
        clock.forward(days=1)
        assert [answer(verify(each)) for each in (token, latest)] == [BAD_LINK] * 2

    def test_without_a_free_seat_the_link_stays_good(self, tenant, clock):
        commit([quota.take(TENANT, "users", SEATS)])
        who = member(tenant, "pending")
        token = link("verify", who, clock())
        assert answer(verify(token)) == (409, "quota_exceeded")
        assert [event.data["quota"] for event in stored_events("tenant.quota_exceeded")] == ["users"]
        commit([quota.give_back(TENANT, "users")])
        assert verify(token).status == 200

    @pytest.mark.parametrize("status", ["suspended", "deleted"])
    def test_a_suspension_is_not_lifted_by_a_mail(self, tenant, clock, status):
        who = member(tenant, status)
        assert answer(verify(link("verify", who, clock()))) == BAD_LINK

    def test_a_link_to_another_address(self, tenant, clock):
        who = member(tenant, "pending")
        token = link("verify", who, clock())
        execute(tenant._scope(), Ref(decider=CREDENTIAL, id=who.id), SetEmail(email=NEW))
        assert answer(verify(token)) == BAD_LINK

    def test_a_reset_is_no_verification(self, tenant, clock):
        assert answer(verify(link("reset", member(tenant, "pending"), clock()))) == BAD_LINK

    def test_a_link_is_of_its_tenant(self, tenant, clock):
        """The same principal and binding under another tenant are no account."""
        Tenant(OTHER).found()
        who = member(tenant, "pending")
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

    def test_a_link_that_was_tampered_with(self, tenant, clock):
        token = link("verify", member(tenant, "pending"), clock())
        body, mac = token.split(".")
        for forged in (f"{body}.{'A' * 43}", f"{body[:-2]}AA.{mac}"):
            assert answer(verify(forged)) == BAD_LINK


def _stored(person_id):
    from troupe.store.aggregates import Stored
    from troupe.store.transact import load

    known = load(TENANT, CREDENTIAL, person_id)
    return Stored(id=person_id, version=known.version, state=known.state)


class TestInvitation:
    def invited(self, tenant, **given):
        return member(tenant, "pending", kind="staff", **given)

    def test_who_was_invited_chooses_a_password(self, tenant, clock):
        who = self.invited(tenant)
        reply = verify(link("invite", who, clock()), password=RIGHT)
        assert (reply.status, reply.body["id"]) == (200, who.id)
        assert (tenant.user(who.id).state.status, tenant.credential(who.id).status) == ("active", "active")
        assert tenant.credential(who.id).password_version == 1
        assert log_in(who.email).status == 200
        assert stored_events("user.password_changed") == []

    def test_an_invitation_is_accepted_once(self, tenant, clock):
        who = self.invited(tenant)
        token = link("invite", who, clock())
        assert verify(token).status == 200
        verify(token, "an intruder's one")
        assert log_in(who.email, "an intruder's one").status == 401

    @pytest.mark.parametrize(
        "body, code",
        [
            ({}, "password_required"),
            ({"password": "short"}, "password_too_short"),
            ({"password": "x" * 73}, "password_too_long"),
        ],
    )
    def test_a_good_password_is_needed(self, tenant, clock, body, code):
        who = self.invited(tenant)
        token = link("invite", who, clock())
        assert answer(_verify(body={"token": token, **body}, principal=None)) == (422, code)
        assert answer(verify(token, password=who.email)) == (422, "password_is_email")
        assert verify(token, password=RIGHT).status == 200

    def test_an_address_that_was_proved_elsewhere_meanwhile(self, tenant, clock):
        """The invitation ends: one address, one account."""
        elsewhere = Tenant(OTHER)
        elsewhere.found()
        who, theirs = self.invited(tenant), member(elsewhere)
        commit(addresses.proved(OTHER, theirs.id, who.email))
        token = link("invite", who, clock())
        assert answer(verify(token)) == (409, "email_taken")
        assert (tenant.user(who.id).state.status, tenant.credential(who.id).status) == ("deleted", "closed")
        assert reads.one(keys.email(who.email, TENANT)) is None
        assert answer(verify(token)) == BAD_LINK


class TestNewAddress:
    def asked(self, tenant, clock, who, email=NEW):
        reply = _change(body={"email": email, "password": RIGHT}, principal=who.id)
        assert reply.status == 200
        return link("change_email", who, clock())

    def test_the_new_address_takes_the_place_of_the_old_one(self, tenant, clock):
        who = member(tenant)
        token = self.asked(tenant, clock, who)
        with round_trips() as made:
            assert verify(token, None).status == 200
        assert made == ["BatchGetItem", "TransactWriteItems"]
        assert (tenant.user(who.id).state.email, tenant.credential(who.id).email) == (NEW, NEW)
        assert reads.one(keys.email(NEW)) | {"PK": "", "SK": ""} == {
            "PK": "",
            "SK": "",
            "tenant_id": TENANT,
            "principal_id": who.id,
        }
        assert reads.one(keys.email(who.email)) is None
        assert stored_events("user.email_changed")[0].data == {"email": NEW, "former_email": who.email}
        assert log_in(NEW).status == 200
        assert log_in(who.email).status == 401

    def test_a_taken_address(self, tenant, clock):
        who, other = member(tenant), member(tenant)
        token = self.asked(tenant, clock, who, other.email)
        before = stored_items()
        assert answer(verify(token, None)) == (409, "email_taken")
        assert stored_items() == before

    def test_a_link_works_once_more_but_not_after_the_way_back(self, tenant, clock):
        who = member(tenant)
        there = self.asked(tenant, clock, who)
        assert [verify(there, None).status for _ in range(2)] == [200, 200]
        clock.forward(minutes=2)
        back = self.asked(tenant, clock, who, who.email)
        assert verify(back, None).status == 200
        assert answer(verify(there, None)) == BAD_LINK

    def test_a_password_is_not_asked_for(self, tenant, clock):
        token = self.asked(tenant, clock, member(tenant))
        assert answer(verify(token)) == (422, "password_not_expected")

    def test_an_address_that_is_not_proved_yet(self, tenant, clock):
        """It gives way, in this tenant and in others."""
        who, pending = member(tenant), member(tenant, "pending")
        assert verify(self.asked(tenant, clock, who, pending.email), None).status == 200
        late = verify(link("verify", pending, clock()))
        assert answer(late) == (409, "email_taken")
        assert tenant.user(pending.id).state.status == "deleted"
        assert reads.one(keys.email(pending.email, TENANT))["principal_id"] == who.id

    def test_the_last_request_counts(self, tenant, clock):
        who = member(tenant)
        first = self.asked(tenant, clock, who)
        clock.forward(minutes=2)
        second = self.asked(tenant, clock, who, "newest@example.com")
        assert answer(verify(first, None)) == BAD_LINK
        assert verify(second, None).status == 200

    def test_a_day_is_long_enough(self, tenant, clock):
        token = self.asked(tenant, clock, member(tenant))
        clock.forward(days=1)
        assert answer(verify(token, None)) == BAD_LINK

    @pytest.mark.parametrize("purpose", ["reset", "verify"])
    def test_a_new_password_or_a_suspension_voids_it(self, tenant, clock, purpose):
        from troupe.security.credential import MoveCredential, SetPassword

        who = member(tenant)
        token = self.asked(tenant, clock, who)
        command = SetPassword() if purpose == "reset" else MoveCredential(status="suspended")
        execute(tenant._scope(), Ref(decider=CREDENTIAL, id=who.id), command)
        assert answer(verify(token, None)) == BAD_LINK

    def test_without_a_request(self, tenant, clock):
        who = member(tenant)
        token = links.url(links.bound("change_email", TENANT, _stored(who.id), clock()), signing_keys())
        assert answer(verify(token.partition("token=")[2], None)) == BAD_LINK

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
        assert verify(link("change_email", who, clock(), keys.SYSTEM), None).status == 200
        assert log_in(NEW).status == 200
        assert stored_events("user.email_changed") == []


def test_bad_bodies(table, clock):
    reply = _verify(body={"tokens": "x"}, principal=None)
    assert {each["field"] for each in reply.body["errors"]} == {"token", "tokens"}
    assert verify("x" * 5000).status == 422


def test_a_supplier_has_no_user_to_verify(tenant, clock):
    """Its own context opens its credential; a link of ours brings about nothing."""
    from support.identity.sign_in import Member
    from troupe.ids import new_id
    from troupe.security.credential import OpenCredential

    supplier = Ref(decider=CREDENTIAL, id=new_id(), creates=True)
    opening = OpenCredential(kind="supplier", email="shop@example.com", status="pending", roles=("supplier",))
    execute(tenant._scope(), supplier, opening)
    commit([writes.put(keys.email("shop@example.com"), {"tenant_id": TENANT, "principal_id": supplier.id})])
    before = stored_items()
    assert answer(verify(link("verify", Member(supplier.id, "shop@example.com"), clock()))) == BAD_LINK
    assert stored_items() == before
