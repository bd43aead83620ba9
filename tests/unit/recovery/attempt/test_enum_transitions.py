"""Every enum of the requirement document: each of its values to each, by the commands that could do it.

The values are those of the types, so one that is added is driven too, and fails until it is said here what may
become of it.
"""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import get_args

import pytest

from recovery.attempt.commands import (
    AbandonRecoveryAttempt,
    ChangePaymentMethod,
    ClaimStep,
    HoldRecoveryAttempt,
    MarkFailed,
    MarkRecovered,
    RecordStepClicked,
    RecordStepOpened,
    RecordStepSent,
    ResumeRecoveryAttempt,
)
from recovery.attempt.outcome import RECOVERY_OUTCOME, Outcome, RecordRecoveryOutcome
from recovery.attempt.state import RecoveryStatus
from recovery.attempt.step_events import StepStatus
from recovery.policy.network_rules import DeclineType
from recovery.risk.decider import REASONS, SUBSCRIPTION_AT_RISK, FlagSubscriptionAtRisk, Reason, id_of
from recovery.workspace.decider import WORKSPACE as WORKSPACES
from recovery.workspace.decider import BillingPlan, CreateWorkspace, UpdateWorkspace
from support.recovery.attempt_histories import (
    ATTEMPT,
    HARD,
    NEVER,
    OTHER,
    PLANNING,
    SOFT,
    WORKSPACE,
    Story,
    at,
    failed,
    starting,
)
from support.spec import NOON
from troupe.domain.decider import Rejected

LATER = at(days=2)
PAID = MarkRecovered(recovered_amount_cents=2900, recovered_at=LATER)
ENDINGS = {"recovered": PAID, "failed": MarkFailed(), "abandoned": AbandonRecoveryAttempt()}
DECLINES = {"soft": SOFT, "hard": HARD}
BEGINNING = {"pending": starting()} | ENDINGS


def values(enum):
    return get_args(enum.__value__)


def pairs(enum):
    return pytest.mark.parametrize("was, to", list(product(values(enum), repeat=2)))


class TestRecoveryStatus:
    """pending -> recovered | failed | abandoned, all of them final."""

    @pairs(RecoveryStatus)
    def test_each_to_each(self, was, to):
        story = Story()
        if was != "pending":
            story.ask(ENDINGS[was], LATER)
        before = story.attempt
        if was == "pending" and to in ENDINGS:
            story.ask(ENDINGS[to], LATER)
            assert story.attempt.status == to
        elif was == to and to in ENDINGS:
            assert story.ask(BEGINNING[to], LATER) == ()
        else:
            with pytest.raises(Rejected):
                story.ask(BEGINNING[to], LATER)
            assert story.attempt == before


class TestDunningStepStatus:
    """Forward only; a mail that was not sent is not opened, clicked or paid by."""

    @pairs(StepStatus)
    def test_each_to_each(self, was, to):
        story = Story()
        for status in self._way(was):
            self._push(story, status)
        assert story.step("first").status == was
        if was == "scheduled" and to in {"opened", "clicked"}:
            with pytest.raises(Rejected):
                self._push(story, to)
        else:
            self._push(story, to)
        ranks = values(StepStatus)
        unsent = was == "scheduled" and to != "sent"
        assert story.step("first").status == (was if unsent else max(was, to, key=ranks.index))

    @staticmethod
    def _way(to):
        """Jumps are allowed: sent, and then at once where it is to come."""
        return () if to == "scheduled" else ("sent",) if to == "sent" else ("sent", to)

    @staticmethod
    def _push(story, to):
        match to:
            case "scheduled":
                if story.attempt.pending:  # what plans steps anew plans those alone that are to be sent
                    story.ask(HoldRecoveryAttempt())
                    story.ask(ResumeRecoveryAttempt(), LATER)
            case "sent":
                if story.attempt.pending and not story.step("first").sent_at:
                    story.ask(ClaimStep(step_id="first", fetched_at=at()))
                story.ask(RecordStepSent(step_id="first", sent_at=at()))
            case "opened":
                story.ask(RecordStepOpened(step_id="first"))
            case "clicked":
                story.ask(RecordStepClicked(step_id="first"))
            case _:
                story.ask(PAID, LATER)


class TestDeclineType:
    """The latest decline's; but a card that is never to be tried again stays hard until it is another."""

    @pairs(DeclineType)
    def test_each_to_each(self, was, to):
        story = Story(first=failed(decline=DECLINES[was]))
        assert story.attempt.decline_type == was
        story.ask(failed(2, at(hours=1), DECLINES[to]), at(hours=1))
        assert story.attempt.decline_type == to

    @pytest.mark.parametrize("to", values(DeclineType))
    def test_never_to_each(self, to):
        story = Story(first=failed(decline=NEVER))
        story.ask(failed(2, at(hours=1), DECLINES[to]), at(hours=1))
        assert story.attempt.decline_type == "hard"
        story.ask(ChangePaymentMethod(card=OTHER, changed_at=at(hours=2), planning=PLANNING), at(hours=2))
        answered = failed(
            3, at(hours=3), DECLINES[to], fingerprint=OTHER.fingerprint, payment_method_id="pm_2"
        )
        story.ask(answered, at(hours=3))
        assert story.attempt.decline_type == to


class TestBillingPlan:
    @pairs(BillingPlan)
    def test_each_to_each(self, was, to):
        create = CreateWorkspace(name="Acme", owner_user_id="u", billing_plan=was)
        workspace = WORKSPACES.fold(WORKSPACES.answer(create, None, NOON))
        changed = WORKSPACES.answer(UpdateWorkspace(changes={"billing_plan": to}), workspace, NOON)
        assert len(changed) == (was != to)
        assert WORKSPACES.fold(changed, workspace).billing_plan == to


class TestOutcome:
    """Recorded once, of an attempt that has ended so."""

    @pairs(Outcome)
    def test_each_to_each(self, was, to):
        recorded = RECOVERY_OUTCOME.fold(RECOVERY_OUTCOME.answer(self._of(was), None, NOON))
        if was == to:
            assert RECOVERY_OUTCOME.answer(self._of(to), recorded, NOON) == ()
        else:
            with pytest.raises(Rejected):
                RECOVERY_OUTCOME.answer(self._of(to), recorded, NOON)
        assert recorded.outcome == was

    @staticmethod
    def _of(end):
        story = Story()
        story.ask(ENDINGS[end], LATER)
        return RecordRecoveryOutcome(recovery_attempt_id=ATTEMPT, attempt=story.attempt)


class TestReasonOfRisk:
    """None becomes the other: each is a risk of its own, which begins and ends by itself."""

    @pairs(Reason)
    def test_each_to_each(self, was, to):
        decide = SUBSCRIPTION_AT_RISK.answer
        risk = SUBSCRIPTION_AT_RISK.fold(decide(self._flag(was), None, NOON))
        assert decide(self._flag(to), risk, NOON) == ()
        assert risk.reason == was
        assert (id_of(WORKSPACE, "sub_1", was) == id_of(WORKSPACE, "sub_1", to)) is (was == to)

    def test_all_of_them_are_known(self):
        assert set(REASONS) == set(values(Reason))

    @staticmethod
    def _flag(reason):
        flag = FlagSubscriptionAtRisk(
            workspace_id=WORKSPACE,
            stripe_customer_id="cus_1",
            stripe_subscription_id="sub_1",
            reason=reason,
        )
        expires = date(2026, 4, 30) if reason == "card_expiring" else None
        return replace(flag, expiration_date=expires)
