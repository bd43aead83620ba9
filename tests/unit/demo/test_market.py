"""The demo's market by itself: its catalogue, what its customers' orders have to add up to, and Northwind's file."""

from contextlib import closing
from pathlib import Path

import pytest

from bench.northwind import LINES, MIXED, PRODUCTS, REVENUE, database
from bench.shop.orders import Reckoned
from demo.catalogue import Article, Variant, catalogue
from demo.people import data_set
from demo.purchases import NOWHERE, PURCHASES, Book, offered
from support.recorded_payloads import needs_catalogue, needs_northwind


@pytest.fixture
def invented(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[Article, ...]:
    monkeypatch.setenv("TROUPE_SHARED", str(tmp_path))
    return catalogue()


@needs_catalogue
def test_saleors_catalogue_is_taken_whole() -> None:
    articles = catalogue()
    variants = [variant for article in articles for variant in article.variants]
    counted = [variant.on_hand for variant in variants if variant.on_hand is not None]
    assert (len(articles), len(variants), len(counted)) == (32, 73, 56)
    assert {article.supplier for article in articles} == {0, 1, 2}
    assert len({variant.sku for variant in variants}) == 73
    (mug,) = [article for article in articles if article.name == "Mighty Mug"]
    assert mug.variants[0].price_cents == 1199  # as the file has it in dollars, 11.990


def test_without_it_there_is_something_to_sell(invented: tuple[Article, ...]) -> None:
    assert {article.supplier for article in invented} == {0, 1, 2}
    skus = [variant.sku for article in invented for variant in article.variants]
    assert len(set(skus)) == len(skus) == 18


def test_every_supplier_has_something_that_is_easy_to_reckon_with(invented: tuple[Article, ...]) -> None:
    reckoned(invented)


@needs_catalogue
def test_so_has_every_one_of_saleors() -> None:
    reckoned(catalogue())


def reckoned(articles: tuple[Article, ...]) -> None:
    found = offered(articles)
    assert [each.article.supplier for each in found] == [0, 1, 2]
    assert all(each.variant.price_cents % 500 == 0 for each in found)


def test_a_small_order_in_figures() -> None:
    """80.00 less a fifth are 64.00, and with a tax of 8 % 69.12."""
    variant = Variant(sku="A", name="A", price_cents=8000, on_hand=500)
    article = Article(name="Shoes", category="Shoes", supplier=0, variants=(variant,))
    others = [
        Article(
            name=name,
            category="C",
            supplier=place,
            variants=(Variant(sku=name, name=name, price_cents=cents, on_hand=50),),
        )
        for name, place, cents in (("Tee", 1, 2000), ("Mug", 2, 1000))
    ]
    book = Book(offered([article, *others]), ["one", "two"], "promo")
    assert [book.total_cents(of) for of in PURCHASES] == [
        6912 + 400,
        3 * 6912 + 400,
        8640 + 2 * 2160 + 1080 + 3 * 400,
        2 * 6912 + 400,
    ]
    assert book.refunded_cents(PURCHASES[1]) == 6912
    communities, promotions = book.by_community(), book.by_promotion()
    none = 8640 + 2 * 2160 + 1080 + 3 * 400 + 400 + 400
    assert communities.gross == {"one": 6912, "two": 3 * 6912, NOWHERE: none}
    assert promotions.gross == {"promo": 4 * 6912, NOWHERE: none}
    assert communities.refunded == {"two": 6912}
    assert promotions.refunded == {"promo": 6912}
    assert communities.net().total() == promotions.net().total()


@needs_northwind
def test_northwind_is_read_whole() -> None:
    with closing(database(data_set("northwind.sql").read_text(encoding="utf-8"))) as sql:
        counts = [
            sql.execute(f"SELECT COUNT(*) FROM {name}").fetchone() for name in ("orders", "order_details")
        ]
        assert counts == [(830,), (2155,)]
        assert sql.execute(MIXED).fetchone() == (681,)
        assert len(sql.execute(LINES).fetchall()) == 2155
        products, revenue = sql.execute(PRODUCTS).fetchall(), dict(sql.execute(REVENUE).fetchall())
    assert (len(products), len(revenue)) == (77, 29)
    assert sum(cents * units for _, _, _, cents, units in products) == sum(revenue.values())


def test_northwinds_quotes_and_gaps_are_sqlites_too() -> None:
    script = f"INSERT INTO suppliers VALUES (1, 'Ann''s', {', '.join(['NULL'] * 10)});"
    with closing(database(f"-- a comment\n{script}\nINSERT INTO shippers VALUES (1);\n")) as sql:
        assert sql.execute("SELECT company_name, phone FROM suppliers").fetchall() == [("Ann's", None)]


def test_an_order_is_reckoned_by_the_kilobytes_of_its_items() -> None:
    """One line of one supplier: two items of the order, its lines, three of the supplier, the stock, a note for the erasure."""
    assert Reckoned(1, 1).actions == 8
    assert Reckoned(1, 1).units == 2 * (2 + 2 + 1 + 3 + 1 + 1)
    assert Reckoned(100, 10).actions == 3 + 3 + 30 + 100
