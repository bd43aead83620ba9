import pytest

from support.dynamodb import round_trips, stored_items
from support.identity.sign_in import log_in, member, refresh
from support.identity.tenant import Call
from support.spec import OTHER, TENANT
from troupe.ids import new_id
from troupe.security import sessions
from troupe.store import keys

_log_out = Call("log_out", "POST /sessions/log-out")
OUT = (200, {"status": "signed_out"})


def log_out(token, **given):
    reply = _log_out(body={"refresh_token": token}, principal=None, **given)
    return reply.status, reply.body


def test_a_session_that_was_left_gives_no_more_tokens(tenant, clock):
    who = member(tenant)
    mine, other = (log_in(who.email).body["refresh_token"] for _ in range(2))
    with round_trips() as made:
        assert log_out(mine) == OUT
    assert made == ["BatchGetItem", "TransactWriteItems"]
    assert refresh(mine).status == 401
    assert refresh(other).status == 200


def test_log_out_works_with_the_token_before_a_lost_response(tenant, clock):
    token = log_in(member(tenant).email).body["refresh_token"]
    latest = refresh(token).body["refresh_token"]
    assert log_out(token) == OUT
    assert refresh(latest).status == 401


def test_twice_is_once(tenant, clock):
    token = log_in(member(tenant).email).body["refresh_token"]
    log_out(token)
    before = stored_items()
    assert log_out(token) == OUT
    assert stored_items() == before


@pytest.mark.parametrize("tenant_id", [TENANT, OTHER, keys.SYSTEM])
def test_a_token_of_no_session_is_answered_alike(tenant, clock, tenant_id):
    token = log_in(member(tenant).email).body["refresh_token"]
    before = stored_items()
    guessed = sessions.fresh(tenant_id, new_id(), sessions.read(token).session_id)
    assert log_out(guessed.text()) == OUT
    assert log_out("nonsense") == OUT
    assert stored_items() == before
    assert refresh(token).status == 200


def test_bad_bodies(table):
    assert _log_out(body={}, principal=None).status == 422
