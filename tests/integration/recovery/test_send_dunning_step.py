"""SendDunningStep: one mail a step, whatever fails in the middle; against the simulated Stripe and moto's SES."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from botocore.exceptions import ReadTimeoutError

from faults import Crash
from flow_walk import Case, dunning, failed, mails
from local.stripe_world import subscribers
from recovery import cases, sequences, step_delivery, step_sending
from recovery.attempt_commands import HoldRecoveryAttempt
from recovery.contact import CONTACT, id_of
from recovery.dunning_sequence import Content, UpdateDunningSequence
from rescue import STEP, Call
from troupe import keys, mail, writes
from troupe.clock import now
from troupe.commit import commit
from troupe.store import Decision, load, transact
from troupe.suppressions import digest

EARLY = Call("send_dunning_step", "POST /recovery-attempts/{recovery_attempt_id}/steps/{step_id}/send")


@pytest.fixture
def place(rescue, tmp_path):
    with dunning(rescue, tmp_path) as opened:
        yield opened


@pytest.fixture
def case(place):
    """A case whose first mail is due."""
    return failed(place)


def contact(case):
    contact_id = id_of(case.attempt.workspace_id, case.attempt.stripe_customer_id)
    return load(case.place.rescue.tenant_id, CONTACT, contact_id).state


def first(case):
    return case.step(1).id


class TestOnce:
    def test_what_it_says_is_true(self, place, case):
        case.run()
        (sent,) = mails()
        assert sent.subject == "Your payment of USD 20.00 did not go through"
        assert "Hello Ann," in sent.body
        retry_at = case.attempt.retry.at
        assert f"We will try again on {retry_at:%Y-%m-%d %H:%M} (UTC)." in sent.body
        step = case.step(1)
        assert (step.status, step.sent_at is None) == ("sent", False)
        assert [each.about for each in contact(case).mails] == [f"{case.id}:{step.id}"]

    def test_the_final_mail_promises_nothing_s45(self, place):
        """S-45: no retry will be made, so none is promised; and it names the day on which access ends."""
        case = failed(place, "expired_card")
        case.run()
        for _ in (2, 3):
            case.until(next(each for each in case.attempt.steps if each.open).due_at)
            case.run()
        assert [each.status for each in case.attempt.steps] == ["sent"] * 3
        last = mails()[-1].body
        ends = now() + timedelta(hours=72)
        assert "try again" not in last
        assert f"Your access ends on {ends:%Y-%m-%d}." in last

    @pytest.mark.parametrize("code", ["lost_card", "stolen_card", "pickup_card", "fraudulent"])
    def test_no_mail_gives_away_why_s49(self, place, code):
        """S-49: what the issuer keeps to itself, so do we."""
        case = failed(place, code)
        case.run()
        text = (mails()[-1].subject + mails()[-1].body).lower()
        assert not any(word in text for word in ("lost", "stolen", "pick up", "pickup", "fraud"))

    def test_an_authentication_is_asked_for_s40(self, place):
        """S-40: the mail says to confirm the payment, and nothing is charged unattended."""
        case = failed(place, "authentication_required")
        charged = len(place.town.charges(case.invoice))
        case.run()
        assert "confirm" in mails()[-1].body.lower()
        assert (case.attempt.retry, len(place.town.charges(case.invoice))) == (None, charged)

    def test_a_customer_s_name_is_text_s50(self, place):
        """S-50: neither markup nor the syntax of templates comes out of it."""
        customer = place.town.customer(name="<b>Eve</b> {{ pay_link }}")
        place.town.card(customer, "insufficient_funds")
        invoice = place.town.renewed(subscribers.subscribe(place.town.world, customer, 2_000))
        assert place.deliver() == []
        Case(place, invoice).run()
        assert "<b>" not in mails()[-1].body
        assert "{{" not in mails()[-1].body


class TestFaults:
    @pytest.mark.parametrize("when", ["before_claim", "before_mail", "after_mail", "before_record"])
    def test_the_end_of_the_process(self, place, case, monkeypatch, when):
        send = mail.send

        def crash(*_given, **_more):
            raise Crash

        def sent(*given, **more):
            send(*given, **more)
            raise Crash

        broken = {
            "before_claim": (step_sending._Sending, "_claiming", crash),
            "before_mail": (step_delivery.mail, "send", crash),
            "after_mail": (step_delivery.mail, "send", sent),
            "before_record": (step_delivery.Delivery, "record", crash),
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
        """It may have been sent: it counts as sent, and nobody gets it twice."""
        real = mail._ses()

        class Lost:
            def send_email(self, **given):
                real.send_email(**given)
                raise ReadTimeoutError(endpoint_url="ses")

        with monkeypatch.context() as patch:
            patch.setattr(mail, "_ses", Lost)
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
        key = keys.suppressed(place.rescue.tenant_id, digest("ann@customer.example"))
        commit([writes.put(key, {"reason": "bounce", "at": "2026-01-01T00:00:00Z"})])
        walk = case.run()
        assert ("send_step", "skipped", "suppressed") in walk.outcomes
        assert (case.step(1).skipped_reason, mails()) == ("suppressed", [])
        assert (contact(case).suppressed_reason, contact(case).mails) == ("bounce_or_complaint", ())
        assert case.attempt.retry is not None
        case.until(case.step(2).due_at)
        assert ("send_step", "skipped", "suppressed") in case.run().outcomes
        assert case.attempt.retries_executed > 0


class TestStopped:
    def test_paid_before_any_webhook_told_s44(self, place, case):
        """S-44: the mail is not sent, and the other steps are skipped."""
        place.town.paid_out_of_band(case.invoice)
        case.run()
        assert (case.attempt.status, mails()) == ("recovered", [])
        assert {each.skipped_reason for each in case.attempt.steps} == {"recovered"}

    def test_paid_just_after_it_left_s44(self, place, case):
        """S-44: it stays sent, and converts by the payment."""
        case.run()
        place.forward(minutes=5)
        place.town.paid_by_customer(case.invoice, place.town.card(place.town.customer_of(case.invoice)))
        assert place.deliver() == []
        assert [each.status for each in case.attempt.steps] == ["converted", "scheduled", "scheduled"]
        assert [each.skipped_reason for each in case.attempt.steps] == [None, "recovered", "recovered"]

    def test_cancelled_s35(self, place, case):
        place.town.cancelled_at_period_end(case.invoice)
        case.run()
        assert (case.attempt.status, case.attempt.end_reason, mails()) == ("abandoned", "cancelled", [])

    def test_disconnected_s39(self, place, case):
        place.rescue.deauthorize(place.account, now())
        asked = len(place.town.simulation.made)
        case.run()
        assert (case.attempt.held_reason, mails()) == ("account_disconnected", [])
        assert len(place.town.simulation.made) == asked

    def test_a_suspended_tenant(self, place, case):
        standing = keys.standing(place.rescue.tenant_id)
        commit([writes.put(standing, {"status": "suspended"})])
        case.run()
        assert (case.attempt.held_reason, mails()) == ("tenant_suspended", [])

    def test_a_tenant_that_is_suspended_at_the_last_moment(self, place, case, monkeypatch):
        """The claim itself holds to the tenant's standing."""
        standing = keys.standing(place.rescue.tenant_id)
        claiming = step_sending._Sending._claiming

        def suspended_first(self, *given):
            decision = claiming(self, *given)
            commit([writes.put(standing, {"status": "suspended"})])
            return decision

        monkeypatch.setattr(step_sending._Sending, "_claiming", suspended_first)
        case.walk().send(first(case))
        assert (case.attempt.held_reason, mails()) == ("tenant_suspended", [])

    def test_held_between_the_claim_and_the_mail(self, place, case, monkeypatch):
        run = step_delivery.Delivery.run

        def held_first(self, truth):
            ref, hold = cases.ref(case.id), HoldRecoveryAttempt(reason="requested")
            transact(
                place.rescue.scope(now()),
                (ref,),
                lambda at: cases.written(at, cases.decided(at, ref, (hold,))),
            )
            return run(self, truth)

        monkeypatch.setattr(step_delivery.Delivery, "run", held_first)
        told = case.walk().send(first(case))
        assert (told["outcome"], told["reason"]) == ("released", "attempt_held")
        assert (mails(), case.step(1).claimed_until, contact(case).mails) == ([], None, ())

    def test_two_workers_on_one_case(self, place, case, monkeypatch):
        run, told = step_delivery.Delivery.run, []

        def meanwhile(self, truth):
            if not told:
                told.append(None)
                told[0] = case.walk().send(first(case))
            return run(self, truth)

        monkeypatch.setattr(step_delivery.Delivery, "run", meanwhile)
        assert case.walk().send(first(case))["outcome"] == "sent"
        assert (told[0]["outcome"], len(mails())) == ("not_needed", 1)


