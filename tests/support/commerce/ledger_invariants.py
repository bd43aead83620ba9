"""Suppliers' ledgers beside what their parts of orders and the events of payouts say."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from commerce.payout.ledger import TALLY
from commerce.supplier_order.amounts import revenue_of
from commerce.supplier_order.decider import SUPPLIER_ORDER
from commerce.supplier_order.state import SupplierOrder
from support.commerce.invariants import Account
from troupe.store.aggregates import parse

type Item = Mapping[str, Any]
type Name = tuple[str, str, str]  # tenant, supplier, currency


def accounts(items: Iterable[Item]) -> list[Account]:
    """One for each supplier and currency of which there is a ledger, or anything that fell due."""
    items = tuple(items)
    sold, sent = _sold(items), _sent(items)
    tallies = {_name(item): item for item in items if _is_ledger(item)}
    return [
        Account(
            supplier_id=name[1],
            **{each: int(tallies.get(name, {}).get(each, 0)) for each in _FIELDS},
            sold=sold[name],
            sent=sent[name],
        )
        for name in sorted(tallies.keys() | sold.keys() | sent.keys())
    ]


_FIELDS = ("earnings", "commission", "reversals", "payouts", "balance")


def _is_ledger(item: Item) -> bool:
    return item["PK"].split("#")[1:3] == ["TALLY", TALLY.upper()]


def _name(item: Item) -> Name:
    parts = item["PK"].split("#")
    return parts[0], parts[3], item["SK"]


def _sold(items: Iterable[Item]) -> Counter[Name]:
    """What each part that fell due comes to now, less commission."""
    found: Counter[Name] = Counter()
    for item in items:
        tenant, *kind = item["PK"].split("#")
        if kind[:1] != ["SUPPLIER_ORDER"] or item["SK"] != "STATE":
            continue
        if json.loads(item["state"])["payout"]["due_at"] is None:
            continue
        part = parse(SUPPLIER_ORDER.state, item["state"])
        if isinstance(part, SupplierOrder):
            found[tenant, part.supplier_id, part.currency] += revenue_of(part).net_cents
    return found


def _sent(items: Iterable[Item]) -> Counter[Name]:
    """What the events say of transfers: begun, not refused, and not come back."""
    found: Counter[Name] = Counter()
    currencies = {
        item["PK"]: json.loads(item["data"])["currency"]
        for item in items
        if item.get("type") == "supplier_order.created"
    }
    begun: dict[tuple[str, int], int] = {}
    for item in sorted((each for each in items if "data" in each), key=lambda each: each["SK"]):
        if not item["type"].startswith("supplier_order.payout_"):
            continue
        data, stream = json.loads(item["data"]), item["PK"]
        name = (item["tenant_id"], item["aggregate_id"].partition(".")[2], currencies[stream])
        match item["type"].removeprefix("supplier_order.payout_"):
            case "started":
                begun[stream, data["number"]] = data["amount_cents"]
                found[name] += data["amount_cents"]
            case "held" if data["number"] is not None:
                found[name] -= begun[stream, data["number"]]
            case "reversed":
                found[name] -= data["amount_cents"]
            case _:
                pass
    return found
