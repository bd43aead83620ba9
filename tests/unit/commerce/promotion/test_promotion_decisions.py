"""Who decides on a promotion, and what becomes of it when all have decided or their time is over."""

import pytest

from commerce.promotion.commands import ApprovePromotion, DecidePromotion, RejectPromotion, StartPromotion
from commerce.promotion.decider import PROMOTION
from commerce.promotion.events import GLOBAL, PromotionCancelled, PromotionRejected, PromotionScheduled
from support.commerce.promotion_histories import (
    CREATED,
    END,
    HISTORIES,
    HOUR,
    NOW,
    PENDING,
    SCHEDULED,
    START,
    SUBMITTED,
    WITHIN,
    activated,
    approved,
    given,
    rejected,
)


class TestDeciding:
    def test_it_waits_until_all_have_decided(self):
        given(*PENDING).when(ApprovePromotion(target="a")).then(approved("a"))
        given(*PENDING, approved("a")).when(RejectPromotion(target="b", reason="No.")).then(rejected("b"))

    def test_then_it_is_on_where_it_was_approved(self):
        given(*PENDING, approved("a"), rejected("b")).when(ApprovePromotion(target=GLOBAL)).then(
            approved(GLOBAL), activated(GLOBAL, "a")
        )
        given(*PENDING, approved("a"), rejected("b")).when(RejectPromotion(target=GLOBAL, reason="No.")).then(
            rejected(GLOBAL), activated("a")
        )

    def test_or_scheduled_if_its_window_is_yet_to_come(self):
        given(CREATED, SUBMITTED, approved("a"), rejected("b")).when(ApprovePromotion(target=GLOBAL)).then(
            approved(GLOBAL), PromotionScheduled(targets=(GLOBAL, "a"), starts_at=START, scheduled_at=NOW)
        )

    def test_rejected_without_an_approval(self):
        given(*PENDING, rejected("a"), rejected("b")).when(RejectPromotion(target=GLOBAL, reason="No.")).then(
            rejected(GLOBAL), PromotionRejected(rejected_at=NOW)
        )

    def test_when_the_time_is_over_it_goes_where_it_was_approved(self):
        late = NOW + WITHIN
        given(*PENDING, approved("a")).at(late).when(DecidePromotion()).then(activated("a", at=late))
        given(*PENDING).at(late).when(DecidePromotion()).then(PromotionRejected(rejected_at=late))
        given(*PENDING).at(late - HOUR).when(DecidePromotion()).then_rejected("not_due")

    def test_a_decision_that_comes_before_the_timer_says_the_same(self):
        late = NOW + WITHIN
        given(*PENDING).at(late).when(ApprovePromotion(target="a")).then(
            approved("a", late), activated("a", at=late)
        )

    @pytest.mark.parametrize("status", ["scheduled", "active", "paused", "rejected", "ended", "cancelled"])
    def test_a_timer_that_comes_twice_does_nothing(self, status):
        given(*HISTORIES[status]).at(END).when(DecidePromotion()).then_nothing()

    def test_a_draft_has_no_timer(self):
        given(CREATED).when(DecidePromotion()).then_rejected("not_open")

    def test_one_community_rejects_and_another_comes_later(self):
        """S-35: approved in A, rejected in B, pending in C: on in A alone; C adds itself, and touches nothing."""
        late = NOW + WITHIN
        history = (*PENDING, approved("a"), rejected("b"))
        on = (*history, activated("a", at=late))
        given(*history).at(late).when(DecidePromotion()).then(on[-1])
        given(*on).at(late).when(ApprovePromotion(target=GLOBAL)).then(approved(GLOBAL, late))
        before, after = PROMOTION.fold(on), PROMOTION.fold((*on, approved(GLOBAL, late)))
        assert (before.approved, after.approved) == (("a",), (GLOBAL, "a"))
        assert [each for each in after.targets if each.id != GLOBAL] == [
            each for each in before.targets if each.id != GLOBAL
        ]
        assert (after.status, after.first_activated_at) == ("active", late)
        given(*on).at(late).when(RejectPromotion(target=GLOBAL, reason="No.")).then(rejected(GLOBAL, late))

    @pytest.mark.parametrize("choice", [approved, rejected])
    def test_the_same_decision_twice_is_one_and_another_is_refused(self, choice):
        history = (*PENDING, choice("a"))
        approve = given(*history).when(ApprovePromotion(target="a"))
        reject = given(*history).when(RejectPromotion(target="a", reason="No."))
        same, other = (approve, reject) if choice is approved else (reject, approve)
        same.then_nothing()
        other.then_rejected("target_decided")

    def test_who_was_not_asked_does_not_decide(self):
        given(*PENDING).when(ApprovePromotion(target="z")).then_rejected("no_target")
        for status in ("draft", "rejected", "ended", "cancelled"):
            given(*HISTORIES[status]).when(ApprovePromotion(target="a")).then_rejected("not_open")
            given(*HISTORIES[status]).when(RejectPromotion(target="a", reason="No.")).then_rejected(
                "not_open"
            )

    def test_nothing_is_approved_that_is_over(self):
        given(*PENDING).at(END).when(ApprovePromotion(target="a")).then_rejected("window_over")

    def test_what_could_not_start_in_time_was_never_on(self):
        cancelled = PromotionCancelled(reason="Its window was over before it could start.", cancelled_at=END)
        given(*PENDING, approved("a")).at(END).when(DecidePromotion()).then(cancelled)
        given(*SCHEDULED).at(END).when(StartPromotion()).then(cancelled)
        assert PROMOTION.fold((*SCHEDULED, cancelled)).first_activated_at is None
