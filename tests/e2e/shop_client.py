"""A shop of the deployed stack from outside: its cases, its customers' mails, its flows, and what Stripe was asked."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from demo.api import StoryError, mails, wait_for
from demo.shop import Shop
from local.stack.http_client import client
from local.stack.simulator_server import WEBHOOK_SECRET
from stripe_simulator.webhooks import signature

PERSON = {"user-agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/17.5 Safari/605.1.15"}
MOST_HOPS = 20  # from one thing that is due to the next, until what is looked for counts as never coming
LINK = re.compile(r"https?://[^\s\"<>)]+/v1/recovery/(opens|clicks|opt-outs)/([A-Za-z0-9_.~-]+)")

type View = dict[str, Any]


@dataclass(frozen=True)
class Storefront:
    shop: Shop

    # Customers, and what becomes of their renewals.

    def fail(self, name: str, amount: int = 1900, **card: Any) -> View:
        """A renewal fails, and the webhook of it opens the case."""
        self.shop.subscribe(name, amount, card or {"declines": "insufficient_funds"})
        invoice = self.shop.renew(name)
        return wait_for(f"the case of {name}", lambda: self.case_of(invoice))

    def for_a_minute(self, decline: str) -> View:
        """A card that is declined so for a minute."""
        end = self.shop.world.now + timedelta(minutes=1)
        return {"episodes": [{"decline": decline, "end": end.isoformat()}]}

    def case_of(self, invoice: str) -> View | None:
        found = [each["id"] for each in self.shop.attempts() if each["stripe_invoice_id"] == invoice]
        assert len(found) < 2, "two cases of one invoice"
        return self.case(found[0]) if found else None

    def case(self, attempt_id: str) -> View:
        return dict(self.shop.api.get(f"/recovery-attempts/{attempt_id}"))

    def timeline(self, attempt_id: str) -> list[View]:
        return [dict(each) for each in self.shop.api.all(f"/recovery-attempts/{attempt_id}/timeline")]

    def happened(self, attempt_id: str, kind: str) -> int:
        kinds = [each["type"] for each in self.timeline(attempt_id)]
        return kinds.count(f"recovery_attempt.{kind}")

    def mails(self, name: str) -> list[View]:
        """What the customer got, oldest first."""
        address = f"{name.partition(' ')[0].lower()}@{self.shop.domain}"
        return [each for each in mails(self.shop.world.stack) if address in each["To"]]

    def token(self, mail: View, kind: str) -> str:
        found = {each[1]: each[2] for each in LINK.finditer(mail["BodyText"] + mail["BodyHtml"])}
        return found[kind]

    # Time.

    def live(self, what: str, look: Callable[[], Any]) -> Any:
        """Let time pass, from one thing that is due to the next, until there is what is looked for."""
        for _ in range(MOST_HOPS):
            self.shop.settled()
            if found := look():
                return found
            self.shop.until(min(self.shop.due()))
        raise StoryError(f"{what} never came")

    # Stripe.

    def tell(self, control: str, **asked: Any) -> Any:
        return self.shop.world.tell(control, **asked)

    def events(self) -> list[View]:
        """What Stripe told of this shop, oldest first."""
        return [dict(each) for each in self.tell("events", account=self.shop.account)]

    def payments(self, invoice: str) -> list[View]:
        """The calls of ours that pay an invoice."""
        path = f"/v1/invoices/{invoice}/pay"
        return [dict(each) for each in self.tell("calls") if (each["method"], each["path"]) == ("POST", path)]

    def charged(self, customer: str) -> list[View]:
        """The charges of a customer that succeeded."""
        told = self.tell("events", type="charge.succeeded", account=self.shop.account)
        charges = [each["body"]["data"]["object"] for each in told]
        return [each for each in charges if each["customer"] == self.shop.customers[customer]]

    def post(self, event: Mapping[str, Any] | bytes, secret: str = WEBHOOK_SECRET, late: int = 0) -> int:
        """Send something to the endpoint as Stripe does, signed `late` seconds ago; the status."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        at = int(self.shop.world.now.timestamp()) - late
        headers = {"stripe-signature": signature(body, [secret], at), "content-type": "application/json"}
        return self.request("POST", "webhooks/stripe", content=body, headers=headers).status_code

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """A client without a token."""
        more.setdefault("headers", PERSON)
        with client(self.shop.world.stack.api_url) as stranger:
            return stranger.request(method, f"/v1/recovery/{path}", **more)


@dataclass(frozen=True)
class Flows:
    """The executions of the dunning flow."""

    client: Any
    machine: str

    def of(self, attempt_id: str) -> dict[str, str]:
        """Of an attempt: name -> status."""
        pages = self.client.get_paginator("list_executions").paginate(stateMachineArn=self.machine)
        found = [each for page in pages for each in page["executions"]]
        return {each["name"]: each["status"] for each in found if each["name"].startswith(_hex(attempt_id))}

    def lose(self, attempt_id: str) -> None:
        """Stop those that run."""
        for name, status in self.of(attempt_id).items():
            if status == "RUNNING":
                self.client.stop_execution(executionArn=self._arn(name))

    def begin_another(self, attempt_id: str, name: str) -> None:
        """A second execution of the same plan with the same input, as if the first were unknown."""
        first = next(iter(self.of(attempt_id)))
        given = self.client.describe_execution(executionArn=self._arn(first))["input"]
        self.client.start_execution(
            stateMachineArn=self.machine, name=f"{_hex(attempt_id)}-{name}", input=given
        )

    def _arn(self, name: str) -> str:
        return f"{self.machine.replace(':stateMachine:', ':execution:')}:{name}"


def _hex(attempt_id: str) -> str:
    return attempt_id.replace("-", "")


def facts(case: View) -> View:
    """A case without what differs from one account to another: names, and instants."""
    plain = ("status", "decline_type", "amount_due_cents", "amount_remaining_cents", "currency", "end_reason")
    money = ("recovered_amount_cents", "reversed_amount_cents", "attribution", "classification", "timezone")
    charges = [
        tuple(each[name] for name in ("status", "amount_cents", "initiator", "executed"))
        for each in case["charges"]
    ]
    steps = [
        tuple(each[name] for name in ("delay_hours", "status", "skipped_reason")) for each in case["steps"]
    ]
    return {name: case[name] for name in plain + money} | {"charges": charges, "steps": steps}
