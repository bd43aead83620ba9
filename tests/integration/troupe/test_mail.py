"""Mails through SES in moto, whose answers are lost, refused and delayed on the wire, under the real client."""

import json
from dataclasses import replace
from datetime import timedelta

import boto3
import botocore.exceptions
import pytest
from botocore.awsrequest import AWSResponse
from moto.backends import get_backend

from faults import Crash, Faulty, crash_before, lost
from troupe import clock, keys, mail, suppressions
from troupe.ids import new_id
from troupe.mail import LEASE_SECONDS, Mail, MailFailed, MailLater, MailRefused, send

TENANT = new_id()
MAIL = Mail(tenant_id=TENANT, to="ann@example.com", subject="Grüße", text="Hello", html="<p>Hello</p>")


def answering(status, code):
    """What SES answers instead, in the form that botocore makes its exceptions from."""
    response = AWSResponse("https://email.eu-west-1.amazonaws.com", status, {}, None)
    parsed = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return lambda **_: (response, parsed)


def failing(error):
    def fail(**_):
        raise error

    return fail


@pytest.fixture(autouse=True)
def ses(table):
    mail.forget()
    forget = mail._ses.cache_clear  # a test may put another client in its place
    boto3.client("sesv2").create_email_identity(EmailIdentity="troupe@example.com")
    yield
    forget()


@pytest.fixture
def wire(ses):
    """Puts an answer, or a failure, between SES and the client."""
    events, put = mail._ses().meta.events, []

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
        monkeypatch.setattr(mail, "now", lambda: instant)

    return move


def sent():
    return get_backend("ses")["123456789012"]["eu-west-1"].sent_messages


def claim(table, once="e1"):
    key = keys.mail(TENANT, once)
    return table.get_item(TableName="t", Key={"PK": {"S": key.pk}, "SK": {"S": key.sk}}).get("Item")


