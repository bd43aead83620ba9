"""What SES and the table answer on a bad day, and what a mail's claim makes of it."""

import boto3
import botocore.exceptions
import pytest

from support.fake_ses import MAIL, TENANT, answering, claim, failing, sent
from support.faulty_client import Crash, Faulty, crash_before, lost
from troupe.mail import ses
from troupe.mail.ses import LEASE_SECONDS, MailFailed, MailLater, MailRefused, send


class TestFaults:
    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            (answering(429, "TooManyRequestsException"), MailLater),
            (answering(400, "LimitExceededException"), MailLater),
            (answering(400, "SendingPausedException"), MailLater),
            (answering(400, "AccountSuspendedException"), MailLater),
            (answering(400, "ThrottlingException"), MailLater),
            (answering(503, "ServiceUnavailable"), MailLater),
            (answering(400, "MessageRejected"), MailRefused),
            (answering(400, "BadRequestException"), MailRefused),
            (answering(400, "MailFromDomainNotVerifiedException"), MailRefused),
            (answering(404, "NotFoundException"), MailRefused),
            (answering(403, "AccessDeniedException"), MailRefused),
            (failing(botocore.exceptions.EndpointConnectionError(endpoint_url="u")), MailLater),
            (failing(botocore.exceptions.ConnectTimeoutError(endpoint_url="u")), MailLater),
            (failing(botocore.exceptions.SSLError(endpoint_url="u", error="e")), MailLater),
        ],
    )
    def test_what_was_not_sent_can_be_sent_at_once(self, wire, answer, expected):
        wire(answer)
        with pytest.raises(expected) as failed:
            send(MAIL, once="e1")
        assert type(failed.value) is expected
        wire.restore()
        assert send(MAIL, once="e1") == "sent"
        assert len(sent()) == 1

    @pytest.mark.parametrize(
        "answer",
        [
            answering(500, "InternalServiceErrorException"),
            answering(502, "Unknown"),
            failing(botocore.exceptions.ReadTimeoutError(endpoint_url="u")),
            failing(botocore.exceptions.ConnectionClosedError(endpoint_url="u")),
        ],
    )
    def test_what_may_have_been_sent_waits_for_its_claim_to_end(self, wire, later, answer):
        wire(answer)
        with pytest.raises(MailLater):
            send(MAIL, once="e1")
        wire.restore()
        with pytest.raises(MailLater):
            send(MAIL, once="e1")
        later(LEASE_SECONDS + 1)
        assert send(MAIL, once="e1") == "sent"
        assert len(sent()) == 1

    def test_every_failure_of_ses_has_a_meaning(self, wire):
        modelled = boto3.client("sesv2").meta.service_model.operation_model("SendEmail").error_shapes
        meanings = {}
        for shape in modelled:
            wire(answering(400, shape.name))
            with pytest.raises(MailFailed) as failed:
                send(MAIL, once=shape.name)
            meanings[shape.name] = type(failed.value).__name__
        assert meanings == {
            "AccountSuspendedException": "MailLater",
            "BadRequestException": "MailRefused",
            "LimitExceededException": "MailLater",
            "MailFromDomainNotVerifiedException": "MailRefused",
            "MessageRejected": "MailRefused",
            "NotFoundException": "MailRefused",
            "SendingPausedException": "MailLater",
            "TooManyRequestsException": "MailLater",
        }

    def test_it_is_asked_once_only(self):
        asked = []

        def lose(**_):
            asked.append(1)
            raise botocore.exceptions.ConnectionClosedError(endpoint_url="u")

        ses._ses().meta.events.register("before-send.sesv2.SendEmail", lose)
        with pytest.raises(MailLater):
            send(MAIL, once="e1")
        assert len(asked) == 1

    def test_a_sender_that_is_not_verified(self, monkeypatch):
        monkeypatch.setenv("MAIL_FROM", "stranger@example.com")
        with pytest.raises(MailRefused):
            send(MAIL, once="e1")

    def test_the_end_of_the_process_before_ses_is_called(self, later, monkeypatch):
        real = ses._ses()
        monkeypatch.setattr(ses, "_ses", lambda: Faulty(real, [crash_before], "send_email"))
        with pytest.raises(Crash):
            send(MAIL, once="e1")
        monkeypatch.setattr(ses, "_ses", lambda: real)
        with pytest.raises(MailLater):
            send(MAIL, once="e1")
        later(LEASE_SECONDS + 1)
        assert [send(MAIL, once="e1"), send(MAIL, once="e1")] == ["sent", "repeated"]
        assert len(sent()) == 1

    def test_a_claim_whose_answer_was_lost_is_ours(self, table, monkeypatch):
        """botocore sends the put again, and finds what the first one wrote."""

        def twice(call):
            call()
            return call()

        with monkeypatch.context() as patched:
            patched.setattr(ses.table, "client", lambda: Faulty(table, [twice], "put_item"))
            assert send(MAIL, once="e1") == "sent"

    def test_a_claim_that_cannot_be_made(self, table, monkeypatch):
        with monkeypatch.context() as patched:
            patched.setattr(ses.table, "client", lambda: Faulty(table, [lost], "put_item"))
            with pytest.raises(botocore.exceptions.ReadTimeoutError):
                send(MAIL, once="e1")
        assert not sent()

    def test_a_table_that_refuses(self, table, monkeypatch):
        monkeypatch.setenv("TABLE_NAME", "none")
        with pytest.raises(botocore.exceptions.ClientError, match="ResourceNotFound"):
            send(MAIL, once="e1")
        assert not sent()


