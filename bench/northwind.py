"""The whole of Northwind through the real HTTP API: every order placed and paid, and what each supplier sold.

What SQL says of the file and what Troupe says of its orders has to be the same to the cent: list prices
rounded to cents, and no discounts, in both.
"""

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from bench.report import Section
from bench.shop.bench_shop import Stall, opened
from demo.api import Api, wait_for
from demo.card_holder import GOOD
from demo.catalogue import Article, Variant
from demo.merchant import CREATED, Merchant
from demo.people import data_set
from demo.steps import each
from local.stack.stack import Stack

FILE = "northwind.sql"
CLIENTS = 8
TABLES = {
    "suppliers": "supplier_id, company_name, contact_name, contact_title, address, city, region, "
    "postal_code, country, phone, fax, homepage",
    "products": "product_id, product_name, supplier_id, category_id, quantity_per_unit, unit_price, "
    "units_in_stock, units_on_order, reorder_level, discontinued",
    "orders": "order_id, customer_id, employee_id, order_date, required_date, shipped_date, ship_via, "
    "freight, ship_name, ship_address, ship_city, ship_region, ship_postal_code, ship_country",
    "order_details": "order_id, product_id, unit_price, quantity, discount",
}
LINES = "SELECT order_id, product_id, quantity FROM order_details ORDER BY order_id, product_id"
PRODUCTS = """
    SELECT product_id, product_name, supplier_id, CAST(ROUND(unit_price * 100) AS INTEGER),
           (SELECT SUM(quantity) FROM order_details WHERE product_id = products.product_id)
    FROM products ORDER BY product_id
"""
REVENUE = """
    SELECT supplier_id, SUM(quantity * CAST(ROUND(products.unit_price * 100) AS INTEGER))
    FROM order_details JOIN products USING (product_id) GROUP BY supplier_id
"""
MIXED = """
    SELECT COUNT(*) FROM (
        SELECT order_id FROM order_details JOIN products USING (product_id)
        GROUP BY order_id HAVING COUNT(DISTINCT supplier_id) > 1
    )
"""

type Line = tuple[int, int, int]  # order, product, units


@dataclass(frozen=True, slots=True)
class Sold:
    """A product of the file, in the shop of the supplier that has it."""

    merchant: Merchant
    name: str

    def line(self, units: int) -> dict[str, Any]:
        goods = self.merchant.goods[self.name]
        (variant,) = goods.variants.values()
        return {"product_id": goods.id, "variant_id": variant, "quantity": units}


@dataclass(frozen=True, slots=True)
class Played:
    """`seconds`: for placing, and for paying. `revenue`: in cents, by the file's supplier."""

    orders: int
    lines: int
    mixed: int
    seconds: tuple[float, float]
    revenue: Mapping[int, int]


def database(script: str) -> sqlite3.Connection:
    """The file's tables that matter, in SQLite."""
    found = sqlite3.connect(":memory:")
    for name, columns in TABLES.items():
        found.execute(f"CREATE TABLE {name} ({columns})")
    wanted = tuple(f"INSERT INTO {name} VALUES" for name in TABLES)
    for line in script.splitlines():
        if line.startswith(wanted):
            found.execute(line)
    return found


def measured(stack: Stack) -> Section:
    file = data_set(FILE)
    said = (
        f"Every order of the file is placed and then paid over HTTP, {CLIENTS} clients at a time, with the "
        "local Stripe. Revenue by supplier, as the lines of the paid orders have it, equals what SQL says of "
        "the file to the cent: list prices rounded to cents, without discounts, in both."
    )
    if not file.exists():
        said = f"Not measured: {FILE} is not at hand."
        return Section(title="Commerce: Northwind", said=said, columns=("what", "figure"), rows=[])
    with closing(database(file.read_text(encoding="utf-8"))) as sql:
        played = Northwind(opened(stack, CLIENTS), sql).play()
    return Section(title="Commerce: Northwind", said=said, columns=("what", "figure"), rows=_rows(played))


