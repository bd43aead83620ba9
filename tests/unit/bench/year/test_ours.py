"""A small year under the product's own code: nothing fails, nothing is done twice, and it is the same each time."""

from collections import Counter, defaultdict
from dataclasses import replace

import pytest

from bench.recovery import year as recovery_year
from bench.year import book, figures
from bench.year.founding import TENANT
from bench.year.ours import Ours
from recovery.case import transactions
from stripe_simulator import standing, subscribers
from stripe_simulator.cards import DAY, HOUR
from stripe_simulator.model import Account, Card, Charge, Episode, Invoice, Subscription
from stripe_simulator.world import PLATFORM
from troupe import clock
from troupe.store.transact import load

INVOICES = 120
INDIFFERENT = book.Habits(heeds=0, leaves=0, churns=0)


@pytest.fixture(scope="module")
def year():
    written = book.written("small", INVOICES, book.Habits())
    played = Ours(written)
    with played.at_work():
        written.world.advance(written.world.now + book.YEAR + recovery_year.LONGER)
        yield played, written.world


def failing(decline, **episode):
    """One subscriber of whom the first renewal, tomorrow, fails."""
    written = book.written("one", 0, INDIFFERENT)
    world = written.world
    customer = subscribers.new_customer(
        world, written.account, email="a@example.com", timezone="America/New_York"
    )
    subscribers.new_card(world, customer, episodes=[Episode(decline=decline, **episode)])
    subscribers.subscribe(world, customer, 1000, renews_at=world.now + DAY)
    return written


def test_nothing_fails_and_every_case_ends(year):
    played, world = year
    assert played.failures == Counter()
    counted = figures.of(world, played.mails)
    assert counted.cases > 5
    assert counted.recovered > 0
    assert counted.open == 0
    assert counted.wasted == 0


def test_an_invoice_has_one_attempt_that_agrees_with_stripe(year):
    _, world = year
    (account,) = (each for each in world.all(Account) if each.id != PLATFORM)
    for invoice in world.all(Invoice):
        found = transactions.latest(TENANT, account.id, invoice.id)
        item = recovery_year_item(found)
        if invoice.first_failed_at is None:
            assert item is None
            continue
        attempt = load(TENANT, transactions.RECOVERY_ATTEMPT, item["recovery_attempt_id"]).state
        assert not attempt.pending
        assert (attempt.status == "recovered") == (invoice.status == "paid")
        assert attempt.recovered_amount_cents in {None, invoice.amount_paid}
        made = [charge for charge in world.all(Charge) if charge.invoice == invoice.id]
        assert {charge.id for charge in attempt.charges} == {charge.id for charge in made}


def recovery_year_item(key):
    from troupe.store import reads

    return reads.one(key)


def test_no_card_is_charged_more_often_than_its_network_allows(year):
    _, world = year
    made = defaultdict(list)
    for charge in world.all(Charge):
        made[world.get(Card, charge.card).fingerprint].append(charge.created)
    for instants in made.values():
        assert all(len([at for at in instants if began <= at < began + 30 * DAY]) <= 21 for began in instants)
        assert all(len([at for at in instants if began <= at < began + DAY]) <= 10 for began in instants)


def test_no_charge_after_a_cancellation(year):
    _, world = year
    for subscription in world.all(Subscription):
        ended = subscription.ended_at
        if ended is not None:
            of = [each.id for each in world.all(Invoice) if each.subscription == subscription.id]
            assert not [each for each in world.all(Charge) if each.invoice in of and each.created > ended]


def test_the_same_year_again_is_the_same():
    first, second = (replace(recovery_year.ours(40), seconds=0.0) for _ in range(2))
    assert first == second


def test_both_policies_play_the_same_first_charges():
    assert recovery_year.fixed(40).invoices == pytest.approx(recovery_year.ours(40).invoices, rel=0.1)


def test_a_lost_card_is_written_about_and_never_charged():
    written = failing("lost_card")
    with Ours(written).at_work() as played:
        written.world.advance(written.world.now + 40 * DAY)
        assert len(written.world.all(Charge)) == 1
        assert played.mails == 4
        assert written.world.all(Subscription)[0].cancellation_reason == "payment_failed"


def test_who_has_no_money_is_charged_on_payday_at_ten_local():
    written = failing("insufficient_funds", end=book.written("one", 0, INDIFFERENT).world.now + 10 * DAY)
    with Ours(written).at_work() as played:
        written.world.advance(written.world.now + 40 * DAY)
        (last,) = (each for each in written.world.all(Charge) if each.trigger == "api")
        assert last.decline is None
        assert (last.created - 1_767_225_600) // DAY == 14
        assert 15 * HOUR <= last.created % DAY < 16 * HOUR  # 10:00 in New York
        assert played.failures == Counter()


def test_who_cancels_is_neither_charged_nor_written_to_any_more():
    written = failing("do_not_honor")
    world = written.world
    with Ours(written).at_work() as played:
        world.advance(world.now + 2 * DAY)
        before = played.mails, len(world.all(Charge))
        standing.end(world, world.all(Subscription)[0], "cancellation_requested")
        world.advance(world.now + 40 * DAY)
        assert (played.mails, len(world.all(Charge))) == before


def test_the_year_is_over_when_it_is_over():
    written = failing("do_not_honor")
    real = clock.datetime
    with Ours(written).at_work():
        assert int(clock.now().timestamp()) == written.world.now
    assert clock.datetime is real
