"""A mail is sent once, to one address, and says what it should."""

import json
from dataclasses import replace

import pytest

from support.fake_ses import MAIL, TENANT, claim, sent
from support.faulty_client import Faulty
from troupe import clock
from troupe.ids import new_id
from troupe.mail import ses
from troupe.mail.ses import LEASE_SECONDS, Mail, MailLater, MailRefused, send


class TestSend:
    def test_a_mail_arrives_with_its_parts(self, wire, monkeypatch):
        seen = []
        ses._ses().meta.events.register(
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
        real = ses._ses()

        def meanwhile(call):
            with pytest.raises(MailLater):
                send(MAIL, once="e1")
            return call()

        monkeypatch.setattr(ses, "_ses", lambda: Faulty(real, [meanwhile], "send_email"))
        assert send(MAIL, once="e1") == "sent"
        assert len(sent()) == 1

    def test_a_delivery_that_another_overtook_sends_nothing(self, table, monkeypatch):
        """The other one claims, sends and notes it just before this one claims."""

        def overtaken(call):
            assert send(MAIL, once="e1") == "sent"
            return call()

        faulty = Faulty(table, [overtaken], "put_item")
        with monkeypatch.context() as patched:
            patched.setattr(ses.table, "client", lambda: faulty)
            assert send(MAIL, once="e1") == "repeated"
        assert len(sent()) == 1

    @pytest.mark.parametrize(
        "to", ["", "ann", "ann@", "@b", "a@b, c@d", "a@b\nBcc: c@d", "Ann <a@b>", "a b@c", "a@b@c"]
    )
    def test_what_is_not_one_address(self, table, to):
        with pytest.raises(MailRefused):
            send(Mail(tenant_id=TENANT, to=to, subject="s", text="t", html="h"), once="e1")
        assert claim(table) is None


class TestEnvelope:
    """Who it seems to be from, where an answer goes, and headers of its own."""

    @pytest.fixture
    def seen(self, wire):
        found = []
        ses._ses().meta.events.register(
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
