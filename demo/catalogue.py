"""What the demo's suppliers sell: Saleor's example catalogue where it is there, else some invented things."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, product
from typing import Any

from demo.people import data_set

FILE = "saleor_populatedb.json"
CURRENCY = "USD"  # of one of the two in which the catalogue has prices
SUPPLIERS = 3
SPECIALISTS = {"Shoe": 0, "Top": 1, "Sweatshirt": 1}  # types of product; the last supplier has all others
SHIPS_TO = ("DE", "FR", "US", "NG", "JP", "PL")
SHIPPING_CENTS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    sku: str
    name: str
    price_cents: int
    on_hand: int | None
    """None: never counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A product, and which of the suppliers has it."""

    name: str
    category: str
    supplier: int
    variants: tuple[Variant, ...]

    def body(self) -> dict[str, Any]:
        """What creating it sends."""
        zone = {"countries": SHIPS_TO, "cost_cents": SHIPPING_CENTS, "days_min": 2, "days_max": 6}
        return {
            "name": self.name,
            "category": self.category,
            "currency": CURRENCY,
            "shipping": {"from_country": "US", "zones": [zone]},
            "variants": [
                {"sku": each.sku, "price_cents": each.price_cents, "attributes": {"option": each.name}}
                for each in self.variants
            ],
        }


def catalogue() -> tuple[Article, ...]:
    file = data_set(FILE)
    if not file.exists():
        return tuple(_invented())
    return tuple(_Saleor(json.loads(file.read_text(encoding="utf-8"))).articles())


class _Saleor:
    """The tables of a fixture of Django's."""

    def __init__(self, rows: list[Any]) -> None:
        self._rows = rows
        self._categories = self._table("product.category")
        self._variants = self._table("product.productvariant")
        self._prices = {
            row["variant"]: int(Decimal(row["price_amount"]) * 100)
            for row in self._table("product.productvariantchannellisting").values()
            if row["currency"] == CURRENCY
        }
        stocks = self._table("warehouse.stock").values()
        self._stock = {row["product_variant"]: int(row["quantity"]) for row in stocks}

    def _table(self, model: str) -> Mapping[Any, Mapping[str, Any]]:
        return {row["pk"]: row["fields"] for row in self._rows if row["model"] == model}

    def articles(self) -> Iterator[Article]:
        kinds = self._table("product.producttype")
        for pk, row in self._table("product.product").items():
            yield Article(
                name=row["name"],
                category=self._categories[row["category"]]["name"],
                supplier=SPECIALISTS.get(kinds[row["product_type"]]["name"], SUPPLIERS - 1),
                variants=tuple(self._of(pk)),
            )

    def _of(self, article: int) -> Iterator[Variant]:
        for pk, row in self._variants.items():
            if row["product"] == article:
                yield Variant(
                    sku=row["sku"] or f"saleor-{pk}",
                    name=row["name"],
                    price_cents=self._prices[pk],
                    on_hand=self._stock.get(pk),
                )


def _invented() -> Iterator[Article]:
    numbers = count(1)
    for (kind, category), color in product(
        (("Mug", "Homewares"), ("Tee", "T-shirts"), ("Beanie", "Beanies")), ("Red", "Green", "Blue")
    ):
        number = next(numbers)
        sizes = [
            Variant(sku=f"{color}-{kind}-{size}", name=size, price_cents=500 * number, on_hand=10 * number)
            for size in ("S", "M")
        ]
        yield Article(
            name=f"{color} {kind}", category=category, supplier=number % SUPPLIERS, variants=tuple(sizes)
        )
