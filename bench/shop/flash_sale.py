"""A flash sale: many customers order one variant at once, from one bucket of stock and from several."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from threading import Lock
from typing import Any

from bench import scenario
from bench.costs import quiet
from bench.counted import become, caller
from bench.report import Section
from bench.shop.bench_shop import Stall, opened
from demo.catalogue import Article, Variant
from demo.merchant import Merchant
from local.stack.stack import Stack

BUCKETS = (1, 8, 32)
AT_ONCE, UNITS, WANTED = 16, 160, 200
TRANSACTION = "after-call.dynamodb.TransactWriteItems"


@dataclass(slots=True)
class Tries:
    """How many transactions all threads have begun."""

    count: int = 0
    lock: Any = field(default_factory=Lock)

    def one(self, **_: Any) -> None:
        with self.lock:
            self.count += 1

    @contextmanager
    def counted(self, client: Any) -> Iterator[None]:
        client.meta.events.register(TRANSACTION, self.one)
        try:
            yield
        finally:
            client.meta.events.unregister(TRANSACTION, self.one)


@dataclass(frozen=True, slots=True)
class Rush:
    """What came of it; without any contention there is a try for each order, and none for a refusal."""

    statuses: Counter[int]
    tries: int
    seconds: float


def measured(stack: Stack) -> Section:
    stall = opened(stack, 1)
    (merchant,) = stall.traders(["Flash"])
    become(stack, "commerce")
    with quiet():
        rows = [_row(buckets, _rush(stall, merchant, buckets)) for buckets in BUCKETS]
    said = (
        f"{WANTED} times PlaceOrder for {UNITS} units of one variant, {AT_ONCE} at a time, in this process "
        "against the stack's table, of which there is one: its cores are the limit, not a partition's. Tries "
        "are transactions; what is beyond one for each order was lost to another order and tried again."
    )
    columns = ("buckets", "orders", "refused", "tries for each order", "orders/s", "answers/s")
    return Section(title="Commerce: a flash sale", said=said, columns=columns, rows=rows)


def _rush(stall: Stall, merchant: Merchant, buckets: int) -> Rush:
    line = _on_sale(merchant, buckets)
    (person,) = stall.story.people
    customer = caller(stall.story.played.tenant_id, stall.story.played.ids[person.email], "consumer")
    event, tries = scenario.http(stall.basket([line]), {}, customer), Tries()
    handler = scenario.handler("place_order", "commerce")

    def place(_: int) -> int:
        return int(handler(event, scenario.CONTEXT)["statusCode"])

    with tries.counted(import_module("troupe.store.table").client()), ThreadPoolExecutor(AT_ONCE) as pool:
        begun = time.perf_counter()
        statuses = Counter(pool.map(place, range(WANTED)))
        seconds = time.perf_counter() - begun
    return Rush(statuses, tries.count, seconds)


def _on_sale(merchant: Merchant, buckets: int) -> dict[str, Any]:
    """A new variant, its stock shared out; what an order's line says of it."""
    name = f"In {buckets} buckets"
    variant = Variant(sku=f"FLASH-{buckets}", name=name, price_cents=1_000, on_hand=UNITS)
    merchant.sell(Article(name=name, category="Flash", supplier=0, variants=(variant,)))
    goods = merchant.goods[name]
    line = {"product_id": goods.id, "variant_id": goods.variants[variant.sku], "quantity": 1}
    if buckets > 1:
        spot = f"variants/{line['variant_id']}/inventory/{merchant.location_id}"
        merchant.shop.post(f"/products/{goods.id}/{spot}/split", {"buckets": buckets})
    return line


def _row(buckets: int, rush: Rush) -> tuple[object, ...]:
    """LookupError if other orders were taken than there were units."""
    orders, refused = rush.statuses[201], rush.statuses[409]
    if (orders, refused) != (UNITS, WANTED - UNITS):
        raise LookupError(f"of {UNITS} units in {buckets} buckets: {dict(rush.statuses)}")
    tries, seconds = rush.tries / orders, rush.seconds
    return buckets, orders, refused, tries, orders / seconds, WANTED / seconds
