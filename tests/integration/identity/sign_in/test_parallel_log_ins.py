"""A hundred wrong passwords at once: no more hashes are compared than the limit allows, and each failure is told."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from identity.sign_in.decider import LIMIT
from support.dynamodb import stored_events
from support.identity.sign_in import HERE, RIGHT, WRONG, attempts_from, log_in, member, sign_in
from troupe.store import reads, writes
from troupe.store.commit import commit

CROWD = 100


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch):
    monkeypatch.setattr("troupe.store.commit.pause", lambda *_: None)
    monkeypatch.setattr("troupe.store.transact.pause", lambda *_: None)
    # An environment of Lambda answers one request at a time, and so are its metrics counted.
    monkeypatch.setattr("troupe.edge.endpoint.conclude", lambda name, **keys: None)


def at_once(email, passwords):
    start = threading.Barrier(len(passwords))

    def guess(password):
        start.wait()
        reply = log_in(email, password)
        return reply.status, reply.body.get("code")

    with ThreadPoolExecutor(len(passwords)) as crowd:
        return Counter(crowd.map(guess, passwords))


@pytest.mark.parametrize("window", [None, {"attempts": 4, "ends_at": 1}, {"attempts": 0, "ends_at": 0}])
def test_a_hundred_guesses(tenant, clock, compared, window):
    """S-50 of commerce: without guesses before, with old guesses, and after the attempts were forgotten."""
    who = member(tenant)
    if window:
        commit([writes.put(attempts_from(HERE, who.id), window)])
    answers = at_once(who.email, [WRONG] * CROWD)
    assert compared["n"] == LIMIT
    assert answers == {(401, "sign_in_failed"): LIMIT, (403, "account_locked"): CROWD - LIMIT}
    assert sorted(each.data["attempt"] for each in stored_events("user.login_failed")) == list(
        range(1, LIMIT + 1)
    )
    assert len(stored_events("user.locked")) == 1
    state = sign_in(who.id).state
    assert state.locked(clock())
    assert reads.one(attempts_from(HERE, who.id))["ends_at"] == state.locked_until.timestamp()


def test_a_hundred_guesses_at_an_unknown_address(tenant, clock, compared):
    answers = at_once("unknown@example.com", [WRONG] * CROWD)
    assert compared["n"] == LIMIT
    assert answers == {(401, "sign_in_failed"): LIMIT, (403, "account_locked"): CROWD - LIMIT}


def test_the_right_one_among_them_buys_no_more_guesses_than_a_window_each(tenant, clock, compared):
    """A success forgets the attempts before it, so at most two windows are spent."""
    who = member(tenant)
    answers = at_once(who.email, [WRONG] * 30 + [RIGHT])
    assert compared["n"] <= 2 * LIMIT
    assert answers[200, None] <= 1
    assert sum(answers.values()) == 31


def test_parallel_correct_passwords_all_succeed(tenant, clock):
    who = member(tenant)
    answers = at_once(who.email, [RIGHT] * LIMIT)
    assert answers == {(200, None): LIMIT}
    assert len(stored_events("user.logged_in")) == LIMIT
    assert sign_in(who.id).state.attempts == 0
