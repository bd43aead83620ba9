"""Who decides on a promotion gets a mail of it, and another for each day that passes."""

import boto3
import pytest

from commerce import mail as mails
from commerce.inbound import handler as inbound
from support.commerce.promotions import Booth, community
from support.fake_ses import sent
from support.identity.tenant import happened
from support.principals import hears
from support.spec import TENANT
from support.stream_events import batch, failed
from troupe.mail import ses
from troupe.security.credential import CREDENTIAL
from troupe.store import keys, writes
from troupe.store.commit import commit
from troupe.store.transact import load

KINDS = ("promotion.submitted", "promotion.approvers_reminded")


@pytest.fixture
def booth(flow, market, monkeypatch):
    ses.forget()
    monkeypatch.setenv("MAIL_FROM", "Troupe <troupe@example.com>")
    boto3.client("sesv2").create_email_identity(EmailIdentity="troupe@example.com")
    leader, admin = market.people.leader(), market.people.admin()
    hears(inbound)
    yield Booth(leader_id=leader, admin_id=admin)
    ses.forget()


def deliver(*kinds):
    return failed(mails.handler(batch(*happened(*(kinds or KINDS))), None))


def address(person_id):
    return load(TENANT, CREDENTIAL, person_id).state.email


def got():
    return sorted((each.destinations["ToAddresses"][0], each.subject) for each in sent())


def test_the_admin_and_the_leader_get_one_each(booth, flow):
    where = community(booth.leader_id)
    booth.submitted(booth.goods(), visibility="both", communities=[where])
    for _ in range(2):
        assert deliver() == []
    subject = "A promotion waits for your decision"
    assert got() == sorted((address(each), subject) for each in (booth.admin_id, booth.leader_id))
    for_all, one = (
        next(e for e in sent() if address(i) in str(e.destinations))
        for i in (booth.admin_id, booth.leader_id)
    )
    assert "You decide for everybody. Until 08 March 2026, 12:00 (UTC)" in for_all.body
    assert ("Flash sale" in one.body, "You decide for Runners." in one.body) == (True, True)


def test_who_has_decided_is_not_reminded(booth, flow):
    path = booth.submitted(booth.goods(), visibility="both", communities=[community(booth.leader_id)])
    booth.decides("approve", path)
    flow.passes(days=1)
    assert deliver("promotion.approvers_reminded") == []
    assert got() == [(address(booth.leader_id), "A promotion still waits for your decision")]


def test_none_of_what_is_decided(booth):
    path = booth.submitted(booth.goods())
    booth.decides("approve", path)
    assert (deliver(), got()) == ([], [])


def test_what_a_supplier_wrote_leads_nowhere(booth):
    booth.submitted(booth.goods(), title="Win at evil.example.com")
    assert deliver() == []
    (only,) = sent()
    assert "evil" not in only.body


def test_nobody_who_cannot_sign_in(booth):
    key = keys.state(TENANT, CREDENTIAL.name, booth.leader_id)
    commit([writes.update(key, "REMOVE GSI1PK", {})])
    stranger, gone = (
        community("0192f0c1-0000-7000-8000-0000000000fe"),
        community(booth.leader_id, status="active"),
    )
    path = booth.submitted(booth.goods(), visibility="communities", communities=[stranger, gone])
    names, standing = {"#status": "status"}, keys.community_standing(TENANT, gone)
    commit([writes.update(standing, "SET #status = :gone", {"gone": "deleted"}, names=names)])
    assert path
    assert (deliver(), got()) == ([], [])


def test_one_that_fails_keeps_no_other_back(booth, monkeypatch):
    booth.submitted(booth.goods(), visibility="both", communities=[community(booth.leader_id)])
    real, refused = ses.send, [address(booth.admin_id)]

    def send(letter, **more):
        if letter.to in refused:
            raise ses.MailRefused("no")
        return real(letter, **more)

    monkeypatch.setattr("commerce.promotion.mail_reaction.ses.send", send)
    assert len(deliver()) == 1
    assert [to for to, _ in got()] == [address(booth.leader_id)]
    refused.clear()
    assert deliver() == []
    assert len(got()) == 2
