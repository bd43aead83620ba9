"""The product's own policy: its deciders, store, gateway and flow, driven by the events of the world."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from bench.year.book import Book
from bench.year.flow import Definition, Execution
from bench.year.founding import TENANT, founded
from bench.year.memory import Memory
from bench.year.surroundings import Postmaster, replaced, surrounded
from local.places import REPOSITORY
from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.events import REPLANS
from recovery.attempt.state import Attempt
from recovery.case.flow import start_flow
from recovery.stripe import event as stripe_event
from recovery.webhook import process
from stripe_simulator import standing
from stripe_simulator.model import Invoice
from stripe_simulator.simulation import Simulation
from stripe_simulator.webhooks import raw
from stripe_simulator.world import Event
from troupe.messaging import executions
from troupe.messaging.inbox import Webhook
from troupe.store import keys
from troupe.store.envelope import Envelope
from troupe.store.transact import load

FLOW = REPOSITORY / "functions" / "recovery" / "src" / "recovery" / "case" / "flow" / "dunning.asl.yaml"
FUNCTIONS = {
    "NextAction": "recovery.case.flow.next_action.handler",
    "SendDunningStep": "recovery.step.handlers.send_dunning_step.handler",
    "RetryPayment": "recovery.retry.handlers.retry_payment.handler",
    "MarkFailed": "recovery.case.routes.mark_failed",
    "AbandonRecoveryAttempt": "recovery.case.routes.abandon_recovery_attempt",
}
TOLD_BY_THE_INVOICE = ("charge.failed", "charge.succeeded", "payment_intent.", "invoice_payment.")
TOLD = frozenset(each for each in stripe_event.INTERESTING if not each.startswith(TOLD_BY_THE_INVOICE))
CONTEXT = SimpleNamespace(aws_request_id="year")


class ExecutionAlreadyExists(Exception):  # noqa: N818 -- Step Functions' name for it
    """Of that name there was one."""


class Ours:
    """One book under the product; to be used as `with`."""

    def __init__(self, book: Book) -> None:
        self._book, self._world = book, book.world
        self._simulation = Simulation(book.world)
        self._memory, self._postmaster = Memory(), Postmaster()
        self._world.listeners.clear()  # a year's webhooks are not kept
        self._world.only = TOLD
        self._written: Counter[str] = Counter()
        self._heard: dict[tuple[str, str], Event] = {}
        self._executions: set[str] = set()
        self.exceptions = SimpleNamespace(ExecutionAlreadyExists=ExecutionAlreadyExists)
        self.transitions = self.calls = 0
        self.failures: Counter[str] = Counter()

    @property
    def mails(self) -> int:
        return self._postmaster.sent

    @contextmanager
    def at_work(self) -> Iterator["Ours"]:
        with (
            surrounded(self._simulation, self._memory, self._postmaster),
            replaced(executions, "flows", lambda: self),
        ):
            founded(self._book.account.id, self._now())
            self._memory.listeners.append(self._stored)
            self._world.listeners.append(self._hear)
            self._functions = {name: self._function(entry) for name, entry in FUNCTIONS.items()}
            names = {name: name for name in FUNCTIONS} | {"Partition": "aws"}
            self._definition = Definition.read(FLOW, names)
            yield self

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._world.now, UTC)

    def _function(self, entry: str) -> Any:
        module, _, name = entry.rpartition(".")
        handler = getattr(import_module(module), name)

        def function(payload: Any) -> Any:
            self.calls += 1
            try:
                return handler(payload, CONTEXT)
            except Exception as failed:
                self.failures[f"{module.rpartition('.')[2]}: {failed!r}"] += 1
                raise

        return function

    # From Stripe

    def _hear(self, event: Event) -> None:
        """Events of one instant about one thing are one hint."""
        hint = stripe_event.read(dict(event.body))
        about = (hint.subject or "", hint.invoice_id or hint.subscription_id or hint.customer_id or "")
        if not self._heard:
            self._world.at(self._world.now, self._take)
        self._heard[about] = event

    def _take(self) -> None:
        heard, self._heard = self._heard, {}
        for event in heard.values():
            webhook = Webhook(
                source="stripe-connect",
                event_id=event.id,
                group=event.id,
                body=raw(event).decode(),
                received_at=self._now(),
            )
            process.act(webhook)

    # From the table

    def _stored(self, item: Mapping[str, Any]) -> None:
        if not item["SK"]["S"].startswith(keys.EVENT):
            return
        envelope = Envelope.of_item(item)
        if envelope.type in REPLANS:
            self._world.at(self._world.now, partial(start_flow.start, {"detail": envelope.detail()}))
        if envelope.type in {"recovery_attempt.step_sent", "recovery_attempt.failed"}:
            self._world.at(self._world.now, partial(self._felt, envelope))

    def _felt(self, envelope: Envelope) -> None:
        """The customer gets the mail; the merchant ends a subscription that stays unpaid."""
        attempt = load(TENANT, RECOVERY_ATTEMPT, envelope.aggregate_id).state
        if not isinstance(attempt, Attempt):
            return
        invoice = self._world.get(Invoice, attempt.stripe_invoice_id)
        if envelope.type == "recovery_attempt.step_sent":
            self._written[invoice.id] += 1
            self._book.write_to(invoice, self._written[invoice.id])
            return
        subscription = standing.of(self._world, invoice)
        if subscription is not None and subscription.status not in standing.ENDED:
            standing.end(self._world, subscription, "payment_failed")

    # In the place of Step Functions

    def start_execution(self, **asked: Any) -> None:
        """Once for each name; it begins when what started it is written."""
        if asked["name"] in self._executions:
            raise self.exceptions.ExecutionAlreadyExists
        self._executions.add(asked["name"])
        execution = Execution(
            definition=self._definition,
            name=asked["name"],
            input=json.loads(asked["input"]),
            functions=self._functions,
        )
        self._world.at(self._world.now, partial(self._go_on, execution))

    def _go_on(self, execution: Execution) -> None:
        before = execution.transitions
        until = execution.go_on(self._now())
        self.transitions += execution.transitions - before
        if until is not None:
            self._world.at(int(until.timestamp()), partial(self._go_on, execution))
