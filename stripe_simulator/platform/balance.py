"""Balances: what objects did to them, when that is available, and what there is now.

https://docs.stripe.com/payouts#payout-speed. Stripe's fees are not taken.
"""

from collections import Counter

from stripe_simulator.model import Account, Card, Charge
from stripe_simulator.platform.model import Entry
from stripe_simulator.shapes.people import entry_of
from stripe_simulator.world import World


def enter(  # noqa: PLR0913, PLR0917 -- an entry has so much
    world: World,
    account: str,
    source: str,
    kind: str,
    amount: int,
    currency: str,
    after: int = 0,
) -> Entry:
    """What `source` does to the balance; available `after` so many seconds."""
    entry = Entry(
        id=entry_of(source),
        account=account,
        source=source,
        type=kind,
        amount=amount,
        currency=currency,
        created=world.now,
        available_on=world.now + after,
    )
    return world.add(entry)


def settle(world: World, charge: Charge) -> None:
    """A charge that succeeded: its money is pending for some days."""
    bypass = world.get(Card, charge.card).quirk == "bypass_pending"
    after = 0 if bypass else world.get(Account, charge.account).settles_after
    enter(world, charge.account, charge.id, "charge", charge.amount, charge.currency, after)


def available(world: World, account: str, currency: str) -> int:
    """What may be transferred or paid out now."""
    return totals(world, account)[0][currency]


def totals(world: World, account: str) -> tuple[Counter[str], Counter[str]]:
    """Available and pending, by currency."""
    now: Counter[str] = Counter()
    later: Counter[str] = Counter()
    for entry in world.all(Entry, account):
        (now if entry.available_on <= world.now else later)[entry.currency] += entry.amount
    return now, later