class TestSend:
    def test_a_mail_arrives_with_its_parts(self, wire, monkeypatch):
        seen = []
        mail._ses().meta.events.register(
            "before-call.sesv2.SendEmail", lambda params, **_: seen.append(params["body"])
        )
        assert send(MAIL, once="e1") == "sent"
        assert json.loads(seen[0]) == {
            "FromEmailAddress": "troupe@example.com",
            "Destination": {"ToAddresses": ["ann@example.com"]},
            "Content": {
                "Simple": {
                    "Subject": {"Data": "Grüße", "Charset": "UTF-8"},
                    "Body": {
                        "Text": {"Data": "Hello", "Charset": "UTF-8"},
                        "Html": {"Data": "<p>Hello</p>", "Charset": "UTF-8"},
                    },
                }
            },
            "EmailTags": [{"Name": "tenant", "Value": TENANT}],
        }
        monkeypatch.setenv("MAIL_CONFIGURATION_SET", "troupe")
        send(MAIL, once="e2")
        assert json.loads(seen[1])["ConfigurationSetName"] == "troupe"

    def test_its_claim_says_so_and_shows_no_one(self, table):
        send(MAIL, once="e1")
        item = claim(table)
        assert item["status"] == {"S": "sent"}
        assert item["message_id"]["S"]
        assert int(item["expires_at"]["N"]) > clock.now().timestamp() + 365 * 86_400
        assert "ann" not in json.dumps(item)

    def test_a_redelivery_sends_nothing(self):
        assert [send(MAIL, once="e1") for _ in range(3)] == ["sent", "repeated", "repeated"]
        assert len(sent()) == 1

    def test_nor_does_one_long_after(self, later):
        send(MAIL, once="e1")
        later(10 * LEASE_SECONDS)
        assert send(MAIL, once="e1") == "repeated"

    def test_another_key_or_tenant_is_another_mail(self):
        other = Mail(tenant_id=new_id(), to=MAIL.to, subject="s", text="t", html="h")
        assert [send(MAIL, once="e1"), send(MAIL, once="e2"), send(other, once="e1")] == ["sent"] * 3

    def test_a_delivery_while_another_is_sending_comes_back_later(self, monkeypatch):
        real = mail._ses()

        def meanwhile(call):
            with pytest.raises(MailLater):
                send(MAIL, once="e1")
            return call()

        monkeypatch.setattr(mail, "_ses", lambda: Faulty(real, [meanwhile], "send_email"))
        assert send(MAIL, once="e1") == "sent"
        assert len(sent()) == 1

    def test_a_delivery_that_another_overtook_sends_nothing(self, table, monkeypatch):
        """The other one claims, sends and notes it just before this one claims."""

        def overtaken(call):
            assert send(MAIL, once="e1") == "sent"
            return call()

        faulty = Faulty(table, [overtaken], "put_item")
        with monkeypatch.context() as patched:
            patched.setattr(mail.table, "client", lambda: faulty)
            assert send(MAIL, once="e1") == "repeated"
        assert len(sent()) == 1

    @pytest.mark.parametrize(
        "to", ["", "ann", "ann@", "@b", "a@b, c@d", "a@b\nBcc: c@d", "Ann <a@b>", "a b@c", "a@b@c"]
    )
    def test_what_is_not_one_address(self, table, to):
        with pytest.raises(MailRefused):
            send(Mail(tenant_id=TENANT, to=to, subject="s", text="t", html="h"), once="e1")
        assert claim(table) is None


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

        mail._ses().meta.events.register("before-send.sesv2.SendEmail", lose)
        with pytest.raises(MailLater):
            send(MAIL, once="e1")
        assert len(asked) == 1

    def test_a_sender_that_is_not_verified(self, monkeypatch):
        monkeypatch.setenv("MAIL_FROM", "stranger@example.com")
        with pytest.raises(MailRefused):
            send(MAIL, once="e1")

    def test_the_end_of_the_process_before_ses_is_called(self, later, monkeypatch):
        real = mail._ses()
        monkeypatch.setattr(mail, "_ses", lambda: Faulty(real, [crash_before], "send_email"))
        with pytest.raises(Crash):
            send(MAIL, once="e1")
        monkeypatch.setattr(mail, "_ses", lambda: real)
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
            patched.setattr(mail.table, "client", lambda: Faulty(table, [twice], "put_item"))
            assert send(MAIL, once="e1") == "sent"

    def test_a_claim_that_cannot_be_made(self, table, monkeypatch):
        with monkeypatch.context() as patched:
            patched.setattr(mail.table, "client", lambda: Faulty(table, [lost], "put_item"))
            with pytest.raises(botocore.exceptions.ReadTimeoutError):
                send(MAIL, once="e1")
        assert not sent()

    def test_a_table_that_refuses(self, table, monkeypatch):
        monkeypatch.setenv("TABLE_NAME", "none")
        with pytest.raises(botocore.exceptions.ClientError, match="ResourceNotFound"):
            send(MAIL, once="e1")
        assert not sent()


class TestSuppressed:
    def suppress(self, address=MAIL.to, tenant_id=TENANT):
        assert suppressions.record(bounce(address, tenant_id)) == 1

    def test_a_suppressed_address_gets_nothing(self, table):
        self.suppress()
        assert [send(MAIL, once="e1"), send(MAIL, once="e1")] == ["suppressed", "repeated"]
        assert not sent()
        assert claim(table)["status"] == {"S": "suppressed"}

    def test_however_it_is_written(self):
        self.suppress("Ann <ANN@Example.com>")
        assert send(MAIL, once="e1") == "suppressed"

    def test_of_this_tenant_alone(self):
        self.suppress(tenant_id=new_id())
        assert send(MAIL, once="e1") == "sent"

    def test_only_its_hash_is_kept(self, table):
        self.suppress()
        (item,) = table.scan(TableName="t")["Items"]
        assert item["PK"]["S"].startswith(f"{TENANT}#SUPPRESSED#")
        assert (item["reason"], item["at"]) == ({"S": "bounce"}, {"S": "2026-01-31T12:00:00.000Z"})
        assert "ann" not in json.dumps(item).lower()

    def test_to_be_told_twice_changes_nothing(self, table):
        self.suppress()
        before = table.scan(TableName="t")["Items"]
        self.suppress()
        assert table.scan(TableName="t")["Items"] == before

    def test_a_notice_through_sns(self):
        message = json.dumps(bounce(MAIL.to)["detail"])
        assert suppressions.record({"Records": [{"Sns": {"Message": message}}]}) == 1
        assert send(MAIL, once="e1") == "suppressed"


