"""What holds of a user whatever happens, and of events that come late, twice or from long ago."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from ann import HISTORIES, OWN, STUDIO, created, deleted, promoted, suspended, user, verified
from identity.user import USER, Nobody, User
from identity.user_commands import (
    AddToOrganization,
    AssignRole,
    ChangeEmail,
    DeleteUser,
    PromoteToLeader,
    ReactivateUser,
    RemoveFromOrganization,
    RestoreUser,
    RevokeRole,
    SuspendUser,
    UpdateEmailPreferences,
    UpdateProfile,
    VerifyUser,
)
from identity.user_events import EVENTS, LIFECYCLE, EmailPreferences, UserCreated
from spec import NOON, assert_folds_as_stored
from troupe.aggregates import parse
from troupe.decider import Rejected


def test_events_that_come_to_nobody_or_twice_change_nothing():
    assert USER.evolve(Nobody(), verified) == Nobody()
    state = user(*HISTORIES["active"]).state
    other = replace(created, email="other@example.com")
    assert (
        USER.evolve(state, other).email == "other@example.com"
    )  # a stream begins once; the store sees to it


def test_every_event_has_a_name():
    assert {
        USER.type_of(event) for event in (created, verified, suspended, deleted, promoted)
    } <= EVENTS.keys()
    assert len(set(EVENTS.values())) == len(EVENTS)


ROLES = st.sampled_from(["owner", "admin", OWN])
COMMANDS = st.one_of(
    st.just(VerifyUser()),
    st.builds(SuspendUser, reason=st.sampled_from(["spam", "fraud"])),
    st.just(ReactivateUser()),
    st.just(DeleteUser()),
    st.builds(RestoreUser, own_roles=st.frozensets(st.just(OWN))),
    st.builds(AssignRole, role=ROLES),
    st.builds(RevokeRole, role=ROLES),
    st.builds(AddToOrganization, organization_id=st.sampled_from("abc")),
    st.builds(RemoveFromOrganization, organization_id=st.sampled_from("abc")),
    st.builds(ChangeEmail, email=st.sampled_from(["a@example.com", "b@example.com"])),
    st.builds(PromoteToLeader, business=st.just(STUDIO)),
    st.builds(
        UpdateEmailPreferences, email_preferences=st.builds(EmailPreferences, promotions=st.booleans())
    ),
    st.builds(
        UpdateProfile,
        changes=st.fixed_dictionaries(
            {},
            optional={
                "display_name": st.text(min_size=1, max_size=5),
                "bio": st.none() | st.text(max_size=5),
                "birth_date": st.none() | st.dates(max_value=date(2026, 1, 1)),
                "business": st.none() | st.just(STUDIO),
            },
        ),
    ),
)


@st.composite
def lives(draw):
    """What can happen to somebody, from sign-up on; with how it stood after each command."""
    history, states = [created], [USER.fold((created,))]
    for command in draw(st.lists(COMMANDS, max_size=25)):
        try:
            events = USER.decide(command, states[-1], NOON)
        except Rejected:
            continue
        history += events
        states.append(USER.fold(events, states[-1]))
        assert USER.decide(command, states[-1], NOON) == (), "what is in effect already is no event"
    return tuple(history), states


@settings(max_examples=150)
@given(lives())
def test_whatever_happens(life):
    history, states = life
    assert_folds_as_stored(USER, history)
    for was, now in pairwise(states):
        assert now.status == was.status or now.status in LIFECYCLE.moves[was.status]
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
