"""How many of Stripe's events recovery takes in: from the webhook to the case, on the local stack."""

import time
from collections.abc import Sequence

from bench.report import Section
from bench.shop.bench_shop import opened
from demo import shop as shops
from demo.api import wait_for
from demo.shop import Shop
from local.stack.stack import Stack

RENEWALS, WORKERS, AT_ONCE = 60, 8, 50
PATIENCE = 300.0  # seconds until every case is there


def measured(stack: Stack) -> Section:
    shop = shops.opened(stack, opened(stack, 0).story.played.owner, "Measured")
    shop.world.tell("webhooks", mode="held", workers=WORKERS)
    try:
        events = _failures(shop)
        begun = time.perf_counter()
        for first in range(0, len(events), AT_ONCE):
            shop.world.tell("deliver", ids=events[first : first + AT_ONCE])
        answered = time.perf_counter()
        wait_for("the cases", lambda: len(shop.attempts()) == RENEWALS or None, PATIENCE)
        wait_for("the rest of the events", lambda: shop.taken_in() or None, PATIENCE)
        ended = time.perf_counter()
    finally:
        shop.world.tell("webhooks", mode="automatic", workers=1)
    rows = [
        ("events", len(events)),
        ("cases that they open", RENEWALS),
        ("answered, events/s", len(events) / (answered - begun)),
        ("taken in, events/s", len(events) / (ended - begun)),
        ("cases opened a second", RENEWALS / (ended - begun)),
    ]
    said = (
        f"All that Stripe tells of {RENEWALS} failed renewals, {WORKERS} webhooks at a time over HTTP: taken "
        "in when every case is open with its plan, its flow begun, and no queue holds anything any more. The "
        "simulated Stripe, which recovery asks of each, shares the machine's cores with the stack."
    )
    return Section(title="Recovery: events", said=said, columns=("what", "figure"), rows=rows)


def _failures(shop: Shop) -> Sequence[str]:
    """The events of so many renewals that have failed, none of them sent yet."""
    for number in range(RENEWALS):
        shop.subscribe(f"Person{number}", 1_900 + number, {"declines": "insufficient_funds"})
    before = {each["id"] for each in shop.world.tell("events")}
    for name in shop.subscriptions:
        shop.renew(name)
    return [each["id"] for each in shop.world.tell("events") if each["id"] not in before]
