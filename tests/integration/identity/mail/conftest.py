"""A tenant with a name of its own, and a note of each mail."""

import boto3
import pytest

from support.identity.mails import Posted
from support.spec import TENANT
from troupe.mail import ses
from troupe.store import keys, writes
from troupe.store.commit import commit


@pytest.fixture
def posted(tenant, clock, monkeypatch):
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
