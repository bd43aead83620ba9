"""What people and banks do, by name: `customers`, `cards/{id}/detach`, `invoices/{id}/pay` and so on.

Each takes the object and what is asked, and gives the object that changed or came to be. Instants are ISO
8601 texts or seconds; an unknown field is a TypeError.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from stripe_simulator import charging, connect, invoices, reversals, settling, standing, subscribers
from stripe_simulator.model import (
    Account,
    Card,
    Charge,
    Customer,
    Episode,
    Intent,
    Invoice,
    Shape,
    SmartRetries,
    Subscription,
    Thing,
)
from stripe_simulator.platform import accounts, balance, intents, payouts
from stripe_simulator.platform.model import Dispute, Payout, Refund
from stripe_simulator.world import World

type Asked = dict[str, Any]
type Creation = Callable[[World, Asked], Thing]
type Deed = Callable[[World, Any, Asked], Thing | dict[str, str]]


def instant(given: str | int) -> int:
    return int(given if isinstance(given, int) else datetime.fromisoformat(given).timestamp())


def episodes(asked: Asked) -> list[Episode]:
    """`declines`: always so; `episodes`: [{decline, start, end, chance}]."""
    given = [{"decline": asked.pop("declines")}] if asked.get("declines") else asked.pop("episodes", [])
    return [Episode(**_timed(each)) for each in given]


def _timed(given: Asked) -> Asked:
    times = [name for name in ("start", "end") if given.get(name) is not None]
    return given | {name: instant(given[name]) for name in times}


def _account_fields(asked: Asked) -> Asked:
    if "shape" in asked:
        asked["shape"] = Shape(asked["shape"])
    if rule := asked.get("smart_retries"):
        asked["smart_retries"] = SmartRetries(days=tuple(rule["days"]), then=rule.get("then", "leave"))
    return asked


def open_account(world: World, asked: Asked) -> Thing:
    return world.open_account(**_account_fields(asked))


def change_account(_: World, account: Account, asked: Asked) -> Thing:
    for name, value in _account_fields(asked).items():
        setattr(account, name, value)
    return account


def add_customer(world: World, asked: Asked) -> Thing:
    """With a `card`, if it is given one."""
    card = asked.pop("card", None)
    customer = subscribers.new_customer(world, world.get(Account, asked.pop("account")), **asked)
    if card is not None:
        subscribers.new_card(world, customer, episodes=episodes(card), **card)
    return customer


def add_card(world: World, asked: Asked) -> Thing:
    """Of a `customer`; `default` unless told not to be, or for one `subscription`."""
    customer = world.get(Customer, asked.pop("customer"))
    subscription = asked.pop("subscription", None)
    asked.setdefault("default", subscription is None)
    card = subscribers.new_card(world, customer, episodes=episodes(asked), **asked)
    if subscription is not None:
        subscribers.pay_subscription_with(world, world.get(Subscription, subscription), card)
    return card


def behave(_: World, card: Card, asked: Asked) -> Thing:
    """From now on the card is declined so, or not at all."""
    card.episodes, card.refused_for_good = episodes(asked), False
    return card


def update_card(world: World, card: Card, asked: Asked) -> Thing:
    year, month = int(asked["exp_year"]), int(asked["exp_month"])
    subscribers.update_automatically(world, card, month, year, asked.get("last4"))
    return card


def detach_card(world: World, card: Card, _: Asked) -> Thing:
    subscribers.detach(world, card)
    return card


def subscribe(world: World, asked: Asked) -> Thing:
    customer = world.get(Customer, asked.pop("customer"))
    if "renews_at" in asked:
        asked["renews_at"] = instant(asked["renews_at"])
    return subscribers.subscribe(world, customer, int(asked.pop("amount")), **asked)


def renew(world: World, subscription: Subscription, asked: Asked) -> Thing:
    """Now: the invoice is finalized and charged at once, unless `at_once` is false."""
    return subscribers.renew(world, subscription, at_once=asked.get("at_once", True))


def cancel(world: World, subscription: Subscription, asked: Asked) -> Thing:
    """At once, or `at_period_end`: true, or false to take that back."""
    if "at_period_end" in asked:
        subscribers.cancel_at_period_end(world, subscription, cancel=asked["at_period_end"])
    else:
        standing.end(world, subscription, "cancellation_requested")
    return subscription


def bill(world: World, asked: Asked) -> Thing:
    customer = world.get(Customer, asked.pop("customer"))
    return invoices.bill_once(world, customer, int(asked.pop("amount")), **asked)


def pay(world: World, invoice: Invoice, asked: Asked) -> Thing:
    """The customer pays on the invoice's page: with `card` or the default, all or an `amount`."""
    card = world.get(Card, asked["card"]) if "card" in asked else None
    charging.attempt(world, invoice, "customer", card, asked.get("amount"))
    return invoice


