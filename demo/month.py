"""A month of a small workspace: six renewals fail on one day, each in its own way, and what came of them.

The figures that are expected are counted here from what was done to each subscriber, by hand as it were; the
snapshot that Troupe publishes has to agree with them.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from rich.table import Table

from demo.api import expect, mails, wait_for
from demo.shop import LETTERS, Shop, World, opened
from demo.steps import Step
from demo.story import Story
from demo.tables import table

DAY = timedelta(days=1)
SHOP = "Atelier Press"
LASTS = 34  # days: four weeks of retries, and three days of grace


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Whose card fails how, and how it ends. `until`: that many days after; None is for good."""

    name: str
    amount: int
    decline: str
    until: float | None
    told: str
    ends: str  # the attempt's status
    reversed: int = 0

    def card(self, now: datetime) -> Mapping[str, Any]:
        if self.until is None:
            return {"declines": self.decline}
        end = now + timedelta(days=self.until)
        return {"episodes": [{"decline": self.decline, "end": end.isoformat()}]}


SUBSCRIBERS = (
    Subscriber(
        name="Emily Johnson",
        amount=1900,
        decline="insufficient_funds",
        until=2,
        told="is short of money until pay day",
        ends="recovered",
    ),
    Subscriber(
        name="Michael Williams",
        amount=4900,
        decline="processing_error",
        until=0.1,
        told="has a bank that is down for an hour or two",
        ends="recovered",
    ),
    Subscriber(
        name="Sophia Brown",
        amount=2900,
        decline="expired_card",
        until=None,
        told="has a card that expired, and pays with a new one on day 5",
        ends="recovered",
    ),
    Subscriber(
        name="James Davis",
        amount=9900,
        decline="insufficient_funds",
        until=None,
        told="is short of money for good",
        ends="failed",
    ),
    Subscriber(
        name="Emma Miller",
        amount=1900,
        decline="do_not_honor",
        until=None,
        told="cancels on day 3",
        ends="abandoned",
    ),
    Subscriber(
        name="Olivia Wilson",
        amount=5900,
        decline="lost_card",
        until=None,
        told="pays by hand on day 2, and is refunded on day 25",
        ends="recovered",
        reversed=5900,
    ),
)


