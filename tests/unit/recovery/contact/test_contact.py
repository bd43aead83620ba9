"""A customer's contact: mails of late, each counted once, and whether any more are wanted."""

from datetime import timedelta

from recovery.contact.decider import (
    CONTACT,
    Contact,
    ContactKey,
    ContactMailed,
    ContactMailNotSent,
    ContactOptedIn,
    ContactOptedOut,
    ContactSuppressed,
    NoteMail,
    NoteMailNotSent,
    NoteSuppression,
    OptIn,
    OptOut,
    id_of,
)
from support.recovery.attempt_histories import WORKSPACE
from support.spec import NOON, Given, assert_folds_as_stored

CUS = ContactKey(workspace_id=WORKSPACE, stripe_customer_id="cus_1")
OWN = {"workspace_id": WORKSPACE, "stripe_customer_id": "cus_1"}
contact = Given(CONTACT)


def mailed(about="m1", at=NOON.now):
    return ContactMailed(**OWN, about=about, kind="payment_failed", mailed_at=at)


OUT = ContactOptedOut(**OWN, opted_out_at=NOON.now)
IN = ContactOptedIn(**OWN, opted_in_at=NOON.now)
BOUNCED = ContactSuppressed(**OWN, address_digest="d", reason="bounced", suppressed_at=NOON.now)
note = NoteMail(contact_key=CUS, about="m1", kind="payment_failed")


def test_s_51_a_mail_is_counted_once():
    contact().when(note).then(mailed())
    contact(mailed()).at(NOON.now + timedelta(hours=1)).when(note).then_nothing()
    assert contact(mailed()).state.mailed_at == (NOON.now,)


def test_what_was_not_sent_does_not_count():
    back = ContactMailNotSent(**OWN, about="m1")
    contact(mailed()).when(NoteMailNotSent(contact_key=CUS, about="m1")).then(back)
    contact(mailed(), back).when(NoteMailNotSent(contact_key=CUS, about="m1")).then_nothing()
    contact().when(NoteMailNotSent(contact_key=CUS, about="m1")).then_nothing()
    assert contact(mailed(), back).state.mails == ()


def test_only_the_last_thirty_days_are_remembered():
    long_ago = mailed("old", NOON.now - timedelta(days=30))
    state = contact(long_ago, mailed("young", NOON.now - timedelta(days=29)), mailed()).state
    assert [each.about for each in state.mails] == ["young", "m1"]


def test_opting_out_and_in_again():
    contact().when(OptOut(contact_key=CUS)).then(OUT)
    contact(OUT).at(NOON.now + timedelta(days=1)).when(OptOut(contact_key=CUS)).then_nothing()
    contact(OUT).when(OptIn(contact_key=CUS)).then(IN)
    contact().when(OptIn(contact_key=CUS)).then_nothing()
    assert contact(OUT).state.opted_out_at == NOON.now
    assert contact(OUT, IN).state.opted_out_at is None


def test_s_47_an_address_that_bounces_is_noted():
    bounce = NoteSuppression(contact_key=CUS, address_digest="d", reason="bounced")
    contact().when(bounce).then(BOUNCED)
    contact(BOUNCED).when(bounce).then_nothing()
    assert contact(BOUNCED).state.suppressed_address == "d"


def test_whose_it_is():
    assert contact(OUT).state == Contact(**OWN, opted_out_at=NOON.now)
    assert id_of(WORKSPACE, "cus_1") != id_of(WORKSPACE, "cus_2")


def test_it_folds_as_it_is_stored():
    back = ContactMailNotSent(**OWN, about="m1")
    assert_folds_as_stored(CONTACT, (mailed(), OUT, IN, BOUNCED, mailed("m2"), back))