def attempt(world: World, invoice: Invoice, _: Asked) -> Thing:
    """Stripe's own engine tries once more."""
    charging.attempt(world, invoice, "smart_retry")
    return invoice


def pay_out_of_band(world: World, invoice: Invoice, _: Asked) -> Thing:
    settling.pay_out_of_band(world, invoice)
    return invoice


def void(world: World, invoice: Invoice, _: Asked) -> Thing:
    settling.void(world, invoice)
    return invoice


def mark_uncollectible(world: World, invoice: Invoice, _: Asked) -> Thing:
    settling.mark_uncollectible(world, invoice)
    return invoice


def credit(world: World, invoice: Invoice, asked: Asked) -> Thing:
    settling.credit(world, invoice, int(asked.get("amount", invoice.remaining)))
    return invoice


def refund(world: World, charge: Charge, asked: Asked) -> Thing:
    return reversals.refund(world, charge, asked.get("amount"), asked.get("reason"))


def dispute(world: World, charge: Charge, asked: Asked) -> Thing:
    reason, inquiry = asked.get("reason", "fraudulent"), asked.get("inquiry", False)
    return reversals.dispute(world, charge, asked.get("amount"), reason, inquiry=inquiry)


def escalate(world: World, disputed: Dispute, _: Asked) -> Thing:
    """The inquiry becomes a dispute."""
    reversals.escalate(world, disputed)
    return disputed


def fail_refund(world: World, refunded: Refund, asked: Asked) -> Thing:
    reversals.fail_refund(world, refunded, asked.get("reason", "expired_or_canceled_card"))
    return refunded


def authenticate(world: World, intent: Intent, asked: Asked) -> Thing:
    """The customer answers the bank's question; `success` is false where she fails."""
    intents.authenticate(world, intent, success=asked.get("success", True))
    return intent


def settle(world: World, intent: Intent, asked: Asked) -> Thing:
    """A bank debit ends now: paid, or declined with the code `failure`."""
    intents.settle(world, intent, asked.get("failure"))
    return intent


def onboard(world: World, account: Account, asked: Asked) -> Thing:
    """The business has told Stripe everything; `transfers` is the capability's status then."""
    accounts.onboard(world, account, asked.get("transfers", "active"))
    return account


def top_up(world: World, account: Account, asked: Asked) -> Thing:
    """Money from the account's bank to its balance, or out of it."""
    amount, currency = int(asked["amount"]), asked["currency"]
    return balance.enter(world, account.id, world.identifier("tu"), "topup", amount, currency)


def pay_out(world: World, account: Account, asked: Asked) -> Thing:
    """Stripe's own schedule pays what is available to the bank."""
    return payouts.pay_out(world, account, asked["amount"], asked["currency"], automatic=True)


def fail_payout(world: World, payout: Payout, asked: Asked) -> Thing:
    payouts.fail(world, payout, asked.get("code", "account_closed"))
    return payout


def close(world: World, disputed: Dispute, asked: Asked) -> Thing:
    reversals.close_dispute(world, disputed, asked["outcome"])
    return disputed


def authorize(world: World, account: Account, _: Asked) -> dict[str, str]:
    return {"code": connect.authorize(world, account)}


def deauthorize(world: World, account: Account, _: Asked) -> Thing:
    connect.deauthorize(world, account)
    return account


CREATIONS: dict[str, Creation] = {
    "accounts": open_account,
    "customers": add_customer,
    "cards": add_card,
    "subscriptions": subscribe,
    "invoices": bill,
}

DEEDS: dict[str, tuple[type[Any], dict[str, Deed]]] = {
    "accounts": (
        Account,
        {
            "change": change_account,
            "authorize": authorize,
            "deauthorize": deauthorize,
            "onboard": onboard,
            "top_up": top_up,
            "pay_out": pay_out,
        },
    ),
    "cards": (Card, {"behave": behave, "update": update_card, "detach": detach_card}),
    "subscriptions": (Subscription, {"renew": renew, "cancel": cancel}),
    "invoices": (
        Invoice,
        {
            "pay": pay,
            "attempt": attempt,
            "pay_out_of_band": pay_out_of_band,
            "void": void,
            "mark_uncollectible": mark_uncollectible,
            "credit": credit,
        },
    ),
    "charges": (Charge, {"refund": refund, "dispute": dispute}),
    "disputes": (Dispute, {"close": close, "escalate": escalate}),
    "refunds": (Refund, {"fail": fail_refund}),
    "intents": (Intent, {"authenticate": authenticate, "settle": settle}),
    "payouts": (Payout, {"fail": fail_payout}),
}
