"""SendDunningStep: one mail a step, with any fault in the middle (send_dunning_step)."""

import pytest
from botocore.exceptions import ReadTimeoutError

from recovery.step import deliver
from recovery.step import send as step_send
from support.faulty_client import Crash
from support.recovery.dunning_flow import contact, first, mails
from troupe.mail import ses
from troupe.mail.suppressions import digest
from troupe.store import keys, writes
from troupe.store.commit import commit


class TestFaults:
    @pytest.mark.parametrize("when", ["before_claim", "before_mail", "after_mail", "before_record"])
    def test_the_end_of_the_process(self, place, case, monkeypatch, when):
        send = ses.send

        def crash(*_given, **_more):
            raise Crash

        def sent(*given, **more):
            send(*given, **more)
            raise Crash

        broken = {
            "before_claim": (step_send._Sending, "_claiming", crash),
            "before_mail": (deliver.ses, "send", crash),
            "after_mail": (deliver.ses, "send", sent),
            "before_record": (deliver.Delivery, "record", crash),
        }[when]
        with monkeypatch.context() as patch:
            patch.setattr(*broken)
            with pytest.raises(Crash):
                case.walk().run()
        place.forward(seconds=130)
        case.run()
        assert (case.step(1).status, len(mails())) == ("sent", 1)
        assert len(contact(case).mails) == 1

    def test_ses_does_not_answer(self, place, case, monkeypatch):
        """It may have been sent: it counts as sent, and the customer does not get it twice."""
        real = ses._ses()

        class Lost:
            def send_email(self, **given):
                real.send_email(**given)
                raise ReadTimeoutError(endpoint_url="ses")

        with monkeypatch.context() as patch:
            patch.setattr(ses, "_ses", Lost)
            told = case.walk().send(first(case))
        assert (told["outcome"], told["reason"]) == ("postponed", "mail_later")
        case.until(case.step(1).due_at)
        case.run()
        assert (case.step(1).status, len(mails())) == ("sent", 1)

    def test_ses_refuses(self, place, case, monkeypatch):
        monkeypatch.setenv("MAIL_FROM", "stranger@example.org")
        told = case.walk().send(first(case))
        assert (told["outcome"], told["reason"]) == ("postponed", "mail_refused")
        assert contact(case).mails == ()
        monkeypatch.setenv("MAIL_FROM", "troupe@example.com")
        case.until(case.step(1).due_at)
        case.run()
        assert (case.step(1).status, len(mails())) == ("sent", 1)

    def test_a_suppressed_address_s47(self, place, case):
        """S-47: the steps are skipped, the contact says why, and the retries go on."""
        key = keys.suppressed(place.tenant.tenant_id, digest("ann@customer.example"))
        commit([writes.put(key, {"reason": "bounce", "at": "2026-01-01T00:00:00Z"})])
        walk = case.run()
        assert ("send_step", "skipped", "suppressed") in walk.outcomes
        assert (case.step(1).skipped_reason, mails()) == ("suppressed", [])
        assert (contact(case).suppressed_reason, contact(case).mails) == ("bounce_or_complaint", ())
        assert case.attempt.retry is not None
        case.until(case.step(2).due_at)
        assert ("send_step", "skipped", "suppressed") in case.run().outcomes
        assert case.attempt.retries_executed > 0
