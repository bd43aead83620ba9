"""SendDunningStep: one mail a step, what it says and when it goes out (send_dunning_step)."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from recovery.sequence import transactions
from recovery.sequence.decider import Content, UpdateDunningSequence
from stripe_simulator import subscribers
from support.recovery.dunning_flow import Case, contact, dunning, failed, mails
from support.recovery.tenant import STEP, Call
from troupe.clock import now
from troupe.store.transact import Decision, transact

EARLY = Call("send_dunning_step", "POST /recovery-attempts/{recovery_attempt_id}/steps/{step_id}/send")


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
        charged = len(place.stripe.charges(case.invoice))
        case.run()
        assert "confirm" in mails()[-1].body.lower()
        assert (case.attempt.retry, len(place.stripe.charges(case.invoice))) == (None, charged)

    def test_a_customer_s_name_is_text_s50(self, place):
        """S-50: neither markup nor the syntax of templates comes out of it."""
        customer = place.stripe.customer(name="<b>Eve</b> {{ pay_link }}")
        place.stripe.card(customer, "insufficient_funds")
        invoice = place.stripe.renewed(subscribers.subscribe(place.stripe.world, customer, 2_000))
        assert place.deliver() == []
        Case(place, invoice).run()
        assert "<b>" not in mails()[-1].body
        assert "{{" not in mails()[-1].body


class TestCourtesy:
    def test_quiet_hours_s51(self, tenant, tmp_path):
        """S-51: due in the night: it moves to the morning, and is not lost."""
        begins = (now() - timedelta(hours=1)).time()
        until = (now() + timedelta(hours=2)).time()
        quiet = {"quiet_from": f"{begins:%H:%M}", "quiet_until": f"{until:%H:%M}"}
        with dunning(tenant, tmp_path, **quiet) as place:
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
        assert (again.status, again.body["code"]) == (409, "invalid_state")
        assert len(mails()) == 2

    def test_not_twice_a_day(self, place, case):
        case.run()
        before = case.attempt
        reply = EARLY(path={"recovery_attempt_id": case.id, "step_id": case.step(2).id})
        assert (reply.status, reply.body["code"], case.attempt) == (409, "invalid_state", before)

    def test_what_is_not_there(self, place, case):
        assert EARLY(path={"recovery_attempt_id": case.id, "step_id": "x"}).status == 404


def test_the_edition_it_began_with_s41(place, case):
    """S-41: another edition is published; the attempt's mails are of its own."""
    sequence_id = case.attempt.sequence.id
    ref = transactions.ref(sequence_id)
    draft = replace(STEP, subject_template="Something else")
    update = UpdateDunningSequence(content=Content(name="New", delays_from="started_at", steps=(draft,)))

    def decide(at):
        change = at.decide(ref, update)
        return Decision(changes=(change,), actions=transactions.published(change, place.tenant.tenant_id))

    transact(place.tenant.scope(now()), (ref,), decide)
    case.run()
    assert mails()[-1].subject == "Your payment of USD 20.00 did not go through"
