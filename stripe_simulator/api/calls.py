"""A call of the API, and what its handlers need: parameters, objects, lists and expansion."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stripe_simulator import shapes
from stripe_simulator.api import answers
from stripe_simulator.model import (
    Account,
    Card,
    Charge,
    CreditNote,
    Customer,
    Intent,
    Invoice,
    InvoicePayment,
    Shape,
    Subscription,
    Thing,
)
from stripe_simulator.platform.model import Dispute, Entry, Payout, Refund, Transfer, TransferReversal
from stripe_simulator.world import World

KINDS: dict[str, type[Any]] = {
    "acct": Account, "cus": Customer, "pm": Card, "sub": Subscription, "in": Invoice, "inpay": InvoicePayment,
    "pi": Intent, "ch": Charge, "re": Refund, "dp": Dispute, "cn": CreditNote,
    "tr": Transfer, "trr": TransferReversal, "po": Payout, "txn": Entry,
}  # fmt: skip
LISTS: dict[tuple[str, str], tuple[type[Any], str, type[Any]]] = {
    ("invoice", "payments"): (Invoice, "payments", InvoicePayment),
    ("charge", "refunds"): (Charge, "refunds", Refund),
}
"""Lists within an object that are there only when `expand` asks for them."""
MOST = 100
DEFAULT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`account` is the Stripe-Account, or the platform's own."""

    world: World
    account: str
    params: dict[str, Any]
    shape: Shape
    path: str
    named: tuple[str, ...] = ()  # what the path names

    def find[T: Thing](self, kind: type[T], identifier: str | None = None) -> T:
        """By an id, else by the one in the path; raises `Missing`."""
        return self.world.get(kind, self.named[0] if identifier is None else identifier, self.account)

    def render(self, thing: Thing) -> dict[str, Any]:
        return shapes.rendered(self.world, thing, self.shape)

    def shown(self, thing: Thing) -> dict[str, Any]:
        """With what `expand` asks for."""
        rendered = self.render(thing)
        for path in self.params.get("expand", []):
            self._expand(rendered, path.split("."), path)
        return rendered

    def listed(self, things: Iterable[Thing]) -> dict[str, Any]:
        """A page, newest first; `things` are oldest first."""
        found = [thing for thing in reversed(list(things)) if self._within(thing)]
        if after := self.params.get("starting_after"):
            ids = [thing.id for thing in found]
            if after not in ids:
                raise answers.Fault(answers.missing(f"No such object: '{after}'"))
            found = found[ids.index(after) + 1 :]
        limit = int(self.params.get("limit", DEFAULT))
        if not 1 <= limit <= MOST:
            raise answers.Fault(answers.error(answers.BAD, "Invalid limit.", param="limit", began=False))
        page = {
            "object": "list",
            "data": [self.render(thing) for thing in found[:limit]],
            "has_more": len(found) > limit,
            "url": self.path,
        }
        for path in self.params.get("expand", []):
            self._expand(page, path.split("."), path)
        return page

    def _within(self, thing: Thing) -> bool:
        asked = self.params.get("created", {})
        bounds = {"gte": int(asked), "lte": int(asked)} if isinstance(asked, str) else asked
        tests = {
            "gte": lambda bound: thing.created >= bound,
            "gt": lambda bound: thing.created > bound,
            "lte": lambda bound: thing.created <= bound,
            "lt": lambda bound: thing.created < bound,
        }
        return all(tests[name](int(bound)) for name, bound in bounds.items())

    def _expand(self, node: Any, path: list[str], whole: str) -> None:
        if isinstance(node, list):
            for each in node:
                self._expand(each, path, whole)
            return
        name, *rest = path
        if name not in node and (of := LISTS.get((str(node.get("object")), name))):
            node[name] = self._list(node["id"], *of)
        if name not in node:
            said = f"This property cannot be expanded ({whole})."
            raise answers.Fault(answers.error(answers.BAD, said, param="expand", began=False))
        if isinstance(node[name], str):
            node[name] = self.render(self.world.get(KINDS[node[name].partition("_")[0]], node[name]))
        if rest and node[name] is not None:
            self._expand(node[name], rest, whole)

    def _list(self, identifier: str, owner: type[Any], attribute: str, kind: type[Any]) -> dict[str, Any]:
        held: list[str] = getattr(self.world.get(owner, identifier), attribute)
        rendered = [self.render(self.world.get(kind, each)) for each in held]
        return {"object": "list", "data": rendered, "has_more": False, "url": f"{self.path}/{attribute}"}