class TestCourtesy:
    def test_quiet_hours_s51(self, rescue, tmp_path):
        """S-51: due in the night: it moves to the morning, and is not lost."""
        begins = (now() - timedelta(hours=1)).time()
        until = (now() + timedelta(hours=2)).time()
        quiet = {"quiet_from": f"{begins:%H:%M}", "quiet_until": f"{until:%H:%M}"}
        with dunning(rescue, tmp_path, **quiet) as place:
            case = failed(place)
            walk = case.run()
            assert ("send_step", "postponed", "quiet_hours") in walk.outcomes
            assert (mails(), case.step(1).due_at.time()) == ([], time.fromisoformat(quiet["quiet_until"]))
            case.until(case.step(1).due_at)
            case.run()
            assert len(mails()) == 1

    def test_an_outage_of_three_days_sends_one_a_day_s43(self, place, case):
        """S-43: two steps are overdue; the second goes out on another day."""
        place.forward(days=4)
        case.run()
        assert len(mails()) == 1
        second = case.step(2)
        assert second.due_at.date() > datetime.now(UTC).date() + timedelta(days=4) - timedelta(days=1)
        case.until(second.due_at)
        case.run()
        assert len(mails()) == 2


class TestByAPerson:
    def test_before_its_time_and_once(self, place, case):
        case.run()
        place.forward(days=1)
        path = {"recovery_attempt_id": case.id, "step_id": case.step(2).id}
        reply = EARLY(path=path)
        assert (reply.status, reply.body["outcome"]) == (200, "sent")
        again = EARLY(path=path)
        assert (again.status, again.body["code"]) == (409, "not_now")
        assert len(mails()) == 2

    def test_not_twice_a_day(self, place, case):
        case.run()
        before = case.attempt
        reply = EARLY(path={"recovery_attempt_id": case.id, "step_id": case.step(2).id})
        assert (reply.status, reply.body["code"], case.attempt) == (409, "not_now", before)

    def test_what_is_not_there(self, place, case):
        assert EARLY(path={"recovery_attempt_id": case.id, "step_id": "x"}).status == 404


def test_the_edition_it_began_with_s41(place, case):
    """S-41: another edition is published; the attempt's mails are of its own."""
    sequence_id = case.attempt.sequence.id
    ref = sequences.ref(sequence_id)
    draft = replace(STEP, subject_template="Something else")
    update = UpdateDunningSequence(content=Content(name="New", delays_from="started_at", steps=(draft,)))

    def decide(at):
        change = at.decide(ref, update)
        return Decision(changes=(change,), actions=sequences.published(change, place.rescue.tenant_id))

    transact(place.rescue.scope(now()), (ref,), decide)
    case.run()
    assert mails()[-1].subject == "Your payment of USD 20.00 did not go through"
