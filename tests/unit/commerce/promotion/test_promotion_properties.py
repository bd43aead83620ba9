"""Every pair of a promotion's statuses, and any life it may lead."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from commerce.promotion.commands import (
    ApprovePromotion,
    CancelPromotion,
    CreatePromotion,
    DecidePromotion,
    EndPromotion,
    PausePromotion,
    RejectPromotion,
    RemindApprovers,
    ResumePromotion,
    StartPromotion,
    UpdatePromotion,
)
from commerce.promotion.decider import PROMOTION
from commerce.promotion.events import GLOBAL, LIFECYCLE
from support.commerce.promotion_histories import (
    CREATED,
    DAY,
    DETAILS,
    END,
    HISTORIES,
    HOUR,
    NOW,
    START,
    SUBMIT,
    SUBMITTED,
    TARGETS,
    rejected,
)
from support.spec import NOON
from troupe.domain.decider import Rejected

COMMANDS = (
    CreatePromotion(supplier_id="s", details=DETAILS),
    UpdatePromotion(changes={"title": "Other"}),
    SUBMIT,
    ApprovePromotion(target=GLOBAL),
    RejectPromotion(target=GLOBAL, reason="No."),
    DecidePromotion(),
    RemindApprovers(),
    StartPromotion(),
    EndPromotion(),
    PausePromotion(),
    ResumePromotion(),
    CancelPromotion(reason="x"),
)
TIMES = (NOW + HOUR, NOW + 8 * DAY, START, START + DAY, END, END + DAY)
LEGAL = {  # as it was asked for; what is cancelled stays so
    "draft": {"pending_approval", "cancelled"},
    "pending_approval": {"scheduled", "active", "rejected", "cancelled"},
    "rejected": {"pending_approval", "cancelled"},
    "scheduled": {"active", "cancelled"},
    "active": {"paused", "ended", "cancelled"},
    "paused": {"active", "ended", "cancelled"},
    "ended": set(),
    "cancelled": set(),
}
STARTS = {"pending_approval": ((CREATED, SUBMITTED, rejected("a"), rejected("b")),)}


def reached(history):
    """The statuses that any command, at any time, makes of it."""
    found = set()
    state = PROMOTION.fold(history)
    for now in TIMES:
        for command in COMMANDS:
            try:
                events = PROMOTION.answer(command, state, replace(NOON, now=now))
            except Rejected:
                continue
            steps = [state]
            for event in events:
                steps.append(PROMOTION.evolve(steps[-1], event))
            for was, now_is in pairwise(steps):
                if was.status != now_is.status:
                    assert now_is.status in LEGAL[was.status]
            found.add(steps[-1].status)
    return found - {state.status}


@pytest.mark.parametrize("was", LEGAL)
@pytest.mark.parametrize("to", LEGAL)
def test_all_pairs(was, to):
    """S-34: of the 64 pairs of statuses only the listed ones are possible, for every command and caller."""
    histories = (HISTORIES[was], *STARTS.get(was, ()))
    assert all(PROMOTION.fold(each).status == was for each in histories)
    found = set().union(*(reached(each) for each in histories))
    assert (to in found) == (to in LEGAL[was])
    if to in LEGAL[was]:
        LIFECYCLE.check(was, to)
    else:
        with pytest.raises(Rejected):
            LIFECYCLE.check(was, to)


STEPS = st.lists(st.tuples(st.integers(0, len(COMMANDS) - 1), st.integers(0, 30), st.sampled_from(TARGETS)))


@settings(max_examples=300, deadline=None)
@drawn(STEPS)
def test_any_life_is_a_legal_one(steps):
    """S-33, S-34, S-35: with any commands in any order, also repeated."""
    state, now, seen = PROMOTION.fold((CREATED,)), NOW, None
    for index, hours, target in steps:
        now += timedelta(hours=hours * 12)
        command = COMMANDS[index]
        if isinstance(command, ApprovePromotion | RejectPromotion):
            command = replace(command, target=target)
        before = state
        try:
            events = PROMOTION.answer(command, state, replace(NOON, now=now))
        except Rejected:
            events = ()
        state = PROMOTION.fold(events, state)
        if before.status != state.status:
            assert state.status in LEGAL[before.status]
        if state.status in {"scheduled", "active", "paused"}:
            assert state.approved
        decided = {each.id: each for each in before.targets if each.choice != "pending"}
        if before.submitted_at == state.submitted_at:
            assert all(each in state.targets for each in decided.values())
        assert seen in {None, state.first_activated_at}
        seen = state.first_activated_at
