"""The shop on the deployed stack: the demo's story of it, and a hundred who want what there are ten of."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle, islice

import pytest

from demo.api import Api, wait_for
from demo.catalogue import Article, Variant
from demo.market import ADMIN, POSTS, Market
from demo.market import BUYERS as CUSTOMERS
from demo.market_report import Report
from demo.merchant import Goods, Merchant, traders
from demo.people import newcomers
from demo.purchases import PURCHASES
from demo.steps import play
from demo.story import Story

BUYERS, UNITS, AT_ONCE = 100, 10, 6
PEOPLE = 6  # whom the story needs; all but the admin buy: what one has does not count against the others
SKU = "THE-ONE"
ADDRESS = {
    "name": "A buyer",
    "line1": "1 Main Street",
    "city": "Erie",
    "postal_code": "16501",
    "country": "US",
}


@dataclass(frozen=True)
class Sale:
    """Something that there is little of, and those who want it."""

    merchant: Merchant
    goods: Goods
    buyers: list[Api]

    @property
    def variant(self) -> str:
        (variant,) = self.goods.variants.values()
        return variant

    def buy(self, buyer: Api) -> tuple[int, str]:
        """The status, and the order's id or why there is none."""
        line = {"product_id": self.goods.id, "variant_id": self.variant, "quantity": 1}
        body = {"lines": [line], "address": ADDRESS}
        answer = buyer.http.post("/v1/commerce/orders", json=body)
        body = answer.json()
        return answer.status_code, body["id"] if answer.is_success else body["code"]

    def rush(self, meanwhile: Callable[[], None] = lambda: None) -> list[tuple[int, str]]:
        """All of them at once, and something else happens at the same time."""
        with ThreadPoolExecutor(AT_ONCE + 1) as pool:
            found: list[Future[tuple[int, str]]] = [
                pool.submit(self.buy, buyer) for buyer in islice(cycle(self.buyers), BUYERS)
            ]
            meanwhile()
            return [each.result() for each in found]

    def split(self, buckets: int) -> None:
        spot = f"variants/{self.variant}/inventory/{self.merchant.location_id}"
        self.merchant.shop.post(f"/products/{self.goods.id}/{spot}/split", {"buckets": buckets})

    def stock(self) -> dict[str, int]:
        """On hand, available, reserved and kept back, of all buckets."""
        lies = self.merchant.shop.get(f"/products/{self.goods.id}/inventory")["stock"]
        names = ("on_hand", "available", "reserved", "safety")
        return {name: sum(each[name] for each in lies) for name in names}

    def listed(self) -> set[str]:
        """What the buyers find among their orders."""
        return {each["id"] for buyer in self.buyers for each in buyer.of("commerce").all("/orders")}

    def bought(self, order_id: str) -> list[tuple[str, int]]:
        """Variants and quantities of an order, as the one sees it who bought it."""
        views = [buyer.http.get(f"/v1/commerce/orders/{order_id}") for buyer in self.buyers]
        (seen,) = [each.json() for each in views if each.is_success]
        return [(each["product_snapshot"]["variant_id"], each["quantity"]) for each in seen["items"]]


@pytest.fixture(scope="module")
def story(begin: Callable[..., Story]) -> Story:
    story = begin(newcomers(PEOPLE))
    story.provision()
    story.sign_up()
    story.verify()
    return story


@pytest.fixture(scope="module")
def report(story: Story) -> Iterator[Report]:
    """The demo's story of the shop, which compares stock, feeds, orders and revenue with its book."""
    market = Market(story)
    report = Report(market)
    play(report.steps())
    yield report
    for api in (*market.accounts.values(), *(merchant.shop for merchant in market.merchants)):
        api.http.close()


@pytest.fixture(scope="module")
def merchant(report: Report) -> Iterator[Merchant]:
    story = report.market.story
    (merchant,) = traders(story, ["Rare Things"])
    yield merchant
    merchant.shop.http.close()


@pytest.fixture(scope="module")
def buyers(story: Story) -> Iterator[list[Api]]:
    """Everyone but the admin, who may read the orders of others."""
    with ExitStack() as connections:
        yield [
            connections.enter_context(story.visitor.signed_in(each.email, each.password))
            for place, each in enumerate(story.people)
            if place != ADMIN
        ]


@pytest.fixture
def sale(merchant: Merchant, buyers: list[Api]) -> Sale:
    name = f"The one and only, {len(merchant.goods) + 1}"
    variant = Variant(sku=f"{SKU}-{len(merchant.goods) + 1}", name="one", price_cents=9900, on_hand=UNITS)
    merchant.sell(Article(name=name, category="Rarities", supplier=0, variants=(variant,)))
    return Sale(merchant, merchant.goods[name], buyers)


def sold_to_ten(sale: Sale, answers: list[tuple[int, str]]) -> None:
    """Exactly as many orders as units, a clear refusal for all others, and nothing reserved beside that."""
    placed = {said for status, said in answers if status == 201}
    refused = [(status, said) for status, said in answers if status != 201]
    assert (len(placed), len(refused)) == (UNITS, BUYERS - UNITS)
    assert set(refused) == {(409, "out_of_stock")}
    wait_for("the orders in the lists of who placed them", lambda: placed <= sale.listed())
    assert [sale.bought(each) for each in placed] == [[(sale.variant, 1)]] * UNITS
    assert sale.stock() == {"on_hand": UNITS, "available": 0, "reserved": UNITS, "safety": 0}


def test_orders_end_as_their_customers_had_it(report: Report) -> None:
    views = [report.market.view(number) for number in range(len(PURCHASES))]
    assert [each["status"] for each in views] == [of.ends for of in PURCHASES]
    assert [each["totals"]["total_cents"] for each in views] == [
        report.market.book.total_cents(of) for of in PURCHASES
    ]


def test_each_customer_finds_their_orders_and_no_others(report: Report) -> None:
    for place in range(len(CUSTOMERS)):
        mine = {report.market.orders[number] for number, of in enumerate(PURCHASES) if of.buyer == place}
        assert {row["id"] for row in report.history[place]} == mine


def test_communities_show_their_posts_and_the_promotion(report: Report) -> None:
    kinds = [card["kind"] for card in report.feed]
    assert (kinds.count("post"), kinds.count("promotion")) == (2 * POSTS, 2)


def test_revenue_is_what_was_counted_by_hand(report: Report) -> None:
    assert report.communities == report.market.book.by_community()
    assert report.promotions == report.market.book.by_promotion()


def test_a_hundred_buyers_get_ten_units(sale: Sale) -> None:
    sold_to_ten(sale, sale.rush())


def test_a_hundred_buyers_get_ten_units_while_they_are_put_into_buckets(sale: Sale) -> None:
    sale.split(2)
    sold_to_ten(sale, sale.rush(lambda: sale.split(6)))


def test_what_is_called_off_can_be_had_by_another(sale: Sale) -> None:
    """The hold of an order is given back whole, and sold once more."""
    orders = [said for status, said in sale.rush() if status == 201]
    assert len(orders) == UNITS
    buyer = next(each for each in sale.buyers if each.http.get(f"/v1/commerce/orders/{orders[0]}").is_success)
    buyer.of("commerce").post(f"/orders/{orders[0]}/cancel")
    assert sale.stock() == {"on_hand": UNITS, "available": 1, "reserved": UNITS - 1, "safety": 0}
    assert [sale.buy(buyer)[0] for buyer in sale.buyers[:2]] == [201, 409]
    assert sale.stock() == {"on_hand": UNITS, "available": 0, "reserved": UNITS, "safety": 0}
