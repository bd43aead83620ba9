"""The world is the same for the same seed, and nothing happens but on its clock."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripe_simulator.cards import authorized, payday, poor_until_paydays, valid_until
from stripe_simulator.declines import BLOCKED_AFTERWARDS, DECLINES, NEVER_RETRIED
from stripe_simulator.model import Card, Episode, Intent, SmartRetries
from stripe_simulator.subscribers import later
from stripe_simulator.world import Missing, World
from support.stripe_simulator.shop import DAY, opened

AT = 1_767_225_600  # 2026-01-01


def card(*episodes: Episode, **fields) -> Card:
    given = {"brand": "visa", "exp_month": 8, "exp_year": 2030, "episodes": list(episodes)} | fields
    return Card(
        id="pm_1", account="acct_1", customer="cus_1", country="US", funding="credit", last4="4242",
        fingerprint="fp", created=0, **given,
    )  # fmt: skip


def test_the_same_seed_gives_the_same_book():
    def told(seed):
        shop = opened(seed=seed, smart_retries=SmartRetries(days=(3, 5, 7)))
        shop.declines("do_not_honor", chance=0.5)
        shop.world.advance(shop.world.now + 200 * DAY)
        return json.dumps([event.body for event in shop.world.events])

    assert told("one") == told("one")
    assert told("one") != told("two")


def test_what_falls_due_happens_at_its_instant_and_in_order():
    world, seen = World(now=100), []
    world.at(300, lambda: seen.append((3, world.now)))
    world.at(200, lambda: seen.append((1, world.now)))
    world.at(200, lambda: (seen.append((2, world.now)), world.at(250, lambda: seen.append((9, world.now)))))
    world.advance(299)
    assert seen == [(1, 200), (2, 200), (9, 250)]
    assert (world.now, world.next_due()) == (299, 300)
    with pytest.raises(ValueError, match="back"):
        world.advance(298)


def test_an_object_of_another_account_is_missing(shop):
    other = shop.world.open_account()
    assert shop.world.get(Card, shop.card.id, shop.account.id) is shop.card
    with pytest.raises(Missing, match=shop.card.id):
        shop.world.get(Card, shop.card.id, other.id)
    with pytest.raises(Missing):
        shop.world.get(Intent, shop.card.id)


@pytest.mark.parametrize(
    "began, months, anchor, expected",
    [
        ("2026-01-31", 1, None, "2026-02-28"),
        ("2026-02-28", 1, "2026-01-31", "2026-03-31"),
        ("2024-01-31", 1, None, "2024-02-29"),
        ("2026-12-15", 1, None, "2027-01-15"),
        ("2026-03-01", 12, None, "2027-03-01"),
    ],
)
def test_periods_keep_their_day_of_the_month(began, months, anchor, expected):
    from datetime import UTC, datetime

    def at(text):
        return None if text is None else int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())

    assert later(at(began), months, at(anchor)) == at(expected)


def test_a_card_is_good_to_the_end_of_its_month():
    ends = valid_until(card(exp_month=12, exp_year=2025))
    assert ends == AT
    assert authorized(card(exp_month=12, exp_year=2025), 100, ends - 1) is None
    assert authorized(card(exp_month=12, exp_year=2025), 100, ends).code == "expired_card"


def test_an_episode_lasts_from_its_start_to_before_its_end():
    poor = card(Episode(decline="insufficient_funds", start=AT, end=AT + DAY))
    results = [authorized(poor, 100, at) for at in (AT - 1, AT, AT + DAY - 1, AT + DAY)]
    assert [decline and decline.decline_code for decline in results] == [
        None, "insufficient_funds", "insufficient_funds", None
    ]  # fmt: skip


def test_money_comes_on_paydays():
    poor = card(*poor_until_paydays(AT, 2, (1, 15), 5))
    declined = [day for day in range(59) if authorized(poor, 100, AT + day * DAY)]
    assert declined == [0, 10, 11, 12, 13, 14, 27, 28, 29, 30, 31, 41, 42, 43, 44, 45]
    assert payday(2026, 2, 31) == AT + 58 * DAY + 6 * 3600


@given(at=st.integers(AT, AT + 365 * DAY), amount=st.integers(1, 10**6))
def test_asking_twice_gets_the_same_answer(at, amount):
    moody = card(Episode(decline="do_not_honor", chance=0.5))
    assert authorized(moody, amount, at) == authorized(moody, amount, at)


def test_an_episode_strikes_in_its_share_of_hours():
    moody = card(Episode(decline="do_not_honor", chance=0.3))
    struck = sum(authorized(moody, 100, AT + hour * 3600) is not None for hour in range(2000))
    assert struck == pytest.approx(600, abs=60)


@pytest.mark.parametrize("name", sorted(BLOCKED_AFTERWARDS))
def test_what_is_never_to_be_retried_is_blocked_the_next_time(name):
    lost = card(Episode(decline=name))
    assert authorized(lost, 100, AT).type == "issuer_declined"
    blocked = authorized(lost, 100, AT + DAY)
    assert (blocked.type, blocked.reason) == ("blocked", "previously_declined_do_not_retry")
    assert (blocked.decline_code, blocked.network_status) == ("generic_decline", "not_sent_to_network")


def test_only_mastercard_gives_merchant_advice():
    episode = Episode(decline="insufficient_funds")
    assert authorized(card(episode), 1, AT).network_advice_code is None
    assert authorized(card(episode, brand="mastercard"), 1, AT).network_advice_code == "02"


def test_a_code_that_no_table_has():
    assert authorized(card(Episode(decline="foo_bar")), 1, AT).decline_code == "foo_bar"


def test_the_customer_present_passes_three_d_secure():
    secured = card(Episode(decline="authentication_required"))
    assert authorized(secured, 1, AT).code == "authentication_required"
    assert authorized(secured, 1, AT, present=True) is None


def test_codes_are_where_stripe_has_them():
    assert DECLINES.keys() >= NEVER_RETRIED
    for name in ("expired_card", "incorrect_cvc", "incorrect_number", "processing_error"):
        assert (DECLINES[name].code, DECLINES[name].decline_code) == (name, None)


def test_a_world_of_which_only_something_is_told(shop):
    heard = []
    shop.world.listeners.append(heard.append)
    shop.world.only, before = frozenset({"invoice.paid"}), len(shop.world.events)
    shop.renew()
    assert [event.type for event in heard] == ["invoice.paid"]
    assert len(shop.world.events) == before
