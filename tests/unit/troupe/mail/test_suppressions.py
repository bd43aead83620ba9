from hashlib import sha256

import pytest

from troupe.ids import new_id
from troupe.mail.suppressions import Suppression, digest, suppressions, tag

TENANT = new_id()
AT = "2026-01-31T12:00:00.000Z"
MAIL = {"messageId": "m1", "tags": {"tenant": [TENANT]}}


def bounce(kind="Permanent", mail=MAIL, name="eventType"):
    recipients = [{"emailAddress": "ann@example.com"}, {"emailAddress": "bob@example.com"}]
    return {
        name: "Bounce",
        "bounce": {"bounceType": kind, "bouncedRecipients": recipients, "timestamp": AT},
        "mail": mail,
    }


def complaint(**more):
    recipients = [{"emailAddress": "ann@example.com"}]
    return {
        "eventType": "Complaint",
        "complaint": {"complainedRecipients": recipients, "timestamp": AT, **more},
        "mail": MAIL,
    }


def of(address, reason):
    return Suppression(tenant_id=TENANT, digest=digest(address), reason=reason, at=AT)


@pytest.mark.parametrize("name", ["eventType", "notificationType"])
def test_a_hard_bounce_suppresses_each_recipient(name):
    assert suppressions(bounce(name=name)) == (
        of("ann@example.com", "bounce"),
        of("bob@example.com", "bounce"),
    )


@pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
def test_a_bounce_that_may_pass_does_not(kind):
    assert suppressions(bounce(kind)) == ()


@pytest.mark.parametrize("more", [{}, {"complaintFeedbackType": "abuse"}])
def test_a_complaint_suppresses(more):
    assert suppressions(complaint(**more)) == (of("ann@example.com", "complaint"),)


def test_a_complaint_taken_back_does_not():
    assert suppressions(complaint(complaintFeedbackType="not-spam")) == ()


@pytest.mark.parametrize("notice", [{}, {"eventType": "Delivery", "mail": MAIL}, {"eventType": "Open"}])
def test_other_notices_do_not(notice):
    assert suppressions(notice) == ()


@pytest.mark.parametrize(
    "tags",
    [None, {}, {"tenant": []}, {"tenant": ["t1"]}, {"tenant": [f"{TENANT}#X"]}, {"tenant": [TENANT, TENANT]}],
)
def test_a_bounce_without_our_tag_has_no_tenant(tags):
    mail = {"messageId": "m1"} | ({} if tags is None else {"tags": tags})
    assert suppressions(bounce(mail=mail)) == ()


def test_mails_of_no_tenant_are_suppressed_too():
    (first, _) = suppressions(bounce(mail={"tags": {"tenant": [tag("@")]}}))
    assert first.tenant_id == "@"
    assert tag("@").isalnum()
    assert tag(TENANT) == TENANT


@pytest.mark.parametrize(
    "written", ["ann@example.com", " Ann@Example.COM ", "Ann <ann@example.com>", '"A, B" <ANN@example.com>']
)
def test_an_address_has_one_digest(written):
    assert digest(written) == sha256(b"ann@example.com").hexdigest()
