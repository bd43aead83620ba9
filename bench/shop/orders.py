"""What it costs to place an order of so many lines, and to see it, beside what was reckoned of its items.

The reckoning is that of the checkout's design: a transaction of the order's state and its event, the lines in
pieces of forty, three items for each supplier (its part, that part's event, and the check that it sells), and
a bucket of stock for each line. Each costs two units for every KB that it has begun.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.costs import quiet
from bench.counted import Counted, Reply, caller, counting
from bench.report import Section
from bench.shop.bench_shop import Stall, opened
from demo.catalogue import Article, Variant
from demo.merchant import Merchant
from demo.people import Person
from local.stack.stack import Stack

SIZES = {1: 1, 5: 3, 10: 5, 46: 10, 100: 10}  # lines, and of how many suppliers
PLENTY, RUNS = 1_000, 5
KB = 1024
LINE, HEADER, PART = (
    700,
    1_200,
    500,
)  # bytes: of a line as bought; of an order and a part without
PIECE = 40  # lines
PER_SUPPLIER = 3


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Of a transaction that places so many lines of so many suppliers.

    The note says that the order holds something about its customer, for their erasure.
    """

    lines: int
    suppliers: int

    @property
    def actions(self) -> int:
        return 3 + self._pieces + PER_SUPPLIER * self.suppliers + self.lines

    @property
    def units(self) -> int:
        """Twice the KB begun: of the event with all lines, their pieces, the parts, buckets and the note."""
        header = _kilobytes(HEADER)
        event = _kilobytes(HEADER + LINE * self.lines)
        pieces = sum(_kilobytes(LINE * size) for size in self._sizes())
        share = LINE * self.lines // self.suppliers
        parts = self.suppliers * (_kilobytes(PART + share // 4) + _kilobytes(PART + share // 4) + 1)
        return 2 * (header + event + pieces + parts + self.lines + 1)

    @property
    def _pieces(self) -> int:
        return -(-self.lines // PIECE)

    def _sizes(self) -> Iterator[int]:
        left = self.lines
        while left > 0:
            yield min(left, PIECE)
            left -= PIECE


def _kilobytes(size: int) -> int:
    return max(1, math.ceil(size / KB))


def measured(stack: Stack) -> Section:
    stall = opened(stack, 1)
    merchants = stall.traders([f"Supplier {number}" for number in range(max(SIZES.values()))])
    lines = _goods(merchants)
    (person,) = stall.story.people
    with counting(stack, "commerce", stall.story.played.tenant_id) as shop, quiet():
        rows = [row for size in SIZES for row in _rows(shop, stall, person, lines, size)]
    said = (
        f"PlaceOrder in this process against the stack's table, the median of {RUNS}; then the page of that "
        "order. Reckoned: two units for every KB begun of the items of the design (section 3): state, event, "
        "lines in pieces of forty, three items for each supplier, one bucket for each line. Above a hundred "
        "actions an order takes several transactions. Write units as the emulator counts them, read units "
        "computed from the sizes of what was read."
    )
    columns = ("what", "round trips", "actions", "reckoned", "write units", "reckoned", "read units", "ms")
    return Section(title="Commerce: an order by its size", said=said, columns=columns, rows=rows)


def _goods(merchants: Sequence[Merchant]) -> list[list[dict[str, Any]]]:
    """For each supplier the lines that can be ordered of it."""
    most = max(-(-lines // suppliers) for lines, suppliers in SIZES.items())
    variants = tuple(
        Variant(sku=f"V-{number}", name=str(number), price_cents=1_500 + number, on_hand=PLENTY)
        for number in range(most)
    )
    found: list[list[dict[str, Any]]] = []
    for place, merchant in enumerate(merchants):
        merchant.sell(Article(name=f"Goods {place}", category="Goods", supplier=place, variants=variants))
        (goods,) = merchant.goods.values()
        lines = [
            {"product_id": goods.id, "variant_id": each, "quantity": 1} for each in goods.variants.values()
        ]
        found.append(lines)
    return found


def _rows(
    shop: Counted, stall: Stall, person: Person, goods: Sequence[Sequence[dict[str, Any]]], size: int
) -> Iterator[tuple[object, ...]]:
    suppliers, buyer = SIZES[size], stall.story.played.ids[person.email]
    customer = caller(shop.tenant_id, buyer, "consumer")
    lines = [goods[number % suppliers][number // suppliers] for number in range(size)]
    placed = [shop.command("place_order", customer, stall.basket(lines)) for _ in range(RUNS)]
    seen = shop.query("/orders/{order_id}", customer, {"order_id": str(placed[-1].body["id"])})
    reckoned, named = Reckoned(size, suppliers), f"{size} lines, {suppliers} suppliers"
    yield _row(f"place {named}", _median(placed), reckoned.actions, reckoned.units)
    yield _row(f"see {named}", seen, None, None)


def _median(replies: Sequence[Reply]) -> Reply:
    return sorted(replies, key=lambda reply: reply.milliseconds)[len(replies) // 2]


def _row(name: str, reply: Reply, actions: int | None, units: int | None) -> tuple[object, ...]:
    traffic = reply.traffic
    return (
        name,
        traffic.round_trips,
        traffic.actions or None,
        actions,
        traffic.writes,
        units,
        traffic.reads,
        reply.milliseconds,
    )
