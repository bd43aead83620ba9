"""The dunning flow walked by hand, in the order that its definition draws: what comes next is asked, and done."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from recovery.attempt.state import Attempt, Step
from recovery.case.flow import next_action
from recovery.case.routes import abandon_recovery_attempt, mark_failed
from recovery.contact.decider import CONTACT, id_of
from recovery.retry.handlers import retry_payment
from recovery.step.handlers import send_dunning_step
from stripe_simulator.model import Invoice
from support.fake_ses import sent
from support.recovery.tenant import RecoveryTenant, steps
from support.recovery.webhook_delivery import WebhookDelivery, connected_delivery
from support.spec import LAMBDA
from troupe.clock import now
from troupe.mail import ses
from troupe.store.transact import load

AWAKE = {"quiet_from": "00:00", "quiet_until": "00:00"}  # the tests run at any hour
PLAIN = {**AWAKE, "payday_rule": "none", "retry_spread_minutes": 0, "mail_cap": 20}
HANDLERS = {
    "retry": retry_payment.handler,
    "fail": mark_failed,
    "abandon": abandon_recovery_attempt,
}


@dataclass
class Walk:
    """The flow of one attempt. `told` is what its steps answered."""

    place: WebhookDelivery
    attempt_id: str
    plan_version: int
    told: list[dict[str, Any]] = field(default_factory=list)

    def event(self, **given: Any) -> dict[str, Any]:
        path = {"recovery_attempt_id": self.attempt_id, **given.pop("path", {})}
        return {"tenant_id": self.place.tenant.tenant_id, "path": path, "actor": "flow", **given}

    def next(self) -> dict[str, Any]:
        body = {"plan_version": self.plan_version}
        return next_action.handler(self.event(body=body), LAMBDA)

    def send(self, step_id: str) -> dict[str, Any]:
        return send_dunning_step.handler(self.event(path={"step_id": step_id}), LAMBDA)

    def retry(self) -> dict[str, Any]:
        return retry_payment.handler(self.event(), LAMBDA)

    def act(self, action: dict[str, Any]) -> dict[str, Any]:
        self.place.stripe.world.advance(int(now().timestamp()))
        if action["action"] == "send_step":
            return self.send(action["step_id"])
        body = {"reason": action["reason"]} if "reason" in action else {}
        return HANDLERS[action["action"]](self.event(body=body), LAMBDA)

    def run(self) -> dict[str, Any]:
        """Until there is something to wait for, or nothing more to do: that."""
        for _ in range(20):
            action = self.next()
            if action["action"] in {"wait", "done", "superseded"}:
                return action
            self.told.append({**self.act(action), "action": action["action"]})
        raise AssertionError(f"the flow runs in circles: {self.told[-3:]}")

    @property
    def outcomes(self) -> list[tuple[str, str, str | None]]:
        return [(each["action"], each.get("outcome", ""), each.get("reason")) for each in self.told]


@dataclass
class Case:
    """One failed invoice, its attempt and the way to drive it."""

    place: WebhookDelivery
    invoice: Invoice

    @property
    def id(self) -> str:
        found = self.place.attempt_id(self.invoice)
        assert found
        return found

    @property
    def attempt(self) -> Attempt:
        return self.place.attempt(self.invoice)

    def step(self, number: int) -> Step:
        return self.attempt.steps[number - 1]

    def walk(self) -> Walk:
        return Walk(self.place, self.id, self.attempt.plan_number)

    def until(self, instant: datetime) -> None:
        """Let time pass up to an instant, and what Stripe does meanwhile; its events are delivered."""
        self.place.forward(seconds=max(0.0, (instant - now()).total_seconds() + 1))
        assert self.place.deliver() == []

    def to_the_retry(self) -> None:
        retry = self.attempt.retry
        assert retry
        self.until(retry.at)

    def run(self) -> Walk:
        """The flow until it waits, through every execution that a new plan begins; `told` is all of it."""
        told: list[dict[str, Any]] = []
        while True:
            walk = self.walk()
            action = walk.run()
            told += walk.told
            if action["action"] != "superseded":
                walk.told = told
                return walk

    def play(self, until: timedelta = timedelta(days=40)) -> Walk:
        """The whole flow, wait after wait, to its end."""
        over = now() + until
        told: list[dict[str, Any]] = []
        while now() < over:
            walk = self.walk()
            action = walk.run()
            told += walk.told
            if action["action"] == "done":
                walk.told = told
                return walk
            if action["action"] == "wait":
                self.until(datetime.fromisoformat(action["until"]))
        raise AssertionError("it never ends")


def mails() -> list[Any]:
    return sent()


def charges(case: Case) -> int:
    return len(case.place.stripe.charges(case.invoice))


def paid_with(place: WebhookDelivery) -> list[str | None]:
    """The idempotency keys of all calls that had the invoice paid."""
    return [each.idempotency_key for each in place.stripe.simulation.made if each.path.endswith("/pay")]


def contact(case: Case) -> Any:
    contact_id = id_of(case.attempt.workspace_id, case.attempt.stripe_customer_id)
    return load(case.place.tenant.tenant_id, CONTACT, contact_id).state


def first(case: Case) -> str:
    """The id of its first step."""
    return case.step(1).id


@contextmanager
def dunning(
    tenant: RecoveryTenant,
    folder: Path,
    delays: tuple[int, ...] = (0, 72, 144),
    delays_from: str = "started_at",
    **settings: Any,
) -> Iterator[WebhookDelivery]:
    """A workspace with a sequence, of three mails if nothing is said, and its account at the simulated Stripe."""
    ses.forget()
    boto3.client("sesv2").create_email_identity(EmailIdentity="troupe@example.com")
    with connected_delivery(tenant, folder) as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr("troupe.store.commit.pause", lambda _attempt: None)
        place.open(**{**PLAIN, **settings})
        tenant.sequence(place.workspace, *steps(*delays), delays_from=delays_from)
        yield place
    ses.forget()


def failed(place: WebhookDelivery, declines: str = "insufficient_funds", **given: Any) -> Case:
    """A renewal that failed, and the case that its webhooks opened."""
    invoice = place.stripe.failed_renewal(declines, **given)
    assert place.deliver() == []
    return Case(place, invoice)
