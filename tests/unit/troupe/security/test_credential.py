from itertools import product

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from support.spec import NOON, Given, assert_folds_as_stored
from troupe.domain.decider import Rejected
from troupe.security.credential import (
    CREDENTIAL,
    TRANSITIONS,
    CredentialEmailChanged,
    CredentialOpened,
    CredentialPasswordChanged,
    CredentialPersonalDataErased,
    CredentialRolesChanged,
    CredentialStatusChanged,
    EraseCredential,
    MoveCredential,
    OpenCredential,
    SetEmail,
    SetPassword,
    SetRoles,
)

given = Given(CREDENTIAL)
OPEN = OpenCredential(kind="user", email="ann@example.com", status="active", roles=("consumer",))


def opened(status="active"):
    return CredentialOpened(
        kind="user", email="ann@example.com", status=status, roles=("consumer",), opened_at=NOON.now
    )


def test_open():
    given().when(OPEN).then(opened())
    given(opened()).when(OPEN).then_rejected("credential_exists")


@pytest.mark.parametrize("was, to", list(product(TRANSITIONS.moves, repeat=2)))
def test_every_move(was, to):
    when = given(opened(was)).when(MoveCredential(status=to))
    if was == to:
        when.then_nothing()
    elif to in TRANSITIONS.moves[was]:
        when.then(CredentialStatusChanged(was=was, status=to))
    else:
        when.then_rejected("invalid_transition")


def test_erasing_closes_it_and_forgets_the_address_once():
    erased = CredentialPersonalDataErased()
    closed = CredentialStatusChanged(was="active", status="closed")
    given(opened()).when(EraseCredential()).then(closed, erased)
    given(opened("closed")).when(EraseCredential()).then(erased)
    given(opened("closed"), erased).when(EraseCredential()).then_nothing()
    state = given(opened(), closed, erased).state
    assert (state.email, state.status, state.epoch) == ("", "closed", 1)
    assert CREDENTIAL.subjects_of(state, "a")["principal"] == "user:a"


@pytest.mark.parametrize("status, epoch", [("suspended", 1), ("closed", 1)])
def test_suspending_ends_sessions(status, epoch):
    ended = given(opened(), CredentialStatusChanged(was="active", status=status))
    assert ended.state.epoch == epoch
    back = CredentialStatusChanged(was=status, status="active")
    assert given(*ended.history, back).state.epoch == epoch


def test_the_password():
    state = given(opened(), CredentialPasswordChanged()).state
    assert (state.epoch, state.password_version) == (1, 1)
    given(opened()).when(SetPassword()).then(CredentialPasswordChanged())


def test_roles_and_address():
    given(opened()).when(SetRoles(roles=("consumer",))).then_nothing()
    given(opened()).when(SetRoles(roles=("admin",))).then(CredentialRolesChanged(roles=("admin",)))
    given(opened()).when(SetEmail(email="ann@example.com")).then_nothing()
    given(opened()).when(SetEmail(email="b@example.com")).then(CredentialEmailChanged(email="b@example.com"))


@examples(
    st.lists(
        st.one_of(
            st.sampled_from(list(TRANSITIONS.moves)).map(lambda status: MoveCredential(status=status)),
            st.just(SetPassword()),
            st.just(SetRoles(roles=("admin",))),
            st.just(SetEmail(email="b@example.com")),
        )
    )
)
def test_an_epoch_never_goes_back_and_the_fold_is_what_is_stored(commands):
    history = [opened()]
    for command in commands:
        before = CREDENTIAL.fold(history)
        try:
            history += CREDENTIAL.answer(command, before, NOON)
        except Rejected as refusal:
            assert refusal.code == "invalid_transition"  # noqa: PT017
        assert CREDENTIAL.fold(history).epoch >= before.epoch
    assert_folds_as_stored(CREDENTIAL, tuple(history))
