"""What each command costs: round trips and units in the table, and CPU when it is warm, without a network."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

from bench import scenario, wire
from bench.report import Section
from bench.steps import STEPS, Step
from local.stack.stack import Stack

CALLS = 100  # of each command when it is played again
CREATES = {"provision_tenant", "create_user", "create_role", "create_organization"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    command: str
    status: int
    traffic: wire.Traffic
    cpu_ms: float


class Bench:
    """A world in which one step follows another; the first call of a command warms it."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.world = scenario.World(slug=f"cost-{datetime.now(UTC):%H%M%S%f}")
        self.counter = wire.Counter()

    def run(self) -> Iterator[Cost]:
        self.counter.watch(import_module("troupe.store.table").client())
        for step in STEPS:
            if step.command in scenario.commands():
                yield self._step(step)

    def _step(self, step: Step) -> Cost:
        handler, event = scenario.handler(step.command), step.event(self.world)
        import_module(
            "troupe.security.secrets"
        ).signing_keys()  # once in five minutes: none of this command's calls
        traffic = self.counter.traffic = wire.Traffic()
        with clock(step.later), wire.recorded(traffic.exchanges):
            answer = handler(event, scenario.CONTEXT)
        status, body = _read(answer)
        self._keep(step, body)
        self.counter.traffic = wire.Traffic()  # what is played again counts no more
        with clock(step.later), _no_hashing(), wire.replayed(traffic.exchanges):
            handler(event, scenario.CONTEXT)
            begun = time.process_time()
            for _ in range(CALLS):
                handler(event, scenario.CONTEXT)
            cpu_ms = (time.process_time() - begun) / CALLS * 1000
        return Cost(command=step.command, status=status, traffic=traffic, cpu_ms=cpu_ms)

    def _keep(self, step: Step, body: Mapping[str, Any]) -> None:
        for name, field in step.keep:
            self.world.known[name] = body[field]
        self.world.tenant_id = self.world.known.get("tenant", "")


def _read(answer: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
    """The status and the body; a direct invocation answers the body alone."""
    if "statusCode" not in answer:
        return 200, answer
    body: Mapping[str, Any] = json.loads(answer["body"])
    if answer["statusCode"] >= 400:  # noqa: PLR2004 -- HTTP's own line
        raise RuntimeError(f"a step was refused: {body}")
    return answer["statusCode"], body


@contextmanager
def clock(later: timedelta) -> Iterator[None]:
    http = import_module("troupe.edge.endpoint")
    real = http.now
    http.now = lambda: real() + later
    try:
        yield
    finally:
        http.now = real


@contextmanager
def _no_hashing() -> Iterator[None]:
    """Hashing a password takes as long as it must; it is left out."""
    bcrypt = import_module("bcrypt")
    hashpw, checkpw = bcrypt.hashpw, bcrypt.checkpw
    known = hashpw(b"measured", bcrypt.gensalt(4))
    bcrypt.hashpw, bcrypt.checkpw = lambda *_: known, lambda *_: True
    try:
        yield
    finally:
        bcrypt.hashpw, bcrypt.checkpw = hashpw, checkpw


def measured(stack: Stack) -> Section:
    scenario.environment(stack, scenario.variables_of(stack))
    with quiet():
        costs = {cost.command: cost for cost in Bench(stack).run()}
    rows = [_row(cost) for cost in sorted(costs.values(), key=lambda cost: cost.command)]
    missing = scenario.commands() - costs.keys()
    skipped = f" Not measured: {', '.join(sorted(missing))}." if missing else ""
    said = (
        f"All {len(rows)} commands, each called in this process against the stack's table and then played "
        f"again {CALLS} times with its recorded responses: no network, no password hashing. Write units as "
        "the emulator counts them; read units computed from the sizes of what was read. Budget: 2 ms "
        f"of CPU.{skipped}"
    )
    columns = ("command", "round trips", "budget", "write units", "read units", "CPU ms")
    return Section(title="What a command costs", said=said, columns=columns, rows=rows)


def _row(cost: Cost) -> tuple[object, ...]:
    budget = 1 if cost.command in CREATES else scenario.BUDGETS.get(cost.command, 2)
    traffic = cost.traffic
    return cost.command, traffic.round_trips, budget, traffic.writes, traffic.reads, cost.cpu_ms


@contextmanager
def quiet() -> Iterator[None]:
    """The functions' log lines go to a file of nothing while they are measured."""
    with redirect_stdout(_nothing()):
        yield


@cache
def _nothing() -> TextIO:
    """Open for good: a function's logger keeps what it was given first."""
    return Path("/dev/null").open("w", encoding="utf-8")
