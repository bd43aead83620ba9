"""A connected Stripe account: every move between connected, disconnected and released, legal or not."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.stripe_account.decider import (
    STRIPE_ACCOUNT,
    ConnectStripeAccount,
    DisconnectStripeAccount,
    NoteDeauthorization,
    ReleaseStripeAccount,
    StripeAccountConnected,
    StripeAccountDisconnected,
    StripeAccountReconnected,
    StripeAccountReleased,
    id_of,
)
from support.spec import ANN, NOON, OTHER, TENANT, Given, assert_folds_as_stored
from troupe.domain.decider import Rejected

ACCT = "acct_1"
CONNECTED = StripeAccountConnected(
    workspace_id="w", stripe_account_id=ACCT, livemode=True, scopes=("read_write",), connected_at=NOON.now
)
CONNECT = ConnectStripeAccount(
    workspace_id="w", stripe_account_id=ACCT, livemode=True, scopes=("read_write", "read_write")
)
LATER = NOON.now + timedelta(hours=1)
LATEST = NOON.now + timedelta(hours=2)


def ended(at=LATER, reason="requested"):
    return StripeAccountDisconnected(
        workspace_id="w", stripe_account_id=ACCT, reason=reason, disconnected_at=at
    )


def free(at=LATER):
    return StripeAccountReleased(stripe_account_id=ACCT, released_at=at)


def again(at=LATEST, **changes):
    shown = {
        "workspace_id": "w",
        "stripe_account_id": ACCT,
        "livemode": True,
        "scopes": ("read_write",),
        "connected_at": at,
    }
    return StripeAccountReconnected(**{**shown, **changes})


account = Given(STRIPE_ACCOUNT)
RELEASE = ReleaseStripeAccount(disconnected_at=LATER)
HEARD = NoteDeauthorization(at=LATEST)
CASES = {
    "connected": (CONNECTED,),
    "disconnected": (CONNECTED, ended()),
    "released": (CONNECTED, ended(), free()),
}


class TestMoves:
    """By the state it is in: connect, disconnect, release, and what Stripe tells."""

    def test_none_yet(self):
        account().when(CONNECT).then(CONNECTED)

    @pytest.mark.parametrize(
        "case, command, expected",
        [
            ("connected", CONNECT, ()),
            ("connected", DisconnectStripeAccount(), (ended(LATEST),)),
            ("connected", RELEASE, ()),
            ("connected", HEARD, (ended(LATEST, "deauthorized"), free(LATEST))),
            ("disconnected", CONNECT, (again(),)),
            ("disconnected", DisconnectStripeAccount(), ()),
            ("disconnected", RELEASE, (free(LATEST),)),
            ("disconnected", HEARD, (free(LATEST),)),
            ("released", CONNECT, (again(),)),
            ("released", DisconnectStripeAccount(), ()),
            ("released", RELEASE, ()),
            ("released", HEARD, ()),
        ],
    )
    def test_every_other(self, case, command, expected):
        given = account(*CASES[case]).at(LATEST)
        assert given.when(command).act() == expected

    @pytest.mark.parametrize(
        "case, status, disconnected_at, released_at",
        [
            ("connected", "connected", None, None),
            ("disconnected", "disconnected", LATER, None),
            ("released", "disconnected", LATER, LATER),
        ],
    )
    def test_what_it_shows(self, case, status, disconnected_at, released_at):
        state = account(*CASES[case]).state
        assert (state.status, state.disconnected_at) == (status, disconnected_at)
        assert state.released_at == released_at


class TestConnectingAgain:
    def test_it_begins_anew(self):
        state = account(*CASES["released"], again()).state
        assert (state.status, state.connected_at) == ("connected", LATEST)
        assert (state.disconnected_at, state.disconnected_reason, state.released_at) == (None, None, None)

    def test_other_scopes_are_news_of_a_connected_one(self):
        wider = ConnectStripeAccount(
            workspace_id="w", stripe_account_id=ACCT, livemode=True, scopes=("b", "a", "b")
        )
        account(CONNECTED).at(LATEST).when(wider).then(again(scopes=("a", "b")))

    def test_the_release_of_an_older_connection_is_nothing_to_this_one(self):
        newer = account(CONNECTED, ended(), again(), ended(LATEST + timedelta(hours=1)))
        newer.when(RELEASE).then_nothing()


class TestWhatStripeTells:
    def test_s39_it_ends_the_connection(self):
        """S-39: an account that was deauthorized at Stripe is disconnected at the instant that Stripe says."""
        state = account(CONNECTED, *account(CONNECTED).when(HEARD).act()).state
        assert (state.disconnected_at, state.disconnected_reason) == (LATEST, "deauthorized")

    def test_late_news_of_the_connection_before_says_nothing(self):
        late = NoteDeauthorization(at=LATER)
        account(*CASES["released"], again()).when(late).then_nothing()
        account(*CASES["disconnected"], again()).when(late).then_nothing()

    def test_whole_seconds_of_stripe_do_not_precede_our_fractions(self):
        precise = NOON.now.replace(microsecond=400_000)
        begun = StripeAccountConnected(
            workspace_id="w", stripe_account_id=ACCT, livemode=True, scopes=(), connected_at=precise
        )
        told = account(begun).when(NoteDeauthorization(at=NOON.now))
        told.then(ended(precise, "deauthorized"), free(precise))


def test_the_id_is_of_workspace_and_account():
    assert id_of(TENANT, ACCT) == id_of(TENANT, ACCT)
    assert len({id_of(TENANT, ACCT), id_of(OTHER, ACCT), id_of(TENANT, "acct_2"), id_of(ANN, ACCT)}) == 4


def test_it_is_listed_under_its_workspace():
    listing = STRIPE_ACCOUNT.listed(account(*CASES["disconnected"]).state, "a")
    assert listing.collection == ("STRIPE_ACCOUNTS#w", "a")
    assert listing.summary["disconnected_at"] == LATER.isoformat()
    assert STRIPE_ACCOUNT.listed(account(CONNECTED).state, "a").summary["disconnected_at"] is None


INSTANTS = st.integers(0, 5).map(lambda hours: NOON.now + timedelta(hours=hours))
COMMANDS = st.one_of(
    st.builds(
        ConnectStripeAccount,
        workspace_id=st.just("w"),
        stripe_account_id=st.just(ACCT),
        livemode=st.booleans(),
        scopes=st.lists(st.sampled_from("ab")).map(tuple),
    ),
    st.just(DisconnectStripeAccount()),
    st.builds(ReleaseStripeAccount, disconnected_at=INSTANTS),
    st.builds(NoteDeauthorization, at=INSTANTS),
)


@given(st.lists(st.tuples(COMMANDS, INSTANTS), max_size=15))
def test_invariants_hold_after_any_commands(commands):
    history, state = (), None
    for command, now in sorted(commands, key=lambda each: each[1]):
        context = account.at(now).context
        try:
            events = STRIPE_ACCOUNT.answer(command, state, context)
        except Rejected:
            continue
        history, state = (*history, *events), STRIPE_ACCOUNT.fold(events, state)
        assert STRIPE_ACCOUNT.answer(command, state, context) == ()
        assert state.released_at is None or state.disconnected_at is not None
        assert state.disconnected_at is None or state.disconnected_at >= state.connected_at
    assert_folds_as_stored(STRIPE_ACCOUNT, history)
