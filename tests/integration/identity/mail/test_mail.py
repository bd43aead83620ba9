"""The mail queue: who gets which mail for what happened, and that its link does what it says."""

import pytest

from identity.sign_in.decider import LIMIT
from identity.sign_up.handlers.create_operator import handler as create
from support.dynamodb import stored_events
from support.faulty_client import Crash, crash_before
from support.identity.mails import deliver, told
from support.identity.sign_in import RIGHT, Member, fail, failing, log_in, member
from support.identity.tenant import Call
from support.spec import ANN, LAMBDA, OTHER, TENANT
from troupe.ids import new_id
from troupe.security import addresses
from troupe.security.credential import CREDENTIAL, MoveCredential
from troupe.store import keys, writes
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.keys import SYSTEM
from troupe.store.transact import execute

NEW = "new@example.com"
verify = Call("verify_user", "POST /users/verify")
reset = Call("reset_password", "POST /password-resets/complete")
ask_reset = Call("request_password_reset", "POST /password-resets")
resend = Call("resend_verification", "POST /users/resend-verification")
change_email = Call("change_email", "POST /me/email")
change_password = Call("change_password", "POST /me/password")
unlock = Call("unlock_user", "POST /users/{user_id}/unlock")


class TestConfirmation:
    def test_a_new_user_confirms_the_address(self, tenant, clock, posted):
        who = member(tenant, "pending", name="Buy now at spam.example")
        told("user.created")
        sent = posted.only()
        assert sent["to"] == [who.email]
        assert sent["subject"] == "Confirm your e-mail address"
        assert "The Atelier" in sent["text"]
        assert "spam" not in sent["text"] + sent["html"]
        page, token = posted.link()
        assert page == "verify"
        assert verify(body={"token": token, "password": RIGHT}, principal=None).status == 200
        assert log_in(who.email).status == 200

    def test_an_invitation_asks_for_a_password(self, tenant, clock, posted):
        who = member(tenant, "pending", kind="staff")
        told("user.created")
        assert posted.only()["subject"] == "You are invited to The Atelier"
        page, token = posted.link()
        assert page == "invitation"
        assert verify(body={"token": token, "password": RIGHT}, principal=None).status == 200
        assert log_in(who.email).status == 200

    def test_an_invitation_to_who_has_an_account_elsewhere_says_so(self, tenant, clock, posted):
        who = member(tenant, "pending", kind="staff")
        commit(addresses.proved(OTHER, new_id(), who.email))
        told("user.created")
        assert "has an account with another business" in posted.only()["text"]
        assert "token=" not in posted.only()["text"]

    def test_who_forgot_to_confirm_and_asks_for_a_reset_gets_the_confirmation(self, tenant, clock, posted):
        who = member(tenant, "pending")
        ask_reset(body={"email": who.email}, principal=None)
        told("user.password_reset_requested")
        assert posted.link()[0] == "verify"

    @pytest.mark.parametrize("status", ["active", "suspended", "deleted"])
    def test_verified_users_get_no_confirmation_mail(self, tenant, clock, posted, status):
        member(tenant, status)
        told("user.created")
        assert posted.mails == []

    @pytest.mark.parametrize("kind, page", [("consumer", "verify"), ("staff", "invitation")])
    def test_once_more(self, tenant, clock, posted, kind, page):
        who = member(tenant, "pending", kind=kind)
        resend(body={"email": who.email}, principal=None)
        told("user.verification_requested")
        assert posted.link()[0] == page

    @pytest.mark.parametrize(
        "name, place",
        [
            ("The Atelier", "The Atelier"),
            ("Win at evil.example", "atelier"),
            ("http://x", "atelier"),
            ("", "atelier"),
        ],
    )
    def test_a_tenant_s_name_makes_no_link(self, tenant, clock, posted, name, place):
        commit([writes.update(keys.standing(TENANT), "SET #n = :v", {"v": name}, names={"#n": "name"})])
        member(tenant, "pending")
        told("user.created")
        assert f"signed up with {place} and" in posted.only()["text"]


class TestPasswords:
    def test_a_reset(self, tenant, clock, posted):
        who = member(tenant, name="Ann")
        ask_reset(body={"email": who.email}, principal=None)
        told("user.password_reset_requested")
        sent = posted.only()
        assert (sent["to"], sent["text"][:10]) == ([who.email], "Hello, Ann")
        page, token = posted.link()
        assert page == "reset-password"
        body = {"token": token, "password": "another long password"}
        assert reset(body=body, principal=None).status == 200
        assert log_in(who.email, "another long password").status == 200

    def test_none_for_who_was_suspended_meanwhile(self, tenant, clock, posted):
        who = member(tenant)
        ask_reset(body={"email": who.email}, principal=None)
        execute(tenant._scope(), Ref(decider=CREDENTIAL, id=who.id), MoveCredential(status="suspended"))
        told("user.password_reset_requested")
        assert posted.mails == []

    def test_a_notice_of_a_change_in_the_tenant_s_time(self, tenant, clock, posted):
        who = member(tenant, name="Ann at evil.example")
        body = {"current_password": RIGHT, "new_password": "another long password"}
        assert change_password(body=body, principal=who.id).status == 200
        told("user.password_changed")
        sent = posted.only()
        assert sent["to"] == [who.email]
        assert sent["text"].startswith("Hello,\n")
        assert "on 1 March 2026, 13:00 (Europe/Berlin)." in sent["text"]
        assert "another" not in sent["text"] + sent["html"]


