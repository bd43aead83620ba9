"""A workspace: created once, updated in parts, deactivated and reactivated; and its invariants."""

from dataclasses import asdict, replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.workspace.decider import (
    WORKSPACE,
    AdoptSequence,
    CreateWorkspace,
    DeactivateWorkspace,
    ReactivateWorkspace,
    UpdateWorkspace,
    Workspace,
    WorkspaceCreated,
    WorkspaceDeactivated,
    WorkspaceReactivated,
    WorkspaceUpdated,
)
from recovery.workspace.settings import Settings, SettingsChanges
from support.spec import ANN, NOON, Given, assert_folds_as_stored
from troupe.domain.decider import Rejected

CREATED = WorkspaceCreated(
    name="Acme",
    owner_user_id=ANN,
    timezone="Europe/Berlin",
    billing_plan="pro",
    settings=Settings(retry_limit=4),
    created_at=NOON.now,
)
LATER = NOON.now + timedelta(hours=1)
DEACTIVATED = WorkspaceDeactivated(deactivated_at=LATER)
REACTIVATED = WorkspaceReactivated(reactivated_at=LATER)
workspace = Given(WORKSPACE)
CREATE = CreateWorkspace(
    name="Acme",
    owner_user_id=ANN,
    timezone="Europe/Berlin",
    billing_plan="pro",
    settings={"retry_limit": 4},
)


def updated(**changes):
    as_created = {name: value for name, value in asdict(CREATED).items() if name != "created_at"}
    shown = {**as_created, "settings": CREATED.settings, "default_sequence_id": None, "updated_at": LATER}
    return WorkspaceUpdated(**{**shown, **changes})


class TestMaking:
    def test_once_with_the_settings_that_are_given_and_the_defaults(self):
        workspace().when(CREATE).then(CREATED)
        assert Settings().retry_limit == 8

    def test_it_is_active_and_has_no_default_sequence(self):
        state = workspace(CREATED).state
        assert (state.is_active, state.default_sequence_id) == (True, None)
        assert (state.created_at, state.updated_at) == (NOON.now, NOON.now)


class TestChanging:
    def test_what_is_not_named_stays(self):
        given = workspace(CREATED).at(LATER)
        given.when(UpdateWorkspace(changes={"name": "Acme Two"})).then(updated(name="Acme Two"))
        settings = replace(CREATED.settings, mail_cap=1)
        given.when(UpdateWorkspace(settings={"mail_cap": 1})).then(updated(settings=settings))
        assert workspace(CREATED, updated(name="Acme Two")).state == replace(
            workspace(CREATED).state, name="Acme Two", updated_at=LATER
        )

    def test_nothing_new_is_no_event(self):
        workspace(CREATED).when(UpdateWorkspace()).then_nothing()
        same = UpdateWorkspace(changes={"name": "Acme"}, settings={"retry_limit": 4})
        workspace(CREATED).when(same).then_nothing()

    def test_the_first_sequence_is_the_default_until_another_is_named(self):
        given = workspace(CREATED).at(LATER)
        first = updated(default_sequence_id="s1")
        given.when(AdoptSequence(sequence_id="s1")).then(first)
        workspace(CREATED, first).when(AdoptSequence(sequence_id="s2")).then_nothing()
        named = UpdateWorkspace(changes={"default_sequence_id": "s2"})
        workspace(CREATED, first).at(LATER).when(named).then(updated(default_sequence_id="s2"))
        none = UpdateWorkspace(changes={"default_sequence_id": None})
        workspace(CREATED, first).at(LATER).when(none).then(updated())

    @pytest.mark.parametrize("was, to", [*product(("starter", "pro", "growth"), repeat=2)])
    def test_every_plan_becomes_every_other(self, was, to):
        given = workspace(replace(CREATED, billing_plan=was)).at(LATER)
        change = given.when(UpdateWorkspace(changes={"billing_plan": to}))
        if was == to:
            change.then_nothing()
        else:
            change.then(updated(billing_plan=to))


class TestRest:
    """Every move of `is_active`: to where it is already is none."""

    def test_active_to_inactive_and_back(self):
        given = workspace(CREATED).at(LATER)
        given.when(DeactivateWorkspace()).then(DEACTIVATED)
        given.when(ReactivateWorkspace()).then_nothing()
        asleep = workspace(CREATED, DEACTIVATED).at(LATER)
        asleep.when(ReactivateWorkspace()).then(REACTIVATED)
        asleep.when(DeactivateWorkspace()).then_nothing()
        assert not asleep.state.is_active
        assert workspace(CREATED, DEACTIVATED, REACTIVATED).state.is_active

    def test_one_at_rest_can_be_changed(self):
        given = workspace(CREATED, DEACTIVATED).at(LATER)
        given.when(UpdateWorkspace(changes={"name": "B"})).then(updated(name="B"))


def test_it_is_listed_from_the_moment_it_is_there():
    listing = WORKSPACE.listed(workspace(CREATED, DEACTIVATED).state, "w")
    assert listing.collection == ("WORKSPACES", "w")
    assert (listing.summary["name"], listing.summary["is_active"]) == ("Acme", False)


def as_stored(changes):
    """Amounts as a plain dictionary, which is what a body has; any other mapping is not JSON."""
    amounts = changes.get("mail_thresholds")
    return changes if amounts is None else {**changes, "mail_thresholds": dict(amounts)}


COMMANDS = st.one_of(
    st.just(CREATE),
    st.builds(
        UpdateWorkspace,
        changes=st.fixed_dictionaries(
            {},
            optional={
                "name": st.sampled_from("AB"),
                "billing_plan": st.sampled_from(["starter", "growth"]),
                "default_sequence_id": st.sampled_from([None, "s1", "s2"]),
            },
        ),
        settings=st.from_type(SettingsChanges).map(as_stored),
    ),
    st.builds(AdoptSequence, sequence_id=st.sampled_from(["s1", "s2"])),
    st.just(DeactivateWorkspace()),
    st.just(ReactivateWorkspace()),
)


@given(st.lists(COMMANDS, max_size=12))
def test_invariants_hold_after_any_commands(commands):
    history, state = (), None
    for command in commands:
        try:
            events = WORKSPACE.answer(command, state, NOON)
        except Rejected:
            continue
        history, state = (*history, *events), WORKSPACE.fold(events, state)
        assert isinstance(state, Workspace)
        if not isinstance(command, CreateWorkspace):
            assert WORKSPACE.answer(command, state, NOON) == ()
    assert_folds_as_stored(WORKSPACE, history)
