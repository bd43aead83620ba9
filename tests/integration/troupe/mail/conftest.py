"""Mails through SES in moto, whose answers are lost, refused and delayed on the wire, under the real client."""

from datetime import timedelta

import boto3
import pytest

from troupe import clock
from troupe.mail import ses as mail_ses


@pytest.fixture(autouse=True)
def ses(table):
    mail_ses.forget()
    forget = mail_ses._ses.cache_clear  # a test may put another client in its place
    boto3.client("sesv2").create_email_identity(EmailIdentity="troupe@example.com")
    yield
    forget()


@pytest.fixture
def wire(ses):
    """Puts an answer, or a failure, between SES and the client."""
    events, put = mail_ses._ses().meta.events, []

    def between(fault):
        restore()
        put.append(fault)
        events.register_first("before-call.sesv2.SendEmail", fault)

    def restore():
        while put:
            events.unregister("before-call.sesv2.SendEmail", put.pop())

    between.restore = restore
    return between


@pytest.fixture
def later(monkeypatch):
    """Moves the clock on."""

    def move(seconds):
        instant = clock.now() + timedelta(seconds=seconds)
        monkeypatch.setattr(mail_ses, "now", lambda: instant)

    return move
