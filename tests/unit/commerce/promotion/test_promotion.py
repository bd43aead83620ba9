"""A promotion as it is drafted and submitted, and what time makes of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from commerce.promotion.commands import (
    CancelPromotion,
    CreatePromotion,
    EndPromotion,
    PausePromotion,
    ResumePromotion,
    StartPromotion,
    UpdatePromotion,
)
from commerce.promotion.decider import PROMOTION
from commerce.promotion.events import (
    GLOBAL,
    Featured,
    PromotionCancelled,
    PromotionEnded,
    PromotionPaused,
    PromotionResumed,
    PromotionScheduled,
    PromotionUpdated,
    Reduction,
)
from commerce.promotion.state import ALWAYS
from support.commerce.promotion_histories import (
    ACTIVE,
    CREATED,
    DAY,
    DETAILS,
    END,
    HISTORIES,
    HOUR,
    LIVE,
    NOW,
    PAUSED,
    PENDING,
    REFUSED,
    SCHEDULED,
    START,
    SUBMIT,
    SUBMITTED,
    SUBMITTED_LIVE,
    TARGETS,
    WARES,
    WITHIN,
    activated,
    approved,
    given,
)
from support.spec import assert_folds_as_stored
from troupe.domain.decider import Rejected


def test_a_history_folds_as_it_was_stored():
    for history in HISTORIES.values():
        assert_folds_as_stored(PROMOTION, history)
    assert_folds_as_stored(
        PROMOTION, (*PAUSED, PromotionUpdated(details=LIVE, updated_at=NOW), PromotionResumed(resumed_at=NOW))
    )


class TestDrafting:
    def test_it_begins_as_a_draft(self):
        given.when(CreatePromotion(supplier_id="s", details=DETAILS)).then(CREATED)

    @pytest.mark.parametrize(
        "changes, code",
        [
            ({"products": ()}, "wrong_products"),
            ({"kind": "campaign"}, "wrong_products"),
            ({"kind": "campaign", "products": (Featured(product_id="p"),) * 2}, "wrong_products"),
            ({"kind": "default"}, "no_reduction"),
            ({"products": (Featured(product_id="p1"),)}, "reduction_required"),
            ({"products": (Featured(product_id="p1", reduction=Reduction()),)}, "one_reduction"),
            (
                {"products": (Featured(product_id="p", reduction=Reduction(percent=1, amount_cents=1)),)},
                "one_reduction",
            ),
            ({"visibility": "global"}, "wrong_communities"),
            ({"communities": ()}, "wrong_communities"),
            ({"communities": ("a", "a")}, "wrong_communities"),
            ({"communities": tuple(str(each) for each in range(21))}, "wrong_communities"),
            ({"ends_at": None}, "end_required"),
            ({"ends_at": START}, "end_before_start"),  # S-36: start = end
            ({"ends_at": START - HOUR}, "end_before_start"),
        ],
    )
    def test_what_no_promotion_is(self, changes, code):
        wrong = replace(DETAILS, **changes)
        given.when(CreatePromotion(supplier_id="s", details=wrong)).then_rejected(code)
        given(CREATED).when(UpdatePromotion(changes=changes)).then_rejected(code)

    def test_campaigns_and_what_is_always_on(self):
        campaign = replace(
            DETAILS, kind="campaign", products=tuple(Featured(product_id=each) for each in "xyz")
        )
        always = replace(DETAILS, kind="default", products=(Featured(product_id="p"),), ends_at=None)
        for details in (campaign, always):
            created = replace(CREATED, details=details)
            given.when(CreatePromotion(supplier_id="s", details=details)).then(created)

    @pytest.mark.parametrize("status", ["draft", "rejected"])
    def test_a_draft_and_what_was_rejected_are_changed(self, status):
        history = HISTORIES[status]
        state = PROMOTION.fold(history)
        changed = PromotionUpdated(details=replace(state.details, title="Other"), updated_at=NOW)
        given(*history).when(UpdatePromotion(changes={"title": "Other"})).then(changed)
        given(*history).when(UpdatePromotion(changes={"title": state.details.title})).then_nothing()

    @pytest.mark.parametrize("status", sorted(set(HISTORIES) - {"draft", "rejected"}))
    def test_nothing_else_is(self, status):
        given(*HISTORIES[status]).when(UpdatePromotion(changes={})).then_rejected("promotion_submitted")


class TestSubmitting:
    def test_its_products_are_frozen_and_all_targets_are_asked(self):
        given(CREATED).when(SUBMIT).then(SUBMITTED)
        state = PROMOTION.fold((CREATED, SUBMITTED))
        assert (state.products, state.open) == (WARES, TARGETS)
        given(CREATED, SUBMITTED).when(SUBMIT).then_nothing()

    def test_after_a_rejection_all_targets_are_asked_again(self):
        again = replace(SUBMITTED_LIVE, submitted_at=NOW, decide_by=NOW + WITHIN)
        given(*REFUSED).when(SUBMIT).then(again)
        assert (PROMOTION.fold(REFUSED).open, PROMOTION.fold((*REFUSED, again)).open) == ((), TARGETS)

    def test_the_time_to_decide_ends_with_the_window(self):
        soon = replace(CREATED, details=replace(DETAILS, starts_at=NOW - DAY, ends_at=NOW + DAY))
        (event,) = given(soon).when(SUBMIT).act()
        assert event.decide_by == NOW + DAY

    def test_not_when_its_window_is_over(self):
        given(CREATED).at(END).when(SUBMIT).then_rejected("window_over")


class TestTheWindow:
    def test_it_starts_and_ends_in_its_window_alone(self):
        given(*SCHEDULED).at(START - HOUR).when(StartPromotion()).then_rejected("not_due")
        given(*SCHEDULED).at(START).when(StartPromotion()).then(
            activated(*TARGETS, at=START, details=DETAILS)
        )
        for history in (ACTIVE, PAUSED):
            given(*history).at(END - HOUR).when(EndPromotion()).then_rejected("not_due")
            given(*history).at(END).when(EndPromotion()).then(PromotionEnded(ended_at=END))
            given(*history).when(StartPromotion()).then_nothing()
        given(*HISTORIES["ended"]).when(EndPromotion()).then_nothing()

    def test_a_late_start_keeps_the_window_as_it_was_scheduled(self):
        """S-36: what could not be activated in time is active when the system recovers, until the same end."""
        late = START + 3 * DAY
        (event,) = given(*SCHEDULED).at(late).when(StartPromotion()).act()
        state = PROMOTION.fold((*SCHEDULED, event))
        assert (state.details.starts_at, state.details.ends_at) == (START, END)
        assert (state.status, state.due_at, state.first_activated_at) == ("active", END, late)

    @pytest.mark.parametrize("status", ["draft", "pending_approval", "rejected"])
    def test_nothing_starts_that_is_not_approved(self, status):
        with pytest.raises(Rejected):
            given(*HISTORIES[status]).at(START).when(StartPromotion()).act()

    def test_what_is_always_on_does_not_end(self):
        always = replace(LIVE, kind="default", ends_at=None)
        history = (*PENDING[:1], replace(SUBMITTED, details=always), approved(GLOBAL), activated(GLOBAL))
        given(*history).at(ALWAYS - DAY).when(EndPromotion()).then_rejected("not_due")
        assert PROMOTION.fold(history).due_at is None

    @pytest.mark.parametrize(
        "status, due",
        [
            ("draft", None),
            ("pending_approval", NOW + DAY),  # a reminder of those who have not decided
            ("scheduled", START),
            ("active", END),
            ("paused", END),
            ("rejected", None),
            ("ended", None),
            ("cancelled", None),
        ],
    )
    def test_what_becomes_of_it_by_itself_falls_due(self, status, due):
        listing = PROMOTION.listed(PROMOTION.fold(HISTORIES[status]), "id")
        assert listing.due == (due and ("promotion", due))
        assert listing.collection == (f"SUPPLIER_PROMOTIONS#s#{status}", "id")
        assert listing.summary["status"] == status


class TestPausing:
    def test_it_is_first_seen_once(self):
        """S-33: paused, resumed, ended -- it was first active when it was first active."""
        later = NOW + DAY
        given(*ACTIVE).when(PausePromotion()).then(PromotionPaused(paused_at=NOW))
        given(*PAUSED).when(PausePromotion()).then_nothing()
        given(*PAUSED).at(later).when(ResumePromotion()).then(PromotionResumed(resumed_at=later))
        given(*ACTIVE).when(ResumePromotion()).then_nothing()
        life = (*PAUSED, PromotionResumed(resumed_at=later), PromotionEnded(ended_at=END))
        states = [PROMOTION.fold(life[:number]) for number in range(len(ACTIVE), len(life) + 1)]
        assert {each.first_activated_at for each in states} == {NOW}

    def test_not_after_its_window(self):
        given(*PAUSED).at(END).when(ResumePromotion()).then_rejected("window_over")
        given(*SCHEDULED).when(ResumePromotion()).then_rejected("invalid_transition")

    @pytest.mark.parametrize("status", sorted(set(HISTORIES) - {"ended", "cancelled"}))
    def test_all_but_what_has_ended_can_be_cancelled(self, status):
        cancel = CancelPromotion(reason="x")
        given(*HISTORIES[status]).when(cancel).then(PromotionCancelled(reason="x", cancelled_at=NOW))
        given(*HISTORIES["cancelled"]).when(cancel).then_nothing()
        given(*HISTORIES["ended"]).when(cancel).then_rejected("invalid_transition")


@pytest.mark.parametrize(
    "local_start, local_end, hours",
    [
        ("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 23),  # the clocks go forward
        ("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 25),  # and back
        ("2026-03-01T00:00:00+00:00", "2026-03-02T00:00:00+00:00", 24),
    ],
)
def test_a_window_is_a_pair_of_instants(local_start, local_end, hours):
    """S-36: a schedule over a change of the clocks, and at midnight UTC."""
    start, end = datetime.fromisoformat(local_start), datetime.fromisoformat(local_end)
    details = replace(DETAILS, starts_at=start.astimezone(UTC), ends_at=end.astimezone(UTC))
    history = (
        replace(CREATED, details=details),
        replace(SUBMITTED, details=details),
        approved(GLOBAL),
        PromotionScheduled(targets=(GLOBAL,), starts_at=details.starts_at, scheduled_at=NOW),
    )
    given(*history).at(start - timedelta(microseconds=1)).when(StartPromotion()).then_rejected("not_due")
    (event,) = given(*history).at(start).when(StartPromotion()).act()
    assert end - start == timedelta(hours=hours)
    given(*history, event).at(end - timedelta(microseconds=1)).when(EndPromotion()).then_rejected("not_due")
    given(*history, event).at(end).when(EndPromotion()).then(PromotionEnded(ended_at=end))
