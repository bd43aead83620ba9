from datetime import timedelta
from itertools import pairwise

from hypothesis import given as examples
from hypothesis import strategies as st

from identity.sign_in.decider import (
    LIMIT,
    LIMIT_OF_ALL,
    LOCKED_FOR,
    PATIENCE,
    SIGN_IN,
    ChangePassword,
    EraseSignIn,
    FailLogIn,
    LogIn,
    RequestEmailChange,
    RequestPasswordReset,
    RequestVerification,
    Unlock,
)
from identity.sign_in.events import (
    UserEmailChangeRequested,
    UserLocked,
    UserLoggedIn,
    UserLoginFailed,
    UserPasswordChanged,
    UserPasswordResetRequested,
    UserSignInPersonalDataErased,
    UserUnlocked,
    UserVerificationRequested,
)
from support.spec import ANN, NOON, Given, assert_folds_as_stored
from troupe.domain.decider import Rejected

NOW, SECOND = NOON.now, timedelta(seconds=1)
HOME, AWAY = "203.0.113.7", "198.51.100.9"
given = Given(SIGN_IN)

UNTIL = NOW + LOCKED_FOR
FIFTH = UserLoginFailed(source_address=AWAY, attempt=5, at=NOW)
LOCKED = UserLocked(until=UNTIL, attempts=5, for_all=False)
FIFTIETH = UserLoginFailed(source_address=AWAY, attempt=1, at=NOW)
SHUT = UserLocked(until=UNTIL, attempts=LIMIT_OF_ALL)
EXPIRED = UserUnlocked(reason="expired")


def failed(attempt, at=NOW):
    return UserLoginFailed(source_address=AWAY, attempt=attempt, at=at)


def fail(attempt):
    return FailLogIn(source_address=AWAY, attempt=attempt)


def logged_in(at=NOW):
    return UserLoggedIn(source_address=HOME, at=at)


class TestLogIn:
    def test_the_time_and_the_address_are_kept(self):
        given().when(LogIn(source_address=HOME)).then(logged_in())
        state = given(failed(2), logged_in()).state
        assert (state.last_login_at, state.last_login_address, state.attempts) == (NOW, HOME, 0)

    def test_locked_for_all_but_the_address_of_the_last_sign_in(self):
        shut = given(logged_in(), SHUT).at(UNTIL - SECOND)
        shut.when(LogIn(source_address=AWAY)).then_rejected("account_locked")
        shut.when(LogIn(source_address=HOME)).then(logged_in(UNTIL - SECOND))
        assert given(logged_in(), SHUT).state.locked_for_all

    def test_a_lock_of_another_address_is_none_here(self):
        given(LOCKED).at(UNTIL - SECOND).when(LogIn(source_address=HOME)).then(logged_in(UNTIL - SECOND))

    def test_a_lock_that_has_expired(self):
        given(LOCKED).at(UNTIL).when(LogIn(source_address=HOME)).then(EXPIRED, logged_in(UNTIL))
        assert given(LOCKED, EXPIRED).state.locked_until is None


class TestFailLogIn:
    def test_fewer_than_the_limit(self):
        for attempt in range(1, LIMIT):
            given().when(fail(attempt)).then(failed(attempt))
            assert given(failed(attempt)).state.attempts == attempt

    def test_the_last_one_locks(self):
        given().when(fail(LIMIT)).then(FIFTH, LOCKED)
        state = given(FIFTH, LOCKED).state
        assert (state.locked_until, state.attempts) == (UNTIL, LIMIT)
        assert (state.locked(UNTIL - SECOND), state.locked(UNTIL)) == (True, False)

    def test_one_that_was_overtaken_by_the_last_is_told_without_another_lock(self):
        given(FIFTH, LOCKED).when(fail(4)).then(failed(4))
        given(FIFTH, LOCKED).when(fail(5)).then(FIFTH)

    def test_the_last_one_of_all_addresses_locks_for_all(self):
        last = FailLogIn(source_address=AWAY, attempt=1, of_all=LIMIT_OF_ALL)
        given().when(last).then(FIFTIETH, SHUT)
        given(LOCKED).when(last).then(FIFTIETH, SHUT)
        given(SHUT).when(last).then(FIFTIETH)
        assert not given(SHUT, EXPIRED).state.locked_for_all

    def test_after_the_lock(self):
        given(LOCKED).at(UNTIL).when(fail(1)).then(EXPIRED, failed(1, UNTIL))


class TestUnlock:
    def test_locked(self):
        lifted = UserUnlocked(reason="lifted", by=ANN)
        given(LOCKED).when(Unlock()).then(lifted)
        state = given(FIFTH, LOCKED, lifted).state
        assert (state.locked_until, state.attempts) == (None, 0)

    def test_not_locked_changes_nothing(self):
        given().when(Unlock()).then_nothing()
        given(LOCKED, EXPIRED).when(Unlock()).then_nothing()


