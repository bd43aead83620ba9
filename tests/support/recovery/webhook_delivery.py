"""Webhooks of the simulated Stripe, taken the whole way: endpoint, inbox, publisher, queue, processor."""

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.state import Attempt
from recovery.case import transactions
from stripe_simulator.api.server import serve
from stripe_simulator.model import Account, Invoice, Shape
from stripe_simulator.simulation import Simulation
from stripe_simulator.webhooks import raw, signature
from stripe_simulator.world import Event, World
from support.dynamodb import stored_events
from support.recovery.stripe_account_world import StripeAccountWorld
from support.recovery.tenant import STRIPE_SECRET, RecoveryTenant, stripe_at
from support.spec import LAMBDA, Reply
from support.stream_events import failed, record
from troupe.clock import now
from troupe.messaging import publisher
from troupe.store import keys, reads, table
from troupe.store.transact import load

SECRET = STRIPE_SECRET["connect_webhook_secrets"][0]
QUEUE = "troupe-inbox-stripe-connect.fifo"
OPENED = [
    "recovery_attempt.started",
    "recovery_attempt.payment_attempted",
    "recovery_attempt.retry_scheduled",
]


def posted(
    body: bytes | str,
    *,
    secrets: Sequence[str] = (SECRET,),
    at: int | None = None,
    encoded: bool = False,
    **more: Any,
) -> Reply:
    """What the endpoint answers to a body, signed now unless told otherwise."""
    from recovery.webhook.stripe import handler

    text = body if isinstance(body, bytes) else body.encode()
    signed = signature(text, secrets, int(now().timestamp()) if at is None else at)
    event = {
        "version": "2.0",
        "routeKey": "POST /webhooks/stripe",
        "headers": {"stripe-signature": signed},
        "body": base64.b64encode(text).decode() if encoded else text.decode(),
        "isBase64Encoded": encoded,
        "requestContext": {"requestId": "r1", "http": {"sourceIp": "3.18.12.63"}},
        **more,
    }
    answer = handler(event, LAMBDA)
    return Reply.of(answer)


@dataclass
class WebhookDelivery:
    """A workspace with its account at the simulated Stripe, and the way its webhooks take."""

    tenant: RecoveryTenant
    stripe: StripeAccountWorld
    clock: Path
    workspace: str = ""
    account: str = ""
    _seen: int = 0
    _ahead: float = 0.0
    replies: list[Reply] = field(default_factory=list)

    def open(
        self, *, shape: Shape = Shape.BASIL, livemode: bool = True, **settings: Any
    ) -> "WebhookDelivery":
        self.stripe.shape = shape
        self.workspace = self.tenant.workspace(**settings)
        self.account = self.tenant.account(
            self.workspace, self.stripe.account.id, livemode=livemode, at=self.stripe.now
        )
        return self

    def forward(self, **by: float) -> None:
        """Time passes, there and here."""
        self._ahead += timedelta(**by).total_seconds()
        self.clock.write_text(str(self._ahead), encoding="ascii")
        self.stripe.forward(**by)

    def events(self) -> list[Event]:
        """What Stripe told since it was last asked."""
        fresh = self.stripe.world.events[self._seen :]
        self._seen = len(self.stripe.world.events)
        return fresh

    def last(self, kind: str) -> Event:
        """Stripe's latest of this type."""
        return next(each for each in reversed(self.stripe.world.events) if each.type == kind)

    def deliver(self, events: Iterable[Event] | None = None) -> list[str]:
        """Take them in, in this order, and process them: the ids of those that failed."""
        lost = []
        for event in self.events() if events is None else events:
            reply = posted(raw(event))
            self.replies.append(reply)
            assert reply.status == 200, reply.body
            lost += [event.id for _ in self.process(*self.kept([event]))]
        return lost

    def kept(self, events: Iterable[Event]) -> list[str]:
        """The ids of those that are not ignored: pointers to these alone are sent to the queue."""
        return [event.id for event in events if not self.ignored(event.id)]

    def process(self, *event_ids: str) -> list[str]:
        """What pointers in the queue do: the messages that come again."""
        from recovery.webhook.process import handler

        bodies = [json.dumps({"source": "stripe-connect", "event_id": each}) for each in event_ids]
        messages = [
            {"messageId": f"m{n}", "body": body, "attributes": {"MessageGroupId": f"g{n}"}}
            for n, body in enumerate(bodies)
        ]
        return failed(handler({"Records": messages}, LAMBDA))

    def through_the_queue(self, queue: str) -> list[str]:
        """Stored, published from the stream and taken from the FIFO queue, as AWS would."""
        from recovery.webhook.process import handler

        sqs = boto3.client("sqs")
        for event in self.events():
            assert posted(raw(event)).status == 200
            assert publisher.publish([record(_image(event.id))]) is None
        lost: list[str] = []
        while found := sqs.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=10, AttributeNames=["All"]
        ).get("Messages"):
            batch = [
                {"messageId": each["MessageId"], "body": each["Body"], "attributes": each["Attributes"]}
                for each in found
            ]
            lost += failed(handler({"Records": batch}, LAMBDA))
            for each in found:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
        return lost

    def inbox(self, event_id: str) -> dict[str, Any]:
        found = reads.one(keys.inbox("stripe-connect", event_id))
        assert found
        return found

    def ignored(self, event_id: str) -> str | None:
        return self.inbox(event_id).get("ignored")

    def attempt_id(self, invoice: Invoice) -> str | None:
        found = reads.one(transactions.latest(self.tenant.tenant_id, self.stripe.account.id, invoice.id))
        return found and found["recovery_attempt_id"]

    def attempt(self, invoice: Invoice) -> Attempt:
        named = self.attempt_id(invoice)
        assert named, "no case"
        state = load(self.tenant.tenant_id, RECOVERY_ATTEMPT, named).state
        assert isinstance(state, Attempt)
        return state

    def happened(self) -> list[str]:
        return [
            each.type
            for each in stored_events()
            if each.aggregate in {"recovery_attempt", "recovery_outcome"}
        ]

    def calls(self, method: str = "GET") -> list[str]:
        return [each.path for each in self.stripe.simulation.made if each.method == method]

    def fails(self, kind: str, path: str = ".*", calls: int | None = None, **more: Any) -> None:
        from stripe_simulator.api.faults import Fault

        self.stripe.simulation.faults.add(Fault(kind=kind, path=path, calls=calls, **more))

    def mends(self) -> None:
        self.stripe.simulation.faults.on.clear()

    def other_account(self) -> Account:
        return self.stripe.world.open_account(self.stripe.shape)


def _image(event_id: str) -> dict:
    key = keys.inbox("stripe-connect", event_id)
    found = table.client().get_item(TableName="t", Key={"PK": {"S": key.pk}, "SK": {"S": key.sk}})
    return found["Item"]


@contextmanager
def connected_delivery(tenant: RecoveryTenant, folder: Path) -> Iterator[WebhookDelivery]:
    """Stripe's world begins now, so that signatures are of today; both clocks travel together."""
    simulation = Simulation(World(now=int(now().timestamp())))
    clock = folder / "ahead"
    clock.write_text("0", encoding="ascii")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLOCK_FILE", str(clock))
        patch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0.01)
        patch.setattr("stripe._http_client.HTTPClient.MAX_DELAY", 0.02)
        with serve(simulation) as url, stripe_at(url):
            yield WebhookDelivery(tenant, StripeAccountWorld(simulation), clock)