def _rows(played: Played) -> list[tuple[object, ...]]:
    placing, paying = played.seconds
    return [
        ("orders", played.orders),
        ("lines", played.lines),
        ("orders of several suppliers", played.mixed),
        ("suppliers", len(played.revenue)),
        ("revenue, equal in both", f"{sum(played.revenue.values()) / 100:,.2f}"),
        ("placed, orders/s", played.orders / placing),
        ("paid, orders/s", played.orders / paying),
    ]


@dataclass(frozen=True, slots=True)
class Northwind:
    stall: Stall
    sql: sqlite3.Connection

    def play(self) -> Played:
        """LookupError if the shop and the file do not agree."""
        sold, lines = self._open(), self.sql.execute(LINES).fetchall()
        baskets = [list(group) for _, group in groupby(lines, itemgetter(0))]
        bodies = [self._basket(sold, basket) for basket in baskets]
        begun = time.perf_counter()
        orders = self._side_by_side(bodies, _place)
        placed = time.perf_counter()
        self._side_by_side(orders, _pay)
        paid = time.perf_counter()
        revenue = self._revenue(orders, {each.merchant.id: number for number, each in self._suppliers(sold)})
        (mixed,) = self.sql.execute(MIXED).fetchone()
        if revenue != dict(self.sql.execute(REVENUE).fetchall()):
            raise LookupError("the suppliers' revenue is not what SQL says of the file")
        return Played(len(orders), len(lines), mixed, (placed - begun, paid - placed), revenue)

    def _open(self) -> dict[int, Sold]:
        """Every supplier with its products, and as much of each as will be ordered."""
        named = dict(self.sql.execute("SELECT supplier_id, company_name FROM suppliers ORDER BY 1"))
        merchants = dict(zip(named, self.stall.traders(list(named.values())), strict=True))
        rows = self.sql.execute(PRODUCTS).fetchall()
        sold = {number: Sold(merchants[supplier], name) for number, name, supplier, _, _ in rows}

        def sell(row: Sequence[Any]) -> None:
            number, name, supplier, cents, units = row
            variant = Variant(sku=f"NW-{number}", name="one", price_cents=cents, on_hand=units)
            article = Article(name=name, category="Northwind", supplier=supplier, variants=(variant,))
            sold[number].merchant.sell(article)

        each(rows, sell)
        return sold

    def _suppliers(self, sold: Mapping[int, Sold]) -> Iterator[tuple[int, Sold]]:
        rows = self.sql.execute("SELECT supplier_id, MIN(product_id) FROM products GROUP BY 1")
        return ((supplier, sold[product]) for supplier, product in rows.fetchall())

    def _basket(self, sold: Mapping[int, Sold], basket: Sequence[Line]) -> dict[str, Any]:
        return self.stall.basket([sold[product].line(units) for _, product, units in basket])

    def _side_by_side[W, T](self, work: Sequence[W], act: Callable[[Api, W], T]) -> list[T]:
        """Each client takes its share, one after the other."""
        clients = self.stall.clients

        def share(place: int) -> list[T]:
            return [act(clients[place], one) for one in work[place :: len(clients)]]

        with ThreadPoolExecutor(len(clients)) as pool:
            shares = list(pool.map(share, range(len(clients))))
        return [shares[number % len(clients)][number // len(clients)] for number in range(len(work))]

    def _revenue(self, orders: Sequence[str], numbers: Mapping[str, int]) -> dict[int, int]:
        """By what the customers' own orders say, all of them paid."""
        revenue = Counter[int]()
        for view in self._side_by_side(orders, _paid):
            for item in view["items"]:
                revenue[numbers[item["supplier_id"]]] += item["subtotal_cents"]
        return dict(revenue)


def _place(client: Api, body: Mapping[str, Any]) -> str:
    return str(client.post("/orders", body, CREATED)["id"])


def _pay(client: Api, order: str) -> str:
    return str(client.post(f"/orders/{order}/pay", {"payment_method": GOOD})["status"])


def _paid(client: Api, order: str) -> Mapping[str, Any]:
    def confirmed() -> Mapping[str, Any] | None:
        view: Mapping[str, Any] = client.get(f"/orders/{order}")
        return view if view["status"] == "confirmed" else None

    return wait_for("a payment", confirmed)
