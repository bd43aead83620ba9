import pytest

from support.dynamodb import round_trips, stored_events, stored_items
from support.identity.sign_in import failing, log_in, member, refresh
from support.identity.tenant import Call
from support.spec import OTHER, TENANT
from troupe.security import sessions
from troupe.security.credential import CREDENTIAL, MoveCredential, SetRoles
from troupe.security.secrets import signing_keys
from troupe.security.tokens import read_access
from troupe.store import keys, reads, writes
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.transact import execute

ENDED = (401, "session_ended")


def answer(reply):
    return reply.status, reply.body.get("code")


def opened(tenant, **given):
    who = member(tenant, **given)
    return who, log_in(who.email).body["refresh_token"]


def session_of(text):
    token = sessions.read(text)
    return reads.one(keys.session(token.tenant_id, token.session_id))


def test_a_token_gets_a_fresh_pair(tenant, clock):
    who, token = opened(tenant)
    clock.forward(minutes=20)
    before = stored_events()
    with round_trips() as made:
        reply = refresh(token)
    assert reply.status == 200
    assert made == ["BatchGetItem", "TransactWriteItems"]
    assert reply.body["refresh_token"] != token
    assert sessions.read(reply.body["refresh_token"]).session_id == sessions.read(token).session_id
    assert read_access(reply.body["access_token"], signing_keys(), clock()).principal_id == who.id
    assert reply.body["user"]["id"] == who.id
    assert stored_events() == before
    assert refresh(reply.body["refresh_token"]).status == 200


def test_a_session_lasts_a_month_from_its_last_use(tenant, clock):
    _, token = opened(tenant)
    for _ in range(3):
        clock.forward(days=29)
        token = refresh(token).body["refresh_token"]
    clock.forward(days=30)
    assert answer(refresh(token)) == ENDED


def test_a_response_that_was_lost_is_made_good_for_half_a_minute(tenant, clock):
    _, token = opened(tenant)
    refresh(token)
    clock.forward(seconds=30)
    again = refresh(token)
    assert again.status == 200
    clock.forward(seconds=1)
    assert refresh(again.body["refresh_token"]).status == 200


@pytest.mark.parametrize("late", [31, 3600])
def test_a_token_that_is_used_again_ends_the_session(tenant, clock, late, log):
    _, stolen = opened(tenant)
    latest = refresh(stolen).body["refresh_token"]
    clock.forward(seconds=late)
    assert answer(refresh(stolen)) == ENDED
    assert answer(refresh(latest)) == ENDED
    assert "refresh_token_reused" in log.getvalue()
    assert "ended_at" in session_of(latest)


def test_a_token_whose_successor_was_used_gets_the_same_successor_for_half_a_minute(tenant, clock):
    _, first = opened(tenant)
    second = refresh(first).body["refresh_token"]
    third = refresh(second).body["refresh_token"]
    assert refresh(first).body["refresh_token"] == second
    assert refresh(third).status == 200
    clock.forward(seconds=31)
    assert answer(refresh(second)) == ENDED


def test_a_used_token_gets_the_same_answer_byte_for_byte(tenant, clock):
    _, token = opened(tenant)
    first = refresh(token).body
    clock.forward(seconds=20)
    before = stored_items()
    assert refresh(token).body == first
    assert stored_items() == before


@pytest.mark.parametrize("times", [2, 10])
def test_tabs_that_refresh_at_once_stay_signed_in(tenant, clock, times):
    """In every order of reads and writes all get the same pair, and can go on with it."""
    _, token = opened(tenant)
    inner = []

    def meanwhile(write):
        inner.append(refresh(token))
        return write()

    with failing(*(meanwhile for _ in range(times - 1))):
        replies = [refresh(token)]
    replies += inner
    assert [reply.status for reply in replies] == [200] * times
    assert len({reply.body["refresh_token"] for reply in replies}) == 1
    clock.forward(minutes=14)
    assert refresh(replies[0].body["refresh_token"]).status == 200


@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_who_may_not_come_in_any_more(tenant, clock, status):
    who, token = opened(tenant)
    execute(tenant._scope(), Ref(decider=CREDENTIAL, id=who.id), MoveCredential(status=status))
    assert answer(refresh(token)) == ENDED


def test_a_suspension_that_was_lifted_has_ended_the_session_all_the_same(tenant, clock):
    who, token = opened(tenant)
    for status in ("suspended", "active"):
        execute(tenant._scope(), Ref(decider=CREDENTIAL, id=who.id), MoveCredential(status=status))
    assert answer(refresh(token)) == ENDED


@pytest.mark.parametrize("status, expected", [("suspended", (200, None)), ("cancelled", ENDED)])
def test_the_tenant_s_standing(tenant, clock, status, expected):
    _, token = opened(tenant)
    commit([writes.update(keys.standing(TENANT), "SET #s = :s", {"s": status}, names={"#s": "status"})])
    assert answer(refresh(token)) == expected


def test_a_role_that_was_given_meanwhile(tenant, clock):
    who, token = opened(tenant)
    execute(tenant._scope(), Ref(decider=CREDENTIAL, id=who.id), SetRoles(roles=("consumer", "admin")))
    assert "user:suspend" in refresh(token).body["user"]["permissions"]


def forged(token, **other):
    from dataclasses import replace

    return replace(sessions.read(token), **other).text()


@pytest.mark.parametrize(
    "other",
    [{"tenant_id": OTHER}, {"session_id": OTHER}, {"principal_id": OTHER}, {"tenant_id": keys.SYSTEM}],
)
def test_a_token_that_names_something_else(tenant, clock, other):
    _, token = opened(tenant)
    before = stored_items()
    assert answer(refresh(forged(token, **other))) == ENDED
    assert stored_items() == before


def test_a_forged_principal_is_refused(tenant, clock):
    """The session's principal counts, not the one in the token."""
    _, token = opened(tenant)
    admin = member(tenant, roles=("admin",))
    assert answer(refresh(forged(token, principal_id=admin.id))) == ENDED


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "é" * 40])
def test_what_never_was_a_token(table, clock, text):
    assert answer(refresh(text)) == ENDED


def test_bad_bodies(table, clock):
    reply = Call("refresh_token", "POST /sessions/refresh", {"token": "x"})(principal=None)
    assert (reply.status, reply.body["code"]) == (422, "invalid_request")
    too_long = refresh("x" * 2000)
    assert (too_long.status, too_long.body["errors"][0]["field"]) == (422, "refresh_token")
