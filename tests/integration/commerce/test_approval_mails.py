"""Who decides on a promotion gets a mail of it, and another for each day that passes."""

import boto3
import pytest

from commerce import mail as mails
from commerce.inbound import handler as inbound
from support.commerce.promotions import Promotions, community, stands
from support.dynamodb import stored_events
from support.fake_ses import sent
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
def promotions(flow, shop, monkeypatch):
    ses.forget()
    monkeypatch.setenv("MAIL_FROM", "Troupe <troupe@example.com>")
    boto3.client("sesv2").create_email_identity(EmailIdentity="troupe@example.com")
    leader, admin = shop.people.leader(), shop.people.admin()
    hears(inbound)
    yield Promotions(leader_id=leader, admin_id=admin)
    ses.forget()


def deliver(*kinds):
    return failed(mails.handler(batch(*stored_events(*(kinds or KINDS))), None))


def address(person_id):
    return load(TENANT, CREDENTIAL, person_id).state.email


def got():
    return sorted((each.destinations["ToAddresses"][0], each.subject) for each in sent())


def test_the_admin_and_the_leader_get_one_each(promotions, flow):
    where = community(promotions.leader_id)
    promotions.submitted(promotions.goods(), visibility="both", communities=[where])
    for _ in range(2):
        assert deliver() == []
    subject = "A promotion waits for your decision"
    assert got() == sorted((address(each), subject) for each in (promotions.admin_id, promotions.leader_id))
    for_all, one = (
        next(e for e in sent() if address(i) in str(e.destinations))
        for i in (promotions.admin_id, promotions.leader_id)
    )
    assert "You decide for everybody. Until 08 March 2026, 12:00 (UTC)" in for_all.body
    assert ("Flash sale" in one.body, "You decide for Runners." in one.body) == (True, True)


def test_who_has_decided_is_not_reminded(promotions, flow):
    path = promotions.submitted(
        promotions.goods(), visibility="both", communities=[community(promotions.leader_id)]
    )
    promotions.decides("approve", path)
    flow.passes(days=1)
    assert deliver("promotion.approvers_reminded") == []
    assert got() == [(address(promotions.leader_id), "A promotion still waits for your decision")]


def test_none_of_what_is_decided(promotions):
    path = promotions.submitted(promotions.goods())
    promotions.decides("approve", path)
    assert (deliver(), got()) == ([], [])


def test_what_a_supplier_wrote_leads_nowhere(promotions):
    promotions.submitted(promotions.goods(), title="Win at evil.example.com")
    assert deliver() == []
    (only,) = sent()
    assert "evil" not in only.body


def test_no_mail_to_approvers_who_cannot_sign_in(promotions):
    key = keys.state(TENANT, CREDENTIAL.name, promotions.leader_id)
    commit([writes.update(key, "REMOVE GSI1PK", {})])
    stranger, gone = (
        community("0192f0c1-0000-7000-8000-0000000000fe"),
        community(promotions.leader_id, status="active"),
    )
    path = promotions.submitted(promotions.goods(), visibility="communities", communities=[stranger, gone])
    stands(gone, promotions.leader_id, status="deleted")
    assert path
    assert (deliver(), got()) == ([], [])


def test_one_that_fails_keeps_no_other_back(promotions, monkeypatch):
    promotions.submitted(promotions.goods(), visibility="both", communities=[community(promotions.leader_id)])
    real, refused = ses.send, [address(promotions.admin_id)]

    def send(letter, **more):
        if letter.to in refused:
            raise ses.MailRefused("no")
        return real(letter, **more)

    monkeypatch.setattr("commerce.promotion.mail_reaction.ses.send", send)
    assert len(deliver()) == 1
    assert [to for to, _ in got()] == [address(promotions.leader_id)]
    refused.clear()
    assert deliver() == []
    assert len(got()) == 2
