"""The book is the same for every policy, and its figures come from the world alone."""

import pytest

from bench.year import book, figures
from bench.year.fixed import DAYS, Fixed
from stripe_simulator import subscribers
from stripe_simulator.cards import DAY
from stripe_simulator.model import Card, Charge, Customer, Episode, Invoice, Subscription

HABITS = book.Habits()
INDIFFERENT = book.Habits(heeds=0, leaves=0, churns=0)
EAGER = book.Habits(heeds=1, leaves=0, churns=0)


def one(habits, decline, **episode):
    """A book with one subscriber, whose renewal fails."""
    written = book.written("one", 0, habits)
    world = written.world
    customer = subscribers.new_customer(world, written.account, email="a@example.com")
    card = subscribers.new_card(world, customer, episodes=[Episode(decline=decline, **episode)])
    subscribers.subscribe(world, customer, 1000, renews_at=world.now + DAY)
    return written, card


def test_a_book_is_written_alike_each_time():
    first, second = (book.written("a", 300, HABITS) for _ in range(2))
    assert first.world.all(Card) == second.world.all(Card)
    assert book.written("b", 300, HABITS).world.all(Card) != first.world.all(Card)


def test_a_year_has_about_the_invoices_that_were_asked_for():
    written = book.written("a", 1500, HABITS)
    Fixed(written)
    written.world.advance(written.world.now + book.YEAR)
    due = written.world.all(Invoice)
    assert len(due) == pytest.approx(1500, rel=0.15)
    failed = sum(each.first_failed_at is not None for each in due)
    assert 0.03 < failed / len(due) < 0.15


def test_two_runs_come_to_the_same_figures():
    def ran():
        written = book.written("a", 300, HABITS)
        policy = Fixed(written)
        written.world.advance(written.world.now + book.YEAR + 40 * DAY)
        return figures.of(written.world, policy.mails)

    assert ran() == ran()


def test_the_fixed_schedule_charges_on_its_days_and_ends_the_subscription():
    written, _ = one(INDIFFERENT, "do_not_honor")
    policy, world = Fixed(written), written.world
    world.advance(world.now + 40 * DAY)
    first, *retries = world.all(Charge)
    assert [(each.created - first.created) // DAY for each in retries] == list(DAYS)
    assert policy.mails == 4
    assert world.all(Subscription)[0].cancellation_reason == "payment_failed"
    counted = figures.of(world, policy.mails)
    assert (counted.cases, counted.recovered, counted.charges, counted.declined) == (1, 0, 3, 3)
    assert (counted.lost_subscribers, counted.recovery_rate, counted.hours_to_recover) == (1, 0.0, None)


def test_it_stops_when_it_is_paid():
    written, _ = one(
        INDIFFERENT, "insufficient_funds", end=book.written("one", 0, HABITS).world.now + 3 * DAY
    )
    policy, world = Fixed(written), written.world
    world.advance(world.now + 20 * DAY)
    counted = figures.of(world, policy.mails)
    assert (counted.recovered, counted.charges, counted.mails) == (1, 1, 1)
    assert counted.recovery_rate == 1.0
    assert counted.hours_to_recover == 72.0


def test_charging_a_lost_card_again_is_wasted():
    written, _ = one(INDIFFERENT, "lost_card")
    policy, world = Fixed(written), written.world
    world.advance(world.now + 20 * DAY)
    assert figures.of(world, policy.mails).wasted == 3


def test_who_heeds_a_mail_gives_another_card_if_that_helps():
    written, card = one(EAGER, "lost_card")
    policy, world = Fixed(written), written.world
    world.advance(world.now + 20 * DAY)
    assert world.all(Customer)[0].default_payment_method != card.id
    assert figures.of(world, policy.mails).recovered == 1


def test_who_heeds_a_mail_confirms_with_the_bank():
    written, card = one(EAGER, "authentication_required")
    policy, world = Fixed(written), written.world
    world.advance(world.now + 20 * DAY)
    assert world.all(Customer)[0].default_payment_method == card.id
    assert figures.of(world, policy.mails).recovered == 1


def test_who_is_annoyed_leaves():
    written, _ = one(book.Habits(heeds=0, leaves=1, churns=0), "do_not_honor")
    policy, world = Fixed(written), written.world
    world.advance(world.now + 20 * DAY)
    assert world.all(Subscription)[0].cancellation_reason == "cancellation_requested"
    assert policy.mails < 4
    assert figures.of(world, policy.mails).lost_subscribers == 0


def test_of_nothing_there_is_no_rate():
    written = book.written("none", 0, HABITS)
    assert figures.of(written.world, 0).recovery_rate is None
