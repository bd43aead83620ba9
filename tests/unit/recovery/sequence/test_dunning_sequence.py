"""A dunning sequence: its steps, its editions, and when it is used."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.sequence.decider import (
    DUNNING_SEQUENCE,
    LARGEST,
    MOST_STEPS,
    Content,
    CreateDunningSequence,
    DisableDunningSequence,
    Draft,
    EnableDunningSequence,
    UpdateDunningSequence,
)
from recovery.sequence.events import (
    DunningSequenceCreated,
    DunningSequenceDisabled,
    DunningSequenceEnabled,
    DunningSequenceUpdated,
    Step,
)
from support.spec import NOON, Given, assert_folds_as_stored
from troupe.domain.decider import Invalid, Rejected

LATER = NOON.now + timedelta(days=1)


def step(number, delay, subject="Hello"):
    return Step(id=f"s{number}", delay_hours=delay, subject_template=subject, body_template="Pay.")


def draft(delay, number=None, subject="Hello"):
    at = None if number is None else f"s{number}"
    return Draft(id=at, delay_hours=delay, subject_template=subject, body_template="Pay.")


def content(*drafts, name="Gentle", delays_from="started_at"):
    return Content(name=name, delays_from=delays_from, steps=drafts)


V1 = (step(1, 0), step(2, 72), step(3, 144))
CREATED = DunningSequenceCreated(
    workspace_id="w", name="Gentle", delays_from="started_at", steps=V1, edition=1, created_at=NOON.now
)
ENABLED = DunningSequenceEnabled(workspace_id="w", enabled_at=LATER)
DISABLED = DunningSequenceDisabled(workspace_id="w", disabled_at=LATER)
SAME = (draft(0, 1), draft(72, 2), draft(144, 3))
sequence = Given(DUNNING_SEQUENCE)


def updated(*steps, edition=2, name="Gentle", delays_from="started_at"):
    return DunningSequenceUpdated(
        name=name, delays_from=delays_from, steps=steps, edition=edition, updated_at=LATER
    )


class TestWriting:
    def test_once_as_edition_one_and_not_in_use(self):
        create = CreateDunningSequence(workspace_id="w", content=content(draft(0), draft(72)))
        (created,) = sequence().when(create).act()
        assert (created.edition, [each.delay_hours for each in created.steps]) == (1, [0, 72])
        assert len({each.id for each in created.steps}) == 2
        assert {each.status for each in created.steps} == {"scheduled"}
        assert not sequence(created).state.is_enabled


class TestEditions:
    def test_s41_other_steps_are_a_new_edition(self):
        """S-41: [0, 72, 144] becomes [0, 24]; the step that stays keeps its id."""
        given = sequence(CREATED).at(LATER)
        shorter = UpdateDunningSequence(content=content(draft(0, 1), draft(24)))
        (event,) = given.when(shorter).act()
        assert (event.edition, event.steps[0]) == (2, V1[0])
        assert event.steps[1].id not in {each.id for each in V1}
        current = sequence(CREATED, event).state.current
        assert (current.edition, current.steps, current.published_at) == (2, event.steps, LATER)

    def test_a_new_name_alone_is_none(self):
        given = sequence(CREATED).at(LATER)
        renamed = updated(*V1, edition=1, name="Firm")
        given.when(UpdateDunningSequence(content=content(*SAME, name="Firm"))).then(renamed)
        state = sequence(CREATED, renamed).state
        assert (state.name, state.current, state.updated_at) == (
            "Firm",
            sequence(CREATED).state.current,
            LATER,
        )

    def test_nor_is_nothing_new(self):
        sequence(CREATED).when(UpdateDunningSequence(content=content(*SAME))).then_nothing()

    def test_other_words_and_another_way_of_counting_are(self):
        given = sequence(CREATED).at(LATER)
        words = UpdateDunningSequence(content=content(draft(0, 1, "Hi"), *SAME[1:]))
        given.when(words).then(updated(replace(V1[0], subject_template="Hi"), *V1[1:]))
        counted = UpdateDunningSequence(content=content(*SAME, delays_from="previous_sent"))
        given.when(counted).then(updated(*V1, delays_from="previous_sent"))

    @pytest.mark.parametrize("ids", [(9,), (1, 1)])
    def test_an_id_is_of_the_current_edition_and_stands_once(self, ids):
        steps = [draft(hours, number) for hours, number in enumerate(ids)]
        given = sequence(CREATED)
        given.when(UpdateDunningSequence(content=content(*steps))).then_rejected("unknown_step")
        create = CreateDunningSequence(workspace_id="w", content=content(draft(0, 1)))
        sequence().when(create).then_rejected("unknown_step")


class TestSteps:
    @pytest.mark.parametrize(
        "delays, delays_from, code",
        [
            ((-1,), "started_at", "wrong_delays"),
            ((0, 0), "started_at", "wrong_delays"),
            ((5, 3), "started_at", "wrong_delays"),
            ((0, 0), "previous_sent", "wrong_delays"),
            ((3, -1), "previous_sent", "wrong_delays"),
            ((), "started_at", "wrong_number_of_steps"),
            (tuple(range(MOST_STEPS + 1)), "started_at", "wrong_number_of_steps"),
        ],
    )
    def test_delays_that_make_no_sense(self, delays, delays_from, code):
        given = content(*map(draft, delays), delays_from=delays_from)
        with pytest.raises(Invalid) as invalid:
            sequence().when(CreateDunningSequence(workspace_id="w", content=given)).act()
        assert (invalid.value.code, invalid.value.field) == (code, "steps")

    @pytest.mark.parametrize(
        "delays, delays_from",
        [
            ((0,), "started_at"),
            (tuple(range(MOST_STEPS)), "started_at"),
            ((0, 72, 48), "previous_sent"),
            ((24, 24), "previous_sent"),
        ],
    )
    def test_s43_delays_that_do(self, delays, delays_from):
        """S-43: how delays count is said; from mail to mail they need not grow."""
        given = content(*map(draft, delays), delays_from=delays_from)
        (event,) = sequence().when(CreateDunningSequence(workspace_id="w", content=given)).act()
        assert (event.delays_from, tuple(each.delay_hours for each in event.steps)) == (delays_from, delays)

    def test_more_than_an_event_holds(self):
        large = replace(draft(0), body_template="é" * (LARGEST // 2))
        create = CreateDunningSequence(workspace_id="w", content=content(large))
        sequence().when(create).then_rejected("sequence_too_large")


class TestUse:
    """Every move of `is_enabled`: to where it is already is none."""

    def test_on_and_off(self):
        off, on = sequence(CREATED).at(LATER), sequence(CREATED, ENABLED).at(LATER)
        off.when(EnableDunningSequence()).then(ENABLED)
        off.when(DisableDunningSequence()).then_nothing()
        on.when(DisableDunningSequence()).then(DISABLED)
        on.when(EnableDunningSequence()).then_nothing()
        assert (off.state.is_enabled, on.state.is_enabled) == (False, True)
        assert not sequence(CREATED, ENABLED, DISABLED).state.is_enabled


def test_it_is_listed_under_its_workspace_without_its_words():
    listing = DUNNING_SEQUENCE.listed(sequence(CREATED, ENABLED).state, "q")
    assert listing.collection == ("DUNNING_SEQUENCES#w", "q")
    assert listing.summary["step_count"] == 3
    assert listing.summary["is_enabled"] is True


DRAFTS = st.lists(st.integers(0, 400), min_size=1, max_size=4, unique=True).map(
    lambda delays: tuple(draft(delay) for delay in sorted(delays))
)
COMMANDS = st.one_of(
    st.builds(UpdateDunningSequence, content=DRAFTS.map(lambda drafts: content(*drafts))),
    st.just(UpdateDunningSequence(content=content(draft(0)))),
    st.just(EnableDunningSequence()),
    st.just(DisableDunningSequence()),
)


@given(st.lists(COMMANDS, max_size=10))
def test_editions_only_ever_grow_and_the_fold_is_the_stored_state(commands):
    history, state = (CREATED,), sequence(CREATED).state
    for command in commands:
        try:
            events = DUNNING_SEQUENCE.answer(command, state, NOON)
        except Rejected:
            continue
        was = state
        history, state = (*history, *events), DUNNING_SEQUENCE.fold(events, state)
        grown = state.current.edition - was.current.edition
        assert grown == (state.current != was.current)
    assert_folds_as_stored(DUNNING_SEQUENCE, history)
