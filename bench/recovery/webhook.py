"""From a webhook of Stripe's to its 2xx: what it writes, and how much CPU it takes."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from bench import scenario, wire
from bench.costs import CALLS, quiet
from bench.report import Section
from local.stack.stack import Stack
from stripe_simulator import subscribers
from stripe_simulator.model import Episode
from stripe_simulator.webhooks import raw, signature
from stripe_simulator.world import World

LINES = 500  # of an invoice that has to be deflated


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A webhook on its way."""

    name: str
    body: bytes
    signed: str


def measured(stack: Stack) -> Section:
    scenario.environment(stack, scenario.variables_of(stack))
    with quiet():
        rows = list(_rows())
    said = (
        f"The endpoint's handler in this process against the stack's table, then played again {CALLS} times "
        "with its recorded responses: no network. Its one write is the inbox item; the rest happens behind "
        "the queue. Write units as the emulator counts them; an event that was taken before costs them too."
    )
    columns = ("webhook", "bytes", "status", "round trips", "write units", "CPU ms")
    return Section(title="Recovery: a webhook to its answer", said=said, columns=columns, rows=rows)


def _rows() -> Iterator[tuple[object, ...]]:
    handler = import_module("recovery.webhook.stripe").handler
    counter = wire.Counter()
    counter.watch(import_module("troupe.store.table").client())
    for sent in _sent():
        event = _event(sent)
        traffic = counter.traffic = wire.Traffic()
        with wire.recorded(traffic.exchanges):
            answer = handler(event, scenario.CONTEXT)
        counter.traffic = wire.Traffic()
        with wire.replayed(traffic.exchanges):
            handler(event, scenario.CONTEXT)
            begun = time.process_time()
            for _ in range(CALLS):
                handler(event, scenario.CONTEXT)
            cpu_ms = (time.process_time() - begun) / CALLS * 1000
        yield sent.name, len(sent.body), answer["statusCode"], traffic.round_trips, traffic.writes, cpu_ms


def _sent() -> Iterator[Sent]:
    secret = import_module("troupe.security.secrets").secret(os.environ["STRIPE_SECRET_ARN"])
    secrets = secret["connect_webhook_secrets"]
    failed = _failed()
    large = _with_lines(failed)
    for name, body in (
        ("a failed payment", failed),
        ("the same again", failed),
        (f"an invoice of {LINES} lines", large),
    ):
        yield Sent(name=name, body=body, signed=_signed(body, secrets))
    yield Sent(name="a forged one", body=failed, signed=_signed(failed, ["whsec_forged"]))


def _signed(body: bytes, secrets: list[str]) -> str:
    return signature(body, secrets, int(import_module("troupe.clock").now().timestamp()))


def _failed() -> bytes:
    """`invoice.payment_failed` as the simulated Stripe sends it, of a world of its own."""
    world = World(seed=f"bench-{time.time_ns()}")
    customer = subscribers.new_customer(world, world.open_account(), email="ann@example.com")
    card = subscribers.new_card(world, customer)
    card.episodes = [Episode(decline="insufficient_funds")]
    subscribers.renew(world, subscribers.subscribe(world, customer, 2_000), at_once=True)
    return raw(next(each for each in world.events if each.type == "invoice.payment_failed"))


def _with_lines(body: bytes) -> bytes:
    event: dict[str, Any] = json.loads(body)
    lines = event["data"]["object"]["lines"]
    lines["data"] = [{**lines["data"][0], "id": f"il_{number}"} for number in range(LINES)]
    return json.dumps(event | {"id": f"{event['id']}L"}).encode()


def _event(sent: Sent) -> dict[str, Any]:
    event = scenario.http()
    return event | {"headers": {"stripe-signature": sent.signed}, "body": sent.body.decode()}