@dataclass(slots=True)
class Month:
    """What was played, for the tables at the end."""

    story: Story
    shop: Shop = field(init=False)
    began: datetime = field(init=False)
    invoices: dict[str, str] = field(default_factory=dict)  # subscriber -> invoice
    attempts: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # subscriber -> attempt
    metrics: Mapping[str, Any] = field(default_factory=dict)

    def steps(self) -> list[Step]:
        """The days between have nothing that has to be looked at."""
        days = {
            2: ("Olivia pays by hand", self._olivia_pays),
            3: ("Emma cancels", self._emma_cancels),
            5: ("Sophia has a new card", self._sophia_has_a_new_card),
            25: ("Olivia is refunded", self._olivia_is_refunded),
            LASTS: ("the last case ends", lambda: None),
        }
        return [
            Step("connect a Stripe account", self._open),
            Step(f"fail {len(SUBSCRIBERS)} renewals", self._fail),
            *(Step(f"day {day}: {what}", partial(self._live, day, act)) for day, (what, act) in days.items()),
            Step("publish the month's figures", self._report),
            Step("compare them with the book", self._check),
        ]

    def _open(self) -> str:
        self.shop = opened(self.story.stack, self.story.owner, SHOP)
        return f"{self.shop.account}, in the workspace {SHOP}, with a sequence of {len(LETTERS)} mails"

    def _fail(self) -> str:
        """All renew at once; Stripe tells it by webhook."""
        self.shop.world.catch_up()
        self.began = self.shop.world.now
        for each in SUBSCRIBERS:
            self.shop.subscribe(each.name, each.amount, each.card(self.began))
            self.invoices[each.name] = self.shop.renew(each.name)
        wait_for("the cases to be opened", lambda: len(self.shop.attempts()) == len(SUBSCRIBERS) or None)
        self.shop.settled()
        return f"{len(self.invoices)} cases opened by webhook"

    def _live(self, day: int, act: Callable[[], None]) -> str:
        """Until that day, and what happens on it."""
        self.shop.until(self.began + day * DAY)
        act()
        self.shop.settled()
        cases = Counter(each["status"] for each in self.shop.attempts())
        listed = ", ".join(f"{count} {status}" for status, count in cases.items())
        return f"{listed}; {self.mails()} mails so far"

    @property
    def _world(self) -> World:
        return self.shop.world

    def _olivia_pays(self) -> None:
        """On the invoice's page, where the mail's link leads."""
        card = self._world.tell("cards", customer=self.shop.customers["Olivia Wilson"], default=False)
        self._world.tell(f"invoices/{self.invoices['Olivia Wilson']}/pay", card=card["id"])

    def _emma_cancels(self) -> None:
        self._world.tell(f"subscriptions/{self.shop.subscriptions['Emma Miller']}/cancel")

    def _sophia_has_a_new_card(self) -> None:
        """Nothing is paid by that; Troupe charges it at once."""
        self._world.tell("cards", customer=self.shop.customers["Sophia Brown"], last4="5556")

    def _olivia_is_refunded(self) -> None:
        told = self._world.tell("events", type="charge.succeeded", account=self.shop.account)
        charges = [each["body"]["data"]["object"] for each in told]
        (charge,) = [each for each in charges if each["customer"] == self.shop.customers["Olivia Wilson"]]
        self._world.tell(f"charges/{charge['id']}/refund")

    def _report(self) -> str:
        by_invoice = {each["stripe_invoice_id"]: each for each in self.shop.attempts()}
        self.attempts = {name: by_invoice[invoice] for name, invoice in self.invoices.items()}
        days = {"first_day": f"{self.began:%Y-%m-%d}", "last_day": f"{self._world.now - DAY:%Y-%m-%d}"}
        path = f"/workspaces/{self.shop.workspace_id}/metric-snapshots"
        (snapshot,) = self.shop.api.post(path, days, 201)["metric_snapshot_ids"]
        self.metrics = self.shop.api.get(f"/metric-snapshots/{snapshot}")["metrics"]
        return f"{days['first_day']} to {days['last_day']}, definitions {self.metrics['definition_version']}"

    def mails(self) -> int:
        """How many the subscribers have got."""
        domain = f"@{self.shop.domain}"
        return sum(any(each.endswith(domain) for each in mail["To"]) for mail in mails(self._world.stack))

    def expected(self) -> Mapping[str, Any]:
        """The figures, counted by hand."""
        recovered = [each for each in SUBSCRIBERS if each.ends == "recovered"]
        due = sum(each.amount for each in SUBSCRIBERS)
        gross, back = sum(each.amount for each in recovered), sum(each.reversed for each in SUBSCRIBERS)
        return {
            "opened_count": len(SUBSCRIBERS),
            "open_count": 0,
            "recovered_count": len(recovered),
            "failed_count": sum(each.ends == "failed" for each in SUBSCRIBERS),
            "abandoned_count": sum(each.ends == "abandoned" for each in SUBSCRIBERS),
            "failed_revenue_cents": due,
            "gross_recovered_cents": gross,
            "reversed_cents": back,
            "recovered_revenue_cents": gross - back,
            "recovery_rate": round((gross - back) / due, 6),
            "gross_recovery_rate": round(gross / due, 6),
            "case_recovery_rate": round(len(recovered) / len(SUBSCRIBERS), 6),
            "voluntary_cancellations": 1,
            "involuntary_losses": 1,
        }

    def _check(self) -> str:
        """Every case ended as its subscriber did, and the snapshot says what was counted."""
        found = {name: attempt["status"] for name, attempt in self.attempts.items()}
        expect("how the cases ended", found, {each.name: each.ends for each in SUBSCRIBERS})
        expected = self.expected()
        expect("the month's figures", {name: self.metrics[name] for name in expected}, expected)
        return f"{expected['recovered_count']} of {len(SUBSCRIBERS)} recovered; {len(expected)} figures agree"

    def requests(self) -> list[str]:
        """What the tenant's owner may ask."""
        workspace = f"/v1/recovery/workspaces/{self.shop.workspace_id}"
        return [
            f"{workspace}/recovery-attempts?status=recovered",
            f"{workspace}/metric-snapshots",
        ]

    def tables(self) -> list[Table]:
        """The cases, and the snapshot beside what was counted by hand."""
        cases = table("Six renewals that failed, a month later", "who", "what", "ended", numbers=("cents",))
        for each in SUBSCRIBERS:
            attempt = self.attempts[each.name]
            ended = f"{attempt['status']}: {attempt['end_reason']}"
            cases.add_row(
                each.name,
                each.told,
                ended + (", refunded later" if each.reversed else ""),
                f"{each.amount:,}",
            )
        snapshot = table("The month's snapshot", "what", numbers=("published", "counted by hand"))
        for name, counted in self.expected().items():
            snapshot.add_row(name, f"{self.metrics[name]:,}", f"{counted:,}")
        return [cases, snapshot]