class TestLock:
    def test_a_notice(self, tenant, clock, posted):
        who = member(tenant)
        fail(who.email, LIMIT)
        told("user.locked")
        sent = posted.only()
        assert sent["to"] == [who.email]
        assert "5 wrong passwords" in sent["text"]
        assert "before 1 March 2026, 13:15 (Europe/Berlin)." in sent["text"]

    def test_none_when_it_was_lifted_meanwhile(self, tenant, clock, posted):
        who = member(tenant)
        fail(who.email, LIMIT)
        unlock({"user_id": who.id})
        told("user.locked")
        assert posted.mails == []


class TestNewAddress:
    def asked(self, tenant, email=NEW):
        who = member(tenant)
        assert change_email(body={"email": email, "password": RIGHT}, principal=who.id).status == 200
        return who

    def test_the_link_goes_to_the_new_one_and_the_notice_to_the_old_one(self, tenant, clock, posted):
        who = self.asked(tenant)
        told("user.email_change_requested")
        assert posted.only()["to"] == [NEW]
        page, token = posted.link()
        assert page == "confirm-email"
        assert verify(body={"token": token}, principal=None).status == 200
        told("user.email_changed")
        assert posted.mails[1]["to"] == [who.email]
        assert NEW not in posted.mails[1]["text"]

    def test_no_link_to_an_address_of_another_account(self, tenant, clock, posted):
        self.asked(tenant, member(tenant).email)
        told("user.email_change_requested")
        assert posted.mails == []

    def test_none_for_a_request_that_was_overtaken(self, tenant, clock, posted):
        who = self.asked(tenant)
        clock.forward(minutes=2)
        change_email(body={"email": "newest@example.com", "password": RIGHT}, principal=who.id)
        told("user.email_change_requested")
        assert posted.only()["to"] == ["newest@example.com"]


def test_deleted_users_get_no_mail(tenant, clock, posted):
    who = member(tenant)
    body = {"current_password": RIGHT, "new_password": "another long password"}
    change_password(body=body, principal=who.id)
    execute(tenant._scope(), Ref(decider=CREDENTIAL, id=who.id), MoveCredential(status="closed"))
    told("user.password_changed")
    assert posted.mails == []


class TestQueue:
    def test_a_redelivery_sends_nothing(self, tenant, clock, posted):
        member(tenant, "pending")
        for _ in range(3):
            told("user.created")
        assert len(posted.mails) == 1

    def test_a_mail_that_comes_late_has_a_link_that_lasts(self, tenant, clock, posted):
        member(tenant, "pending")
        clock.forward(days=10)
        told("user.created")
        clock.forward(days=2)
        body = {"token": posted.link()[1], "password": RIGHT}
        assert verify(body=body, principal=None).status == 200

    def test_what_calls_for_no_mail(self, tenant, clock, posted):
        log_in(member(tenant).email)
        told("user.logged_in", "user.verified")
        assert posted.mails == []

    def test_one_that_fails_does_not_keep_the_others_back(self, tenant, clock, posted):
        first, second = member(tenant, "pending"), member(tenant, "pending")
        one, other = stored_events("user.created")
        broken = type(one)(**{**one.detail(), "tenant_id": "no tenant"})
        assert deliver(broken, other) == [{"itemIdentifier": "m0"}]
        assert posted.only()["to"] == [second.email]
        assert deliver(one) == []
        assert [each["to"] for each in posted.mails] == [[second.email], [first.email]]

    def test_a_crash_before_sending_sends_later(self, tenant, clock, posted):
        member(tenant, "pending")
        (event,) = stored_events("user.created")
        with pytest.raises(Crash), failing(crash_before, operation="put_item"):
            deliver(event)
        assert deliver(event) == []
        assert len(posted.mails) == 1

    def test_no_token_and_no_address_in_the_log(self, tenant, clock, posted, log):
        who = member(tenant, "pending")
        told("user.created")
        assert "mail_sent" in log.getvalue()
        for text in (who.email, posted.link()[1]):
            assert text not in log.getvalue()


def test_an_operator_is_written_to_by_the_name_that_was_given(tenant, clock, posted):
    body = {"email": "root@example.com", "password": RIGHT, "display_name": "Rosa"}
    made = create({"tenant_id": SYSTEM, "body": body, "actor": ANN}, LAMBDA)
    who = Member(made["id"], "root@example.com")
    assert ask_reset(body={"email": who.email}, principal=None).status == 200
    told("user.password_reset_requested")
    sent = posted.only()
    assert sent["text"].startswith("Hello, Rosa,")
    assert "your account with Troupe" in sent["text"]
    _, token = posted.link()
    assert reset(body={"token": token, "password": "another long password"}, principal=None).status == 200
