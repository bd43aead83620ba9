"""The book: who subscribes, what is wrong with their cards, and what they do when they are written to.

All of it comes from the seed. Rates are assumptions, said here and nowhere else; what is measured is how
policies differ on the same book, not how often cards fail. What a person does depends on the person, the
invoice and the number of the mail, never on what a policy did before.
"""

from dataclasses import dataclass
from functools import partial
from random import Random

from stripe_simulator import charging, standing, subscribers
from stripe_simulator.cards import DAY, HOUR, poor_until_paydays, unit
from stripe_simulator.model import (
    Account,
    Card,
    Charge,
    Customer,
    Episode,
    Invoice,
    SmartRetries,
    Subscription,
)
from stripe_simulator.world import World

YEAR = 365 * DAY
INVOICES_OF_A_SUBSCRIBER = 10.3  # in a year, since some leave
PLACES = (
    ("US", "America/New_York", 30), ("US", "America/Chicago", 15), ("US", "America/Los_Angeles", 15),
    ("GB", "Europe/London", 12), ("DE", "Europe/Berlin", 12), ("FR", "Europe/Paris", 8),
    ("AU", "Australia/Sydney", 5), ("IN", "Asia/Kolkata", 3),
)  # fmt: skip
BRANDS = (("visa", 58), ("mastercard", 36), ("amex", 6))
PRICES = ((900, 20), (1900, 30), (2900, 20), (4900, 15), (9900, 10), (19900, 5))
PAYDAYS = (((1, 15), 60), ((28,), 25), ((5, 20), 15))
ISSUERS = 12
TROUBLES = (  # for good, from some day of the year on; of 1,000 cards
    ("lost_card", 20), ("stolen_card", 8), ("invalid_account", 8), ("revocation_of_authorization", 6),
    ("fraudulent", 4), ("authentication_required", 25), ("transaction_not_allowed", 6),
    ("highest_risk_level", 4),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Chances. A mail that is heeded is acted on within `hours`, most often soon."""

    heeds: float = 0.22  # a mail, where something is to be done
    pays_otherwise: float = 0.1  # with another card, though the card as such is good
    leaves: float = 0.015  # on being written to
    churns: float = 0.015  # a month, for other reasons than recovery
    hours: float = 72.0
    updated: float = 0.55  # of cards that expire are renewed by the network


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    world: World
    account: Account
    habits: Habits

    def write_to(self, invoice: Invoice, number: int) -> None:
        """A mail about an unpaid invoice, its `number`-th, arrives."""
        drawn = partial(
            unit, self.world.seed, invoice.customer, invoice.subscription, invoice.period_start, number
        )
        if drawn("leaves") < self.habits.leaves:
            act = partial(_leave, self.world, invoice)
        elif drawn("heeds") < self.habits.heeds:
            act = partial(_heed, self.world, invoice, drawn("otherwise") < self.habits.pays_otherwise)
        else:
            return
        after = 600 + round(self.habits.hours * HOUR * drawn("when") ** 3)
        self.world.at(self.world.now + after, act)


def _leave(world: World, invoice: Invoice) -> None:
    subscription = standing.of(world, invoice)
    if subscription is not None and subscription.status not in standing.ENDED:
        standing.end(world, subscription, "cancellation_requested")


def _heed(world: World, invoice: Invoice, otherwise: bool) -> None:  # noqa: FBT001 -- drawn before
    """They do what their bank or the mail asks for, if they have not done so."""
    subscription = standing.of(world, invoice)
    if invoice.status != "open" or subscription is None or subscription.status in standing.ENDED:
        return
    last = world.get(Charge, world.get(Customer, invoice.customer).charges[-1])
    reason = last.decline.reason if last.decline else None
    if reason == "authentication_required":
        charging.attempt(world, invoice, "customer")
    elif otherwise or last.decline is None or last.decline.advice_code != "try_again_later":
        card = subscribers.new_card(world, world.get(Customer, invoice.customer), fingerprint=_own(last))
        charging.attempt(world, invoice, "customer", card)


def _own(last: Charge) -> str:
    """The new card of the same customer is the same in every world of the book."""
    return f"{unit('new', last.customer):.16f}"[2:]


def written(seed: str, invoices: int, habits: Habits, retries: SmartRetries | None = None) -> Book:
    """A year's book of about so many invoices, before its first day."""
    world = World(seed=seed)
    account = world.open_account(smart_retries=retries)
    outages = [_outages(Random(f"{seed}/issuer/{number}"), world.now) for number in range(ISSUERS)]
    for number in range(round(invoices / INVOICES_OF_A_SUBSCRIBER)):
        drawn = Random(f"{seed}/customer/{number}")
        _subscriber(world, account, drawn, number, outages[drawn.randrange(ISSUERS)], habits)
    return Book(world=world, account=account, habits=habits)


def _subscriber(  # noqa: PLR0913, PLR0917 -- a subscriber has these parts
    world: World, account: Account, drawn: Random, number: int, outages: list[Episode], habits: Habits
) -> None:
    country, zone = _one_of(drawn, tuple(((place[0], place[1]), place[2]) for place in PLACES))
    customer = subscribers.new_customer(
        world,
        account,
        email=f"c{number}@example.com",
        name=f"Customer {number}",
        country=country,
        timezone=zone,
    )
    card = subscribers.new_card(
        world,
        customer,
        brand=_one_of(drawn, BRANDS),
        episodes=[*_troubles(drawn, world.now), *outages, *_moods(drawn, world.now)],
        exp_month=drawn.randint(1, 12),
        exp_year=2026 + drawn.randrange(4),
    )
    first = world.now + drawn.randint(1, 30) * DAY + drawn.randrange(24) * HOUR
    subscription = subscribers.subscribe(world, customer, _one_of(drawn, PRICES), renews_at=first)
    _plan_renewal(world, card, drawn.random() < habits.updated)
    leaves_in = next((month for month in range(1, 13) if drawn.random() < habits.churns), None)
    if leaves_in is not None:
        at = world.now + round((leaves_in - drawn.random()) * YEAR / 12)
        world.at(at, partial(_give_notice, world, subscription))


def _one_of[T](drawn: Random, weighted: tuple[tuple[T, int], ...]) -> T:
    return drawn.choices([each for each, _ in weighted], [weight for _, weight in weighted])[0]


def _outages(drawn: Random, start: int) -> list[Episode]:
    """Of an issuer: half a dozen a year, of some hours."""
    begins = [start + drawn.randrange(YEAR) for _ in range(6)]
    return [
        Episode(
            decline=drawn.choice(("issuer_not_available", "processing_error")),
            start=at,
            end=at + drawn.randint(2, 20) * HOUR,
        )
        for at in sorted(begins)
    ]


def _troubles(drawn: Random, start: int) -> list[Episode]:
    """What ends a card, if anything does this year."""
    ends = drawn.randrange(1000)
    for decline, of_thousand in TROUBLES:
        ends -= of_thousand
        if ends < 0:
            return [Episode(decline=decline, start=start + drawn.randrange(YEAR))]
    return []


def _moods(drawn: Random, start: int) -> list[Episode]:
    """Some are short of money before payday, in some months; some banks say no now and then."""
    kind = drawn.random()
    if kind < 0.24:  # noqa: PLR2004 -- an assumption, as all of these
        poor = poor_until_paydays(start, 15, _one_of(drawn, PAYDAYS), drawn.randint(3, 14))
        return [episode for episode in poor if drawn.random() < 0.55]  # noqa: PLR2004
    if kind < 0.32:  # noqa: PLR2004
        decline = drawn.choice(("do_not_honor", "generic_decline", "card_velocity_exceeded"))
        return [Episode(decline=decline, chance=drawn.uniform(0.05, 0.6))]
    return []


def _plan_renewal(world: World, card: Card, updated: bool) -> None:  # noqa: FBT001 -- drawn before
    """The network renews some cards in their last month."""
    if not updated:
        return
    month = (card.exp_year - 2026) * 12 + card.exp_month - 1
    at = world.now + round((month + 0.7) * YEAR / 12)
    if at < world.now + 2 * YEAR:
        world.at(at, partial(_renew_card, world, card))


def _renew_card(world: World, card: Card) -> None:
    if card.attached:
        subscribers.update_automatically(world, card, card.exp_month, card.exp_year + 4, None)


def _give_notice(world: World, subscription: Subscription) -> None:
    if subscription.status not in standing.ENDED:
        subscribers.cancel_at_period_end(world, subscription)
