"""Invariants of a user, and events that come late, twice or from long ago."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import get_type_hints

from hypothesis import given, settings
from hypothesis import strategies as st

from identity.user.commands import Command
from identity.user.decider import USER, User
from identity.user.events import EmailPreferences, UserCreated
from support.identity.user_histories import (
    HISTORIES,
    OWN,
    STUDIO,
    created,
    deleted,
    promoted,
    suspended,
    user,
    verified,
)
from support.spec import NOON, assert_folds_as_stored
from troupe.domain.decider import Rejected, cases
from troupe.store.aggregates import parse


def test_a_stream_begins_anew_with_its_first_event():
    state = user(*HISTORIES["active"]).state
    other = replace(created, email="other@example.com")
    assert USER.after(state, other).email == "other@example.com"  # a stream begins once; the store sees to it


def test_every_event_has_a_name():
    assert {
        USER.type_of(event) for event in (created, verified, suspended, deleted, promoted)
    } <= USER.events.keys()


ROLES = st.sampled_from(["owner", "admin", OWN])
STEPS = {("pending", "active"), ("active", "suspended"), ("suspended", "active")}
VALUES = {  # where any value of the field's type would not do
    "overtaken": st.booleans(),
    "reason": st.sampled_from(["spam", "fraud"]),
    "own_roles": st.frozensets(st.just(OWN)),
    "role": st.sampled_from(["owner", "admin", OWN]),
    "organization_id": st.sampled_from("abc"),
    "email": st.sampled_from(["a@example.com", "b@example.com"]),
    "business": st.just(STUDIO),
    "email_preferences": st.builds(EmailPreferences, promotions=st.booleans()),
    "changes": st.fixed_dictionaries(
        {},
        optional={
            "display_name": st.text(min_size=1, max_size=5),
            "bio": st.none() | st.text(max_size=5),
            "birth_date": st.none() | st.dates(max_value=date(2026, 1, 1)),
            "business": st.none() | st.just(STUDIO),
        },
    ),
}
COMMANDS = st.one_of(
    st.builds(
        command,
        **{name: VALUES.get(name, st.from_type(kind)) for name, kind in get_type_hints(command).items()},
    )
    for command in cases(Command)
)


@st.composite
def lives(draw):
    """Any life of a user from sign-up on, with the state after each command."""
    history, states = [created], [USER.fold((created,))]
    for command in draw(st.lists(COMMANDS, max_size=25)):
        try:
            events = USER.answer(command, states[-1], NOON)
        except Rejected:
            continue
        history += events
        states.append(USER.fold(events, states[-1]))
        assert USER.answer(command, states[-1], NOON) == (), "what is in effect already is no event"
    return tuple(history), states


@settings(max_examples=150)
@given(lives())
def test_invariants_hold_after_any_commands(life):
    history, states = life
    assert_folds_as_stored(USER, history)
    for was, now in pairwise(states):
        assert (
            now.status == was.status
            or "deleted" in {was.status, now.status}
            or (was.status, now.status) in STEPS
        )
    for state in states:
        assert isinstance(state, User)
        assert state.roles[0] == state.kind
        assert len(set(state.roles)) == len(state.roles)
        assert len(set(state.organizations)) == len(state.organizations)
        assert (
            (state.status == "deleted")
            == (state.deleted_at is not None)
            == bool(state.status_before_deletion)
        )
        assert (state.profile.business is not None) == (state.kind == "leader")


def test_an_old_event_without_the_newer_fields_is_still_read():
    old = '{"kind":"consumer","email":"a@example.com","profile":{"display_name":"A"},"roles":[],"created_at":"2026-01-01T00:00:00Z"}'
    read = parse(UserCreated, old)
    assert (read.invited, read.profile.bio, read.created_at) == (
        False,
        None,
        datetime(2026, 1, 1, tzinfo=UTC),
    )