class TestChangePassword:
    def test_with_the_old_one(self):
        given().when(ChangePassword(how="changed")).then(UserPasswordChanged(how="changed", at=NOW))
        assert given(UserPasswordChanged(how="changed", at=NOW)).state.password_changed_at == NOW

    def test_by_mail_lifts_a_lock(self):
        reset = UserPasswordChanged(how="reset", at=NOW)
        given().when(ChangePassword(how="reset")).then(reset)
        given(LOCKED).when(ChangePassword(how="reset")).then(reset, UserUnlocked(reason="password_reset"))


class TestRequests:
    def test_a_mail_of_each_kind_in_a_minute(self):
        for command, event in (
            (RequestVerification(), UserVerificationRequested),
            (RequestPasswordReset(), UserPasswordResetRequested),
        ):
            given().when(command).then(event(at=NOW))
            given(event(at=NOW)).at(NOW + PATIENCE - SECOND).when(command).then_nothing()
            given(event(at=NOW)).at(NOW + PATIENCE).when(command).then(event(at=NOW + PATIENCE))

    def test_the_kinds_do_not_wait_for_each_other(self):
        given(UserVerificationRequested(at=NOW)).when(RequestPasswordReset()).then(
            UserPasswordResetRequested(at=NOW)
        )

    def test_another_address(self):
        asked = UserEmailChangeRequested(email="new@example.com", at=NOW)
        again = RequestEmailChange(email="new@example.com")
        given().when(again).then(asked)
        given(asked).when(again).then_nothing()
        given(asked).when(RequestEmailChange(email="other@example.com")).then_rejected("requested_too_soon")
        later = given(asked).at(NOW + PATIENCE)
        later.when(again).then(UserEmailChangeRequested(email="new@example.com", at=NOW + PATIENCE))


class TestErasure:
    ASKED = UserEmailChangeRequested(email="new@example.com", at=NOW, principal="supplier")
    ERASED = UserSignInPersonalDataErased(erased_at=NOW)

    def test_forgets_from_where_one_signed_in_and_the_address_that_was_asked_for(self):
        given(logged_in(), self.ASKED).when(EraseSignIn()).then(self.ERASED)
        state = given(logged_in(), self.ASKED, self.ERASED).state
        assert (state.last_login_address, state.email_change, state.last_login_at) == (None, None, NOW)

    def test_where_nothing_is_kept_or_it_was_done_nothing_happens(self):
        given(failed(1)).when(EraseSignIn()).then_nothing()
        given(logged_in(), self.ERASED).when(EraseSignIn()).then_nothing()

    def test_the_subject_is_the_principal_of_the_kind_that_asked(self):
        assert SIGN_IN.subjects_of(given(self.ASKED).state, ANN)["principal"] == f"supplier:{ANN}"
        assert SIGN_IN.subjects_of(given(logged_in()).state, ANN)["principal"] == f"user:{ANN}"


COMMANDS = st.one_of(
    st.just(LogIn(source_address=HOME)),
    st.builds(
        FailLogIn,
        source_address=st.just(AWAY),
        attempt=st.integers(1, LIMIT),
        of_all=st.sampled_from([1, LIMIT_OF_ALL]),
    ),
    st.just(Unlock()),
    st.builds(ChangePassword, how=st.sampled_from(["changed", "reset"])),
    st.sampled_from([RequestVerification(), RequestPasswordReset()]),
    st.builds(RequestEmailChange, email=st.sampled_from(["a@example.com", "b@example.com"])),
    st.just(EraseSignIn()),
)
STEPS = st.lists(st.tuples(COMMANDS, st.integers(0, 1200)), max_size=25)


def lived(steps):
    """What happens when these commands come, each so many seconds after the one before."""
    history, told = given(), []
    for command, seconds in steps:
        history = history.at(history.context.now + timedelta(seconds=seconds))
        try:
            events = history.when(command).act()
        except Rejected:
            events = ()
        told.append((history.context.now, history.state, command, events))
        history = history(*history.history, *events)
    return history, told


@examples(STEPS)
def test_a_locked_account_refuses_sign_in_and_is_locked_once(steps):
    for now, state, command, events in lived(steps)[1]:
        if not (state and state.locked(now)):
            continue
        wider = isinstance(command, FailLogIn) and command.of_all == LIMIT_OF_ALL and not state.locked_for_all
        assert wider or not any(isinstance(event, UserLocked) for event in events)
        out = isinstance(command, LogIn) and state.locked_out(command.source_address, now)
        assert not (out and events)


@examples(STEPS)
def test_two_mails_of_a_kind_are_a_minute_apart(steps):
    for kind in (UserVerificationRequested, UserPasswordResetRequested, UserEmailChangeRequested):
        asked = [each.at for each in lived(steps)[0].history if isinstance(each, kind)]
        assert all(later - earlier >= PATIENCE for earlier, later in pairwise(asked))


@examples(STEPS)
def test_the_fold_is_what_is_stored(steps):
    assert_folds_as_stored(SIGN_IN, lived(steps)[0].history)
