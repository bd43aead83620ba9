from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.spec import ANN, NOON, TENANT
from troupe.ids import new_id
from troupe.security import sessions
from troupe.security.secrets import SigningKeys
from troupe.store.keys import SYSTEM

NOW = NOON.now
TOKEN = sessions.fresh(TENANT, ANN, new_id())
KEYS = SigningKeys(current="1", keys={"1": "k" * 32})
NEXT = sessions.successor(TOKEN, KEYS)


def session(**more):
    held = {"principal_id": ANN, "epoch": 0, "current": TOKEN.digest}
    return held | {"expires_at": int((NOW + sessions.LASTS).timestamp())} | more


def after(seconds):
    return NOW + timedelta(seconds=seconds)


USED = {"digest": TOKEN.digest, "at": int(NOW.timestamp())}
OTHER = {"digest": "another", "at": int(NOW.timestamp())}
ROTATED = session(current=NEXT.digest, recent=[USED])


@pytest.mark.parametrize(
    "held, token, at, verdict",
    [
        (session(), TOKEN, NOW, "rotate"),
        (ROTATED, NEXT, after(60), "rotate"),
        (ROTATED, TOKEN, after(30), "repeat"),  # the response was lost
        (session(current="other", recent=[USED]), TOKEN, after(30), "repeat"),  # another tab is ahead
        (session(current="other", recent=[OTHER, USED]), TOKEN, after(30), "repeat"),  # of two used ones
        (ROTATED, TOKEN, after(31), "reused"),
        (session(current="other"), TOKEN, NOW, "reused"),
        (session(), TOKEN, NOW + sessions.LASTS, "ended"),
        (session(epoch=1), TOKEN, NOW, "ended"),
        (session(ended_at=1), TOKEN, NOW, "ended"),
        (session(principal_id=new_id()), TOKEN, NOW, "ended"),
    ],
)
def test_what_a_token_is_worth(held, token, at, verdict):
    assert sessions.judge(held, token, 0, at) == verdict


def test_a_used_token_has_one_successor():
    assert sessions.successor(TOKEN, KEYS) == NEXT
    assert sessions.successor(NEXT, KEYS) not in {TOKEN, NEXT}
    another = replace(TOKEN, session_id=new_id())
    assert sessions.successor(another, KEYS).secret != NEXT.secret
    other_keys = SigningKeys(current="1", keys={"1": "x" * 32})
    assert sessions.successor(TOKEN, other_keys) != NEXT


def test_a_token_reads_as_it_was_written():
    assert sessions.read(TOKEN.text()) == TOKEN
    operator = replace(TOKEN, tenant_id=SYSTEM)
    assert sessions.read(operator.text()) == operator


@given(st.text(max_size=300))
def test_any_other_text_is_none(text):
    assert sessions.read(text) is None


def test_a_token_of_no_tenant_is_none():
    assert sessions.read(replace(TOKEN, tenant_id="x").text()) is None
    assert sessions.read(replace(TOKEN, session_id="x").text()) is None
    assert sessions.read(replace(TOKEN, principal_id="x").text()) is None
