"""The mail queue: who gets which mail for what happened, and that its link does what it says."""

import json
import re

import boto3
import pytest

from identity.mail.mail import handler
from identity.sign_in.decider import LIMIT
from identity.sign_up.handlers.create_operator import handler as create
from support.faulty_client import Crash, crash_before
from support.identity.sign_in import RIGHT, Member, fail, failing, log_in, member
from support.identity.tenant import Call, happened
from support.spec import ANN, LAMBDA, TENANT
from troupe.mail import ses
from troupe.security.credential import CREDENTIAL, MoveCredential
from troupe.store import keys, writes
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.keys import SYSTEM
from troupe.store.transact import execute

NEW = "new@example.com"
TOKEN = re.compile(r"https://troupe\.example/([a-z-]+)#token=([A-Za-z0-9_.-]+)")

verify = Call("verify_user", "POST /users/verify")
reset = Call("reset_password", "POST /password-resets/complete")
ask_reset = Call("request_password_reset", "POST /password-resets")
resend = Call("resend_verification", "POST /users/resend-verification")
change_email = Call("change_email", "POST /me/email")
change_password = Call("change_password", "POST /me/password")
unlock = Call("unlock_user", "POST /users/{user_id}/unlock")


class Posted:
    """The mails that went to SES."""

    def __init__(self):
        self.mails = []

    def note(self, params, **_):
        content = params["Content"]["Simple"]
        self.mails.append(
            {
                "to": params["Destination"]["ToAddresses"],
                "subject": content["Subject"]["Data"],
                "text": content["Body"]["Text"]["Data"],
                "html": content["Body"]["Html"]["Data"],
            }
        )

    def only(self):
        (one,) = self.mails
        return one

    def link(self):
        return TOKEN.search(self.only()["text"]).groups()


@pytest.fixture
def posted(town, clock, monkeypatch):
    monkeypatch.setattr("identity.mail.mail.now", clock)
    monkeypatch.setattr("troupe.mail.ses.now", clock)
    ses.forget()
    boto3.client("sesv2").create_email_identity(EmailIdentity="troupe@example.com")
    found = Posted()
    ses._ses().meta.events.register("provide-client-params.sesv2.SendEmail", found.note)
    named = {"name": "The Atelier", "slug": "atelier", "zone": "Europe/Berlin"}
    for attribute, value in named.items():
        change = writes.update(keys.standing(TENANT), "SET #n = :v", {"v": value}, names={"#n": attribute})
        commit([change])
    yield found
    ses.forget()


def deliver(*envelopes):
    records = [
        {"messageId": f"m{n}", "body": json.dumps({"detail": each.detail()})}
        for n, each in enumerate(envelopes)
    ]
    return handler({"Records": records}, LAMBDA)["batchItemFailures"]


def told(*types):
    envelopes = happened(*types)
    assert envelopes
    assert deliver(*envelopes) == []


class TestConfirmation:
    def test_a_new_user_confirms_the_address(self, town, clock, posted):
        who = member(town, "pending", name="Buy now at spam.example")
        told("user.created")
        sent = posted.only()
        assert sent["to"] == [who.email]
        assert sent["subject"] == "Confirm your e-mail address"
        assert "The Atelier" in sent["text"]
        assert "spam" not in sent["text"] + sent["html"]
        page, token = posted.link()
        assert page == "verify"
        assert verify(body={"token": token}, principal=None).status == 200
        assert log_in(who.email).status == 200

    def test_an_invitation_asks_for_a_password(self, town, clock, posted):
        who = member(town, "pending", password=None)
        told("user.created")
        assert posted.only()["subject"] == "You are invited to The Atelier"
        page, token = posted.link()
        assert page == "invitation"
        assert verify(body={"token": token, "password": RIGHT}, principal=None).status == 200
        assert log_in(who.email).status == 200

    @pytest.mark.parametrize("status", ["active", "suspended", "deleted"])
    def test_whoever_needs_none_any_more_gets_none(self, town, clock, posted, status):
        member(town, status)
        told("user.created")
        assert posted.mails == []

    @pytest.mark.parametrize("password, page", [(RIGHT, "verify"), (None, "invitation")])
    def test_once_more(self, town, clock, posted, password, page):
        who = member(town, "pending", password=password)
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
    def test_a_tenant_s_name_makes_no_link(self, town, clock, posted, name, place):
        commit([writes.update(keys.standing(TENANT), "SET #n = :v", {"v": name}, names={"#n": "name"})])
        member(town, "pending")
        told("user.created")
        assert f"signed up with {place} and" in posted.only()["text"]


