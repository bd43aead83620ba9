"""The shop's books: all that the table holds, read into what the rules of book_rules.py are about.

`check` is pure; the tests of commerce call it after each of them with all items of the table. It reads what
is there and skips what is not: a shop without orders has none to be wrong. A state of another shape than is
expected here fails, so that no rule passes by reading nothing.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from support.commerce import invariants as rules
from support.commerce.invariants import Bucket, Budget, Line, Order, Spot
from support.commerce.ledger_invariants import accounts
from support.commerce.money.revenue_invariants import revenues
from troupe.domain.decider import Decider
from troupe.store import keys
from troupe.store.aggregates import dump, event_in
from troupe.store.buckets import level
from troupe.store.envelope import Envelope
from troupe.store.personal import opened

type Item = Mapping[str, Any]

HOLDS = "@#DUE#ORDER_HOLD#"  # where a hold falls due; other things of an order fall due elsewhere
STOCK, LINES, BUDGET, CUSTOMER = "STOCK#", "LINES#", "BUDGET", "BUDGET#CUSTOMER#"


@dataclass(frozen=True)
class TableSnapshot:
    """The items of the table, by what they are."""

    items: tuple[Item, ...]

    def _of(self, kind: str, sort: str = keys.STATE) -> Iterator[tuple[str, Item]]:
        """The ids and items of a kind's aggregates, or of their parts that begin so."""
        for item in self.items:
            tenant, *middle = item["PK"].split("#")
            if tenant and len(middle) == 2 and middle[0] == kind and item["SK"].startswith(sort):
                yield middle[1], item

    def states(self, kind: str) -> dict[str, Any]:
        return {name: json.loads(item["state"]) for name, item in self._of(kind)}

    @cached_property
    def events(self) -> list[Item]:
        return [item for item in self.items if item["SK"].startswith(keys.EVENT)]

    @cached_property
    def buckets(self) -> tuple[Bucket, ...]:
        return tuple(self._bucket(item) for _, item in self._of("PRODUCT", STOCK))

    def _bucket(self, item: Item) -> Bucket:
        variant, location, number = item["SK"].removeprefix(STOCK).split("#")
        return Bucket(
            spot=(variant, location, int(number)),
            on_hand=item["on_hand"],
            available=item["available"],
            reserved=item["reserved"],
            safety=item["safety"],
            oversold_by_force=(variant, location) in self._forced,
        )

    @cached_property
    def _forced(self) -> set[tuple[str, str]]:
        """Buckets where the count was set below the reserved units."""
        found = (json.loads(e["data"]) for e in self.events if e["type"] == "product.inventory_updated")
        return {(each["variant_id"], each["location_id"]) for each in found if each["oversold"]}

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        placed: defaultdict[str, list[Any]] = defaultdict(list)
        for order_id, item in self._of("ORDER", LINES):
            placed[order_id] += json.loads(item["lines"])
        parts = self.states("SUPPLIER_ORDER")
        return tuple(_order(order_id, item, placed[order_id], parts) for order_id, item in self._of("ORDER"))

    @cached_property
    def budgets(self) -> tuple[Budget, ...]:
        """Of the promotions that have a limit."""
        buckets: defaultdict[str, list[Any]] = defaultdict(list)
        for name, item in self._of("PROMOTION", BUDGET):
            if "available" in item:
                buckets[name].append(item)
        found = {name: level(items) for name, items in buckets.items()}
        return tuple(
            Budget(promotion_id=name, limit=each.limit, remaining=each.available)
            for name, each in found.items()
        )

    @cached_property
    def customers(self) -> dict[tuple[str, str], int]:
        """How often each customer has used a promotion."""
        each = self._of("PROMOTION", CUSTOMER)
        return {(name, item["SK"].removeprefix(CUSTOMER)): item["used"] for name, item in each}

    @cached_property
    def intents(self) -> list[tuple[str, str]]:
        """Of succeeded payments."""
        return [(order.intent, order.id) for order in self.orders if order.intent and order.captured]

    @cached_property
    def members(self) -> tuple[dict[str, int], list[str]]:
        """What each community counts, and the community of each active membership."""
        marks = ("TALLY", "MEMBERS")
        tallies = Counter[str]()
        for item in self.items:
            if tuple(item["PK"].split("#")[1:3]) == marks:
                tallies[item["PK"].split("#")[3]] += item["used"]
        states = self.states("MEMBERSHIP").values()
        return tallies, [each["community_id"] for each in states if each.get("status") == "active"]

    @cached_property
    def versions(self) -> dict[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for event in self.events:
            found[event["PK"]].append(event["version"])
        return found

    @cached_property
    def texts(self) -> list[tuple[str, str]]:
        """Of every item that a tenant owns."""
        owned = [(item["PK"].partition("#")[0], item) for item in self.items]
        return [(owner, json.dumps(item, default=str)) for owner, item in owned if owner != keys.SYSTEM]

    @cached_property
    def _subjects(self) -> dict[keys.Key, Item]:
        """The keys of people, which open what is personal in events."""
        return {keys.Key(item["PK"], item["SK"]): item for item in self.items if item["SK"] == keys.SUBJECT}

    def histories(self, decider: Decider[Any, Any, Any]) -> Iterator[tuple[str, list[Any]]]:
        """The states that each aggregate of a kind went through, the first one left out."""
        streams: defaultdict[str, list[Item]] = defaultdict(list)
        for event in self.events:
            if event["aggregate"] == decider.name:
                streams[event["PK"]].append(event)
        for stream, events in streams.items():
            ordered = sorted(events, key=lambda each: each["version"])
            envelopes = opened([Envelope.of_row(each) for each in ordered], {**self._subjects})
            states: list[Any] = []
            for envelope in envelopes:
                event = event_in(decider, envelope)
                states.append(decider.after(states[-1] if states else None, event))
            yield stream, states

    def unlike_their_events(self, decider: Decider[Any, Any, Any]) -> Iterator[str]:
        """I11, of the aggregates: what is stored is what the events make."""
        stored = {item["PK"]: item["state"] for _, item in self._of(decider.name.upper())}
        folded = {stream: dump(decider.state, states[-1]) for stream, states in self.histories(decider)}
        for stream in stored.keys() | folded.keys():
            if stored.get(stream) != folded.get(stream):
                yield f"I11: {stream} is stored as {stored.get(stream)}, its events make {folded.get(stream)}"

    def first_activations(self, decider: Decider[Any, Any, Any]) -> dict[str, list[str | None]]:
        return {
            stream: [
                str(at) if (at := getattr(state, "first_activated_at", None)) else None for state in states
            ]
            for stream, states in self.histories(decider)
        }


def loaded(context: str) -> list[Decider[Any, Any, Any]]:
    """The deciders of a context's loaded modules: every decision was made by one of them."""
    modules = [each for name, each in sys.modules.items() if name.startswith(f"{context}.")]
    values = (value for module in modules for value in vars(module).values())
    return list(
        {each.name: each for each in values if isinstance(each, Decider) and each.context == context}.values()
    )


def _order(order_id: str, item: Item, placed: Iterable[Any], parts: Mapping[str, Any]) -> Order:
    header = json.loads(item["state"])
    states = {line["id"]: line for each in header["supplier_orders"] for line in parts[each]["lines"]}
    totals, payment = header["totals"], header["payment"]
    return Order(
        id=order_id,
        status=header["detail_status"],
        due=item.get("GSI2PK", "").startswith(HOLDS),
        lines=tuple(_line(each, states[each["id"]], header) for each in placed),
        histogram=header["histogram"],
        subtotal=totals["subtotal_cents"],
        discount=totals["discount_cents"],
        tax=totals["tax_cents"],
        shipping=totals["shipping_cents"],
        total=totals["total_cents"],
        captured=payment["captured_cents"],
        refunded=payment["refunded_cents"],
        intent=payment["payment_intent_id"],
        customer=header["customer"]["id"],
        budgets=tuple(header["budgets"]),
        refunds=_refunds(header),
        by_hand=sum(
            each["amount_cents"]
            for each in header["refunds"]
            if each["status"] == "succeeded" and not each["lines"] and not each["shipping"]
        ),
        shipping_refunded=sum(parts[each]["shipping_refunded_cents"] for each in header["supplier_orders"]),
    )


def _refunds(header: Mapping[str, Any]) -> tuple[int, ...]:
    """What has gone back; late money goes back as a whole."""
    if header["payment"]["status"] == "reversed":
        return (header["payment"]["refunded_cents"],)
    return tuple(each["amount_cents"] for each in header["refunds"] if each["status"] == "succeeded")


def _line(placed: Mapping[str, Any], now: Mapping[str, Any], header: Mapping[str, Any]) -> Line:
    """Of an order in chunks, only what the chunks that are done have reserved is held."""
    whole = header.get("chunks") is None
    held: list[tuple[Spot, int]] = [
        ((placed["variant_id"], each["location_id"], each["bucket"]), each["held"])
        for each in now["allocations"]
        if header["hold"] == "held" and each["held"] and (whole or each["chunk"] in header["done_chunks"])
    ]
    return Line(
        quantity=placed["quantity"],
        subtotal=placed["subtotal_cents"],
        discount=placed["discount_cents"],
        tax=placed["tax_cents"],
        state=now["state"],
        refunded=now["refunded_cents"],
        held=tuple(held),
    )


@dataclass(frozen=True)
class Report:
    findings: tuple[str, ...]
    looked: Counter[str]  # at how much of each


def check(items: Iterable[Item], deciders: Iterable[Decider[Any, Any, Any]] = ()) -> Report:
    """What is wrong with the books, and how much there was to look at."""
    books, deciders = TableSnapshot(tuple(items)), tuple(deciders)
    tallies, active = books.members
    ledgers = accounts(books.items)
    findings = (
        *rules.i1_buckets_balance(books.buckets),
        *rules.i2_what_is_reserved_is_ordered(books.buckets, books.orders),
        *rules.i3_only_open_holds_fall_due(books.orders),
        *rules.i4_histograms_count(books.orders),
        *rules.i5_sums_are_sums(books.orders),
        *rules.i5_refunds_are_what_went_back(books.orders),
        *rules.i6_budgets_are_what_orders_use(books.budgets, books.orders),
        *rules.i6_customers_use_what_they_ordered(books.customers, books.orders),
        *rules.i7_one_order_for_each("the intent", books.intents),
        *rules.i8_members_are_counted(tallies, active),
        *rules.i9_revenue_is_attributed_once(revenues(books.items)),
        *rules.i10_events_are_contiguous(books.versions),
        *(each for decider in deciders for each in books.unlike_their_events(decider)),
        *(
            each
            for decider in deciders
            for each in rules.i12_first_is_first(books.first_activations(decider))
        ),
        *rules.i14_ledgers_balance(ledgers),
        *rules.i14_ledgers_are_what_was_sold_and_sent(ledgers),
        *rules.i13_nobody_holds_what_is_another_s(books.texts, {owner for owner, _ in books.texts}),
    )
    looked = Counter(
        buckets=len(books.buckets),
        orders=len(books.orders),
        budgets=len(books.budgets),
        communities=len(tallies),
        streams=len(books.versions),
        items=len(books.items),
    )
    return Report(findings, looked)
