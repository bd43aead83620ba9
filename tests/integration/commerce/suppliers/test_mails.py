"""The mails that suppliers get."""

import boto3
import pytest

from support.commerce.suppliers import done, sign_up
from support.dynamodb import stored_events
from support.fake_ses import sent
from support.identity.tenant import Call
from support.spec import LAMBDA
from support.stream_events import batch, failed


class TestMails:
    @pytest.fixture
    def post(self, aws):
        boto3.client("sesv2").create_email_identity(EmailIdentity="troupe@example.com")

    def deliver(self):
        from commerce.mail import handler

        assert failed(handler(batch(*stored_events()), LAMBDA)) == []

    def test_a_link_goes_to_who_signed_up_once(self, shop, post, clock):
        from commerce import mail
        from identity.mail.mail import handler as identity_writes

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mail, "now", clock)
            fresh = sign_up()
            self.deliver()
            self.deliver()
        (letter,) = sent()
        assert letter.destinations["ToAddresses"] == ["orders@bakery.example"]
        assert "https://troupe.example/verify-supplier#token=" in letter.body
        assert "Bakery" not in letter.body, "no text of a stranger goes to an unconfirmed address"
        resend = Call("resend_verification", "POST /users/resend-verification")
        done(resend(body={"email": "orders@bakery.example"}, principal=None))
        assert failed(identity_writes(batch(*stored_events("user.verification_requested")), LAMBDA)) == []
        assert len(sent()) == 1, "a business is written to by commerce"
        self.deliver()
        assert len(sent()) == 2
        done(fresh.confirm())

    def test_confirmed_suppliers_get_no_second_link(self, seller, post):
        self.deliver()
        assert sent() == []