class TestPasswords:
    def test_a_reset(self, town, clock, posted):
        who = member(town, name="Ann")
        ask_reset(body={"email": who.email}, principal=None)
        told("user.password_reset_requested")
        sent = posted.only()
        assert (sent["to"], sent["text"][:10]) == ([who.email], "Hello, Ann")
        page, token = posted.link()
        assert page == "reset-password"
        body = {"token": token, "password": "another long password"}
        assert reset(body=body, principal=None).status == 200
        assert log_in(who.email, "another long password").status == 200

    def test_none_for_who_was_suspended_meanwhile(self, town, clock, posted):
        who = member(town)
        ask_reset(body={"email": who.email}, principal=None)
        execute(town._scope(), Ref(decider=CREDENTIAL, id=who.id), MoveCredential(status="suspended"))
        told("user.password_reset_requested")
        assert posted.mails == []

    def test_a_notice_of_a_change_in_the_tenant_s_time(self, town, clock, posted):
        who = member(town, name="Ann at evil.example")
        body = {"current_password": RIGHT, "new_password": "another long password"}
        assert change_password(body=body, principal=who.id).status == 200
        told("user.password_changed")
        sent = posted.only()
        assert sent["to"] == [who.email]
        assert sent["text"].startswith("Hello,\n")
        assert "on 1 March 2026, 13:00 (Europe/Berlin)." in sent["text"]
        assert "another" not in sent["text"] + sent["html"]


class TestLock:
    def test_a_notice(self, town, clock, posted):
        who = member(town)
        fail(who.email, LIMIT)
        told("user.locked")
        sent = posted.only()
        assert sent["to"] == [who.email]
        assert "5 wrong passwords" in sent["text"]
        assert "before 1 March 2026, 13:15 (Europe/Berlin)." in sent["text"]

    def test_none_when_it_was_lifted_meanwhile(self, town, clock, posted):
        who = member(town)
        fail(who.email, LIMIT)
        unlock({"user_id": who.id})
        told("user.locked")
        assert posted.mails == []


class TestNewAddress:
    def asked(self, town, email=NEW):
        who = member(town)
        assert change_email(body={"email": email, "password": RIGHT}, principal=who.id).status == 200
        return who

    def test_the_link_goes_to_the_new_one_and_the_notice_to_the_old_one(self, town, clock, posted):
        who = self.asked(town)
        told("user.email_change_requested")
        assert posted.only()["to"] == [NEW]
        page, token = posted.link()
        assert page == "confirm-email"
        assert verify(body={"token": token}, principal=None).status == 200
        told("user.email_changed")
        assert posted.mails[1]["to"] == [who.email]
        assert NEW not in posted.mails[1]["text"]

    def test_none_to_an_address_that_somebody_has(self, town, clock, posted):
        self.asked(town, member(town).email)
        told("user.email_change_requested")
        assert posted.mails == []

    def test_none_for_a_request_that_was_overtaken(self, town, clock, posted):
        who = self.asked(town)
        clock.forward(minutes=2)
        change_email(body={"email": "newest@example.com", "password": RIGHT}, principal=who.id)
        told("user.email_change_requested")
        assert posted.only()["to"] == ["newest@example.com"]


def test_nobody_is_written_to_who_is_gone(town, clock, posted):
    who = member(town)
    body = {"current_password": RIGHT, "new_password": "another long password"}
    change_password(body=body, principal=who.id)
    execute(town._scope(), Ref(decider=CREDENTIAL, id=who.id), MoveCredential(status="closed"))
    told("user.password_changed")
    assert posted.mails == []


class TestQueue:
    def test_a_redelivery_sends_nothing(self, town, clock, posted):
        member(town, "pending")
        for _ in range(3):
            told("user.created")
        assert len(posted.mails) == 1

    def test_a_mail_that_comes_late_has_a_link_that_lasts(self, town, clock, posted):
        member(town, "pending")
        clock.forward(days=10)
        told("user.created")
        clock.forward(days=2)
        assert verify(body={"token": posted.link()[1]}, principal=None).status == 200

    def test_what_calls_for_no_mail(self, town, clock, posted):
        log_in(member(town).email)
        told("user.logged_in", "user.verified")
        assert posted.mails == []

    def test_one_that_fails_does_not_keep_the_others_back(self, town, clock, posted):
        first, second = member(town, "pending"), member(town, "pending")
        one, other = happened("user.created")
        broken = type(one)(**{**one.detail(), "tenant_id": "no tenant"})
        assert deliver(broken, other) == [{"itemIdentifier": "m0"}]
        assert posted.only()["to"] == [second.email]
        assert deliver(one) == []
        assert [each["to"] for each in posted.mails] == [[second.email], [first.email]]

    def test_a_crash_before_sending_sends_later(self, town, clock, posted):
        member(town, "pending")
        (event,) = happened("user.created")
        with pytest.raises(Crash), failing(crash_before, operation="put_item"):
            deliver(event)
        assert deliver(event) == []
        assert len(posted.mails) == 1

    def test_no_token_and_no_address_in_the_log(self, town, clock, posted, log):
        who = member(town, "pending")
        told("user.created")
        assert "mail_sent" in log.getvalue()
        for text in (who.email, posted.link()[1]):
            assert text not in log.getvalue()


def test_an_operator_is_written_to_by_the_name_that_was_given(town, clock, posted):
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