class TestNeverTwice:
    """Rather not sent than sent twice: from just before the call of SES no other process sends it."""

    def test_it_is_sent(self, table):
        assert ses.sent(TENANT, "e1") is None
        assert [send(MAIL, once="e1", never_twice=True) for _ in range(2)] == ["sent", "repeated"]
        noted = ses.sent(TENANT, "e1")
        assert noted.status == "sent"
        assert noted.message_id == claim(table)["message_id"]["S"]

    @pytest.mark.parametrize("fault", [failing(botocore.exceptions.ReadTimeoutError(endpoint_url="x"))])
    def test_what_may_have_been_sent_is_not_sent_again(self, wire, later, fault):
        wire(fault)
        with pytest.raises(MailLater):
            send(MAIL, once="e1", never_twice=True)
        wire.restore()
        with pytest.raises(MailLater):
            send(MAIL, once="e1", never_twice=True)
        later(LEASE_SECONDS + 1)
        assert send(MAIL, once="e1", never_twice=True) == "unsure"
        assert sent() == []
        assert ses.sent(TENANT, "e1").status == "sending"

    def test_what_was_not_sent_can_be_sent_at_once(self, wire):
        wire(answering(429, "TooManyRequestsException"))
        with pytest.raises(MailLater):
            send(MAIL, once="e1", never_twice=True)
        wire.restore()
        assert send(MAIL, once="e1", never_twice=True) == "sent"

    def test_the_end_of_the_process_before_it_is_marked(self, later, monkeypatch):
        with monkeypatch.context() as broken:
            broken.setattr(ses, "is_suppressed", lambda *_: crash_before(None))
            with pytest.raises(Crash):
                send(MAIL, once="e1", never_twice=True)
        later(LEASE_SECONDS + 1)
        assert send(MAIL, once="e1", never_twice=True) == "sent"

    def test_a_delivery_whose_claim_has_ended_meanwhile_sends_nothing(self, later, monkeypatch):
        with monkeypatch.context() as slow:

            def overtaken(*_):
                slow.undo()
                later(LEASE_SECONDS + 1)
                assert send(MAIL, once="e1", never_twice=True) == "sent"
                return False

            slow.setattr(ses, "is_suppressed", overtaken)
            with pytest.raises(MailLater):
                send(MAIL, once="e1", never_twice=True)
        assert len(sent()) == 1

    def test_a_table_that_refuses_the_mark(self, monkeypatch):
        refused = botocore.exceptions.ClientError({"Error": {"Code": "AccessDeniedException"}}, "UpdateItem")
        monkeypatch.setattr(ses, "_note", lambda *_: failing(refused)())
        with pytest.raises(botocore.exceptions.ClientError):
            send(MAIL, once="e1", never_twice=True)
        assert sent() == []
