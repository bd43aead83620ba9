"""A shop with subscribers, and the workspace that wins its failed renewals back: one clock for both.

What is done here is done as it would be: over HTTP, with a consent of the shop's owner, by webhooks. Only
time is the demo's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from demo.api import Api, StoryError, wait_for
from local.stack import simulator_server, travel
from local.stack.resources import resources_of
from local.stack.stack import Stack

QUEUES = ("InboxQueue", "FlowQueue", "InboundQueue")
STATUSES = ("pending", "recovered", "failed", "abandoned")
WAITING = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
LETTERS = (  # hours after the first failure, subject, what it says
    (
        1,
        "Your payment to {{ workspace_name }} did not go through",
        "{{ amount_due }} could not be collected.{% if will_retry %} We try on {{ retry_at }}.{% endif %}",
    ),
    (96, "{{ amount_due }} is still open", "{{ amount_due }} is still open. A new card takes a minute."),
    (336, "Last reminder: {{ amount_due }}", "this is our last reminder of {{ amount_due }}."),
)
BODY = "Hello {{{{ customer_name | default: 'there' }}}},\n\n{0}\n\n[Pay now]\n"
STEPS = [
    {"delay_hours": hours, "subject_template": subject, "body_template": BODY.format(text)}
    for hours, subject, text in LETTERS
]


@dataclass(frozen=True)
class World:
    """The shop's Stripe, and the clock that it shares with recovery."""

    stack: Stack

    @property
    def folder(self) -> Path:
        return Path(self.stack.clock_file).parent

    def tell(self, control: str, **asked: Any) -> Any:
        return simulator_server.tell(self.stack.stripe_url, control, asked)

    @property
    def now(self) -> datetime:
        return travel.now(self.folder)

    def travel_to(self, instant: datetime) -> None:
        """Recovery's clock first, so that no event comes from its future."""
        travel.travel_to(instant, self.folder)
        simulator_server.set_clock(self.stack.stripe_url, self.now)

    def catch_up(self) -> None:
        """Set the world's clock, which stands still between two looks, to where recovery's is."""
        simulator_server.set_clock(self.stack.stripe_url, self.now)


@dataclass
class Shop:
    """A connected account of the world with its workspace. `api` is the owner's, in recovery."""

    world: World
    api: Api
    account: str = ""
    workspace_id: str = ""
    stripe_account_id: str = ""
    sequence_id: str = ""
    customers: dict[str, str] = field(default_factory=dict)  # name -> customer
    subscriptions: dict[str, str] = field(default_factory=dict)  # name -> subscription

    def open(self, name: str, zone: str = "UTC", **account: Any) -> None:
        """The workspace, the shop's account connected to it, and a sequence that is used."""
        self.world.catch_up()
        self.workspace_id = self.api.post("/workspaces", {"name": name, "timezone": zone}, 201)["id"]
        self.account = self.world.tell("accounts", name=name, livemode=False, **account)["id"]
        self.connect()
        sequence = {"name": "Three letters", "steps": STEPS}
        path = f"/workspaces/{self.workspace_id}/dunning-sequences"
        self.sequence_id = self.api.post(path, sequence, 201)["id"]
        self.api.post(f"/dunning-sequences/{self.sequence_id}/enable")

    def connect(self) -> None:
        """The owner follows the address, agrees there, and comes back with a code."""
        url = self.api.get(f"/workspaces/{self.workspace_id}/stripe-connect-url")["url"]
        (state,) = parse_qs(urlsplit(url).query)["state"]
        code = self.world.tell(f"accounts/{self.account}/authorize")["code"]
        path = f"/workspaces/{self.workspace_id}/stripe-accounts"
        self.stripe_account_id = self.api.post(path, {"code": code, "state": state}, 201)["id"]

    def subscribe(self, name: str, amount: int, card: Mapping[str, Any], currency: str = "eur") -> str:
        """A subscriber by the year, whose next renewal is far away; the subscription's id."""
        email = f"{name.partition(' ')[0].lower()}@{self.domain}"
        told = self.world.tell("customers", account=self.account, email=email, name=name, card=dict(card))
        self.customers[name] = told["id"]
        terms = {"customer": told["id"], "amount": amount, "currency": currency, "months": 12}
        made = self.world.tell("subscriptions", **terms)
        self.subscriptions[name] = made["id"]
        return str(made["id"])

    @property
    def domain(self) -> str:
        """Of its subscribers' addresses."""
        return f"{self.account.replace('_', '-').lower()}.example"

    def renew(self, name: str) -> str:
        """The renewal is charged now; its invoice."""
        self.world.catch_up()
        return str(self.world.tell(f"subscriptions/{self.subscriptions[name]}/renew")["id"])

    def attempts(self) -> list[Mapping[str, Any]]:
        """Of every status."""
        path = f"/workspaces/{self.workspace_id}/recovery-attempts"
        return [each for status in STATUSES for each in self.api.all(path, status=status)]

    def due(self) -> list[datetime]:
        """When something is to be done next, of each attempt that goes on; the soonest first."""
        listed = self.api.all(f"/workspaces/{self.workspace_id}/due")
        return sorted(datetime.fromisoformat(each["due_at"]) for each in listed)

    def settled(self) -> None:
        """Wait until all that came in is taken in, and nothing that is due is left to be done."""
        wait_for("the webhooks to be taken in", lambda: self._quiet() or None)
        wait_for("what is due to be done", lambda: not self._overdue() or None)
        wait_for("what came of it to be taken in", lambda: self._quiet() or None)

    def until(self, instant: datetime) -> None:
        """Let the time pass, from one thing that is due to the next."""
        while self.world.now < instant:
            coming = [each for each in self.due() if each > self.world.now]
            moment = min([instant, *coming]) + timedelta(seconds=1)
            self.world.travel_to(moment)
            self.settled()

    def _overdue(self) -> bool:
        return any(each <= self.world.now for each in self.due())

    def _quiet(self) -> bool:
        return not self.world.tell("health")["waiting"] and self.taken_in()

    def taken_in(self) -> bool:
        """No queue of recovery's holds anything."""
        return all(self._empty(queue) for queue in QUEUES)

    def _empty(self, queue: str) -> bool:
        found = self.world.stack.client("sqs").get_queue_attributes(
            QueueUrl=self._names[f"Recovery/{queue}"], AttributeNames=list(WAITING)
        )["Attributes"]
        return all(int(found[name]) == 0 for name in WAITING)

    @cached_property
    def _names(self) -> dict[str, str]:
        found = resources_of(self.world.stack.client("cloudformation"), self.world.stack.stack_name)
        return {one.name: one.physical_id for one in found}


def opened(stack: Stack, owner: Api | None, name: str) -> Shop:
    """A shop that is open for business."""
    if owner is None or not stack.stripe_url:
        raise StoryError("recovery's Stripe does not run: bring the stack up to date with make up")
    shop = Shop(world=World(stack), api=owner.of("recovery"))
    shop.open(name)
    return shop
