"""Guesses and strangers by where they come from: one client locks itself out, and nobody else."""

import pytest

from identity.sign_in.decider import LIMIT, LIMIT_OF_ALL
from support.dynamodb import all_items, stored_events
from support.identity.sign_in import HERE, RIGHT, WRONG, log_in, member, sign_in
from support.identity.tenant import Call
from troupe.quota.source_limits import MAILS, WRONG_PASSWORDS

ELSEWHERE = "198.51.100.9"
FAILED, LOCKED, TOO_MANY = (401, "sign_in_failed"), (403, "account_locked"), (429, "too_many_requests")


def guess(email, source=ELSEWHERE, password=WRONG):
    reply = log_in(email, password, source=source)
    return reply.status, reply.body.get("code")


def addresses(number):
    return [f"192.0.2.{n}" for n in range(number)]


class TestAnAccount:
    def test_guesses_from_elsewhere_do_not_lock_the_owner_out(self, tenant, clock):
        who = member(tenant)
        assert [guess(who.email) for _ in range(LIMIT + 1)] == [FAILED] * LIMIT + [LOCKED]
        assert guess(who.email, ELSEWHERE, RIGHT) == LOCKED
        assert log_in(who.email).status == 200
        assert guess(who.email, ELSEWHERE, RIGHT) == LOCKED

    def test_a_network_of_ipv6_is_one_address(self, tenant, clock):
        who = member(tenant)
        for n in range(LIMIT):
            assert guess(who.email, f"2001:db8::{n + 1}") == FAILED
        assert guess(who.email, "2001:db8::ffff:1") == LOCKED
        assert guess(who.email, "2001:db8:0:1::1") == FAILED

    def test_many_addresses_lock_it_but_for_where_its_owner_signed_in(self, tenant, clock):
        who = member(tenant)
        assert log_in(who.email).status == 200
        assert [guess(who.email, each) for each in addresses(LIMIT_OF_ALL)] == [FAILED] * LIMIT_OF_ALL
        assert guess(who.email, ELSEWHERE, RIGHT) == LOCKED
        assert log_in(who.email).status == 200
        (told,) = stored_events("user.locked")
        assert told.data == {"until": "2026-03-01T12:15:00Z", "attempts": LIMIT_OF_ALL, "for_all": True}
        clock.forward(minutes=15)
        assert guess(who.email, ELSEWHERE, RIGHT) == (200, None)
        assert not sign_in(who.id).state.locked_for_all

    def test_an_unknown_address_is_locked_likewise(self, tenant, clock):
        answers = [guess("nobody@example.com", each) for each in addresses(LIMIT_OF_ALL + 1)]
        assert answers == [FAILED] * LIMIT_OF_ALL + [LOCKED]

    def test_unlocking_forgets_the_attempts_from_everywhere(self, tenant, clock):
        who = member(tenant)
        for source in (HERE, ELSEWHERE):
            assert [guess(who.email, source) for _ in range(LIMIT)] == [FAILED] * LIMIT
        clock.forward(seconds=1)
        unlock = Call("unlock_user", "POST /users/{user_id}/unlock")
        assert unlock({"user_id": who.id}).status == 200
        assert [guess(who.email, each, RIGHT) for each in (HERE, ELSEWHERE)] == [(200, None)] * 2


class TestGuessesAtManyAccounts:
    def test_one_address_has_so_many_in_a_window(self, tenant, clock):
        strangers = [f"nobody-{n}@example.com" for n in range(WRONG_PASSWORDS.most + 1)]
        assert [guess(each) for each in strangers] == [FAILED] * WRONG_PASSWORDS.most + [TOO_MANY]
        who = member(tenant)
        refused = log_in(who.email, source=ELSEWHERE)
        assert (refused.status, refused.headers["retry-after"]) == (429, "900")
        assert log_in(who.email).status == 200
        clock.forward(seconds=900)
        assert log_in(who.email, source=ELSEWHERE).status == 200

    def test_who_knows_the_password_spends_nothing(self, tenant, clock):
        who = member(tenant)
        assert {log_in(who.email).status for _ in range(WRONG_PASSWORDS.most + 1)} == {200}

    def test_the_address_is_stored_nowhere(self, tenant, clock):
        guess("nobody@example.com")
        assert ELSEWHERE not in repr(all_items())


@pytest.mark.parametrize("command, route", [
    ("request_password_reset", "POST /password-resets"),
    ("resend_verification", "POST /users/resend-verification"),
])  # fmt: skip
def test_one_address_asks_for_so_many_mails(tenant, clock, command, route):
    ask = Call(command, route)
    asked = [ask(body={"email": f"a{n}@example.com"}, principal=None) for n in range(MAILS.most + 1)]
    assert [each.status for each in asked] == [200] * MAILS.most + [429]
    assert asked[-1].headers["retry-after"] == "3600"
    assert ask(body={"email": "a@example.com"}, principal=None, source=ELSEWHERE).status == 200