def bounce(address, tenant_id=TENANT):
    """As EventBridge delivers it."""
    recipient = {"emailAddress": address, "action": "failed", "status": "5.1.1"}
    detail = {
        "eventType": "Bounce",
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [recipient],
            "timestamp": "2026-01-31T12:00:00.000Z",
        },
        "mail": {"messageId": "m1", "tags": {"tenant": [tenant_id], "ses:configuration-set": ["troupe"]}},
    }
    return {"source": "aws.ses", "detail-type": "Email Bounced", "detail": detail}


class TestEnvelope:
    """Who it seems to be from, where an answer goes, and headers of its own."""

    @pytest.fixture
    def seen(self, wire):
        found = []
        mail._ses().meta.events.register(
            "before-call.sesv2.SendEmail", lambda params, **_: found.append(json.loads(params["body"]))
        )
        return found

    def test_all_of_it(self, seen):
        unsubscribe = {"List-Unsubscribe": "<https://troupe.example/opt-outs/x>"}
        named = replace(MAIL, sender_name="Tom & Jerry", reply_to="tom@example.com", headers=unsubscribe)
        assert send(named, once="e1") == "sent"
        assert seen[0]["FromEmailAddress"] == "Tom & Jerry <troupe@example.com>"
        assert seen[0]["ReplyToAddresses"] == ["tom@example.com"]
        (header,) = seen[0]["Content"]["Simple"]["Headers"]
        assert header == {"Name": "List-Unsubscribe", "Value": "<https://troupe.example/opt-outs/x>"}

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("Müller", "=?utf-8?q?M=C3=BCller?= <troupe@example.com>"),
            ("Eve\r\nBcc: all@example.com", '"Eve Bcc: all example.com" <troupe@example.com>'),
            ("<eve@example.com>", '"<eve example.com>" <troupe@example.com>'),
            (" \n ", "troupe@example.com"),
            (None, "troupe@example.com"),
        ],
    )
    def test_a_name_is_one_line_and_no_address(self, seen, name, shown):
        send(replace(MAIL, sender_name=name), once="e1")
        assert seen[0]["FromEmailAddress"] == shown

    @pytest.mark.parametrize(
        "wrong",
        [
            {"headers": {"List-Unsubscribe": "<https://x>\r\nBcc: all@example.com"}},
            {"headers": {"X-Name": "Müller"}},
            {"reply_to": "tom@example.com\r\nBcc: all@example.com"},
        ],
    )
    def test_nothing_can_be_put_into_the_headers(self, table, wrong):
        with pytest.raises(MailRefused):
            send(replace(MAIL, **wrong), once="e1")
        assert sent() == []
        assert claim(table) is None


class TestNeverTwice:
    """Rather not sent than twice: from just before SES is called nobody else sends it."""

    def test_it_is_sent(self, table):
        assert mail.sent(TENANT, "e1") is None
        assert [send(MAIL, once="e1", never_twice=True) for _ in range(2)] == ["sent", "repeated"]
        noted = mail.sent(TENANT, "e1")
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
        assert mail.sent(TENANT, "e1").status == "sending"

    def test_what_was_not_sent_can_be_sent_at_once(self, wire):
        wire(answering(429, "TooManyRequestsException"))
        with pytest.raises(MailLater):
            send(MAIL, once="e1", never_twice=True)
        wire.restore()
        assert send(MAIL, once="e1", never_twice=True) == "sent"

    def test_the_end_of_the_process_before_it_is_marked(self, later, monkeypatch):
        with monkeypatch.context() as broken:
            broken.setattr(mail, "is_suppressed", lambda *_: crash_before(None))
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

            slow.setattr(mail, "is_suppressed", overtaken)
            with pytest.raises(MailLater):
                send(MAIL, once="e1", never_twice=True)
        assert len(sent()) == 1

    def test_a_table_that_refuses_the_mark(self, monkeypatch):
        refused = botocore.exceptions.ClientError({"Error": {"Code": "AccessDeniedException"}}, "UpdateItem")
        monkeypatch.setattr(mail, "_note", lambda *_: failing(refused)())
        with pytest.raises(botocore.exceptions.ClientError):
            send(MAIL, once="e1", never_twice=True)
        assert sent() == []
