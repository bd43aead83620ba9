"""What each command of commerce and community costs: round trips and units in the table, and CPU when warm.

Beside it stands what a command was reckoned to write by the items of the design (shop_reckoning.py).
"""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from bench import scenario, wire
from bench.costs import CALLS, clock, quiet
from bench.counted import counting
from bench.report import Section
from bench.scenario import World
from bench.shop.bench_shop import Stall, opened
from bench.shop.reckoning import RECKONED
from bench.steps import Step
from demo.market import patiently
from demo.merchant import CREATED
from documents import commands as known
from local.stack.stack import Stack

PEOPLE = ("ann", "ben", "lee")
LEADERS = ("ben", "lee")
STRIPES = {  # they ask Stripe, which is not played again
    *("open_payout_account", "pay_order", "confirm_payment", "cancel_order", "expire_order"),
    *("refund_lines", "pay_supplier", "reject_lines"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    command: str
    traffic: wire.Traffic
    cpu_ms: float | None


def measured(stack: Stack) -> Section:
    stall = opened(stack, len(PEOPLE))
    world = _world(stall)
    rows: list[tuple[object, ...]] = []
    missing: list[str] = []
    for context in ("community", "commerce"):
        costs, refused = _of(stack, context, world)
        rows += [_row(context, costs[name]) for name in sorted(costs)]
        missing += [f"{name} ({refused.get(name, 'no step')})" for name in commands(context) - costs.keys()]
    said = (
        f"Each command called in this process against the stack's table and then played again {CALLS} times "
        "with its recorded responses: no network; what asks Stripe is not played again. Write units as the "
        "emulator counts them; read units computed from the sizes of what was read. Reckoned: by the items "
        "of the design, two units for each; what is larger than a KB, or moves in an index, costs more. The "
        "payout is one that is held."
    )
    skipped = f" Not measured: {', '.join(sorted(missing))}." if missing else ""
    columns = (
        *("command", "round trips", "actions", "reckoned"),
        *("write units", "reckoned", "read units", "CPU ms"),
    )
    return Section(title="What a shop's command costs", said=said + skipped, columns=columns, rows=rows)


def _world(stall: Stall) -> World:
    """A tenant with a customer and two leaders, all of whom the contexts have heard of."""
    played = stall.story.played
    people = dict(zip(PEOPLE, stall.story.people, strict=True))
    ids = {name: played.ids[person.email] for name, person in people.items()}
    for name in LEADERS:
        stall.story.owner.post(f"/users/{ids[name]}/promote", {"business": {"name": "Bench"}})
        leader = stall.clients[PEOPLE.index(name)].of("community")
        patiently("a leader", partial(leader.post, "/communities", {"name": "First"}, CREATED))
    owner = str(stall.story.owner.get("/me")["id"])
    return World(slug=played.slug, tenant_id=played.tenant_id, known={"owner": owner, **ids})


def commands(context: str) -> set[str]:
    """The names of a context's commands."""
    return set(known.commands(context))


def _of(stack: Stack, context: str, world: World) -> tuple[dict[str, Cost], dict[str, str]]:
    """The costs by command, and why others were refused."""
    steps: Sequence[Step] = import_module(f"bench.shop.{context}_steps").STEPS
    costs, refused = dict[str, Cost](), dict[str, str]()
    with counting(stack, context, world.tenant_id) as counted, quiet():
        for step in steps:
            try:
                costs |= {cost.command: cost for cost in _step(context, step, world, counted.counter)}
            except Refused as because:
                refused[step.command] = str(because)
    return costs, refused


class Refused(Exception):  # noqa: N818 -- an answer, not a fault
    """A step was not taken; the code says why."""


def _step(context: str, step: Step, world: World, counter: wire.Counter) -> Iterator[Cost]:
    handler = scenario.handler(step.command, context)
    event = step.event(world)
    import_module(
        "troupe.security.secrets"
    ).signing_keys()  # once in five minutes: none of this command's calls
    traffic = counter.traffic = wire.Traffic()
    with clock(step.later), wire.recorded(traffic.exchanges):
        body = _body(_answer(handler, event))
    for name, field in step.keep:
        world.known[name] = body[field]
    counter.traffic = wire.Traffic()
    with clock(step.later):
        cpu = None if step.command in STRIPES else _cpu(handler, event, traffic)
    yield Cost(command=step.command, traffic=traffic, cpu_ms=cpu)


def _answer(handler: Any, event: Any) -> Any:
    """What is called without a route raises what it refuses."""
    try:
        return handler(event, scenario.CONTEXT)
    except Exception as failed:
        raise Refused(getattr(failed, "code", type(failed).__name__)) from failed


def _cpu(handler: Any, event: Any, traffic: wire.Traffic) -> float:
    with wire.replayed(traffic.exchanges):
        handler(event, scenario.CONTEXT)
        begun = time.process_time()
        for _ in range(CALLS):
            handler(event, scenario.CONTEXT)
        return (time.process_time() - begun) / CALLS * 1000


def _body(answer: Any) -> dict[str, Any]:
    if "statusCode" not in answer:
        found: dict[str, Any] = answer
        return found
    body: dict[str, Any] = json.loads(answer["body"]) if answer.get("body") else {}
    if answer["statusCode"] >= 400:  # noqa: PLR2004 -- HTTP's own line
        raise Refused(body.get("code", answer["statusCode"]))
    return body


def _row(context: str, cost: Cost) -> tuple[object, ...]:
    reckoned = RECKONED[cost.command]
    traffic = cost.traffic
    return (
        f"{context}: {cost.command}",
        traffic.round_trips,
        traffic.actions,
        reckoned.actions,
        traffic.writes,
        reckoned.units,
        traffic.reads,
        cost.cpu_ms,
    )
