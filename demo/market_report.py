"""What came of a market day, as its people find it: feeds, orders, stock, revenue, held against the book."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from rich.table import Table

from demo.api import Api, expect, wait_for
from demo.catalogue import CURRENCY
from demo.market import BUYERS, COMMUNITIES, POSTS, Market
from demo.merchant import shelf
from demo.purchases import NOWHERE, PAID, PURCHASES, Takings
from demo.steps import Step
from demo.tables import table

type Row = Mapping[str, Any]


@dataclass(slots=True)
class Report:
    """What was read, once the projections had caught up."""

    market: Market
    feed: list[Row] = field(default_factory=list)
    history: dict[int, list[Row]] = field(default_factory=dict)  # by the place among those who buy
    communities: Takings = field(init=False)
    promotions: Takings = field(init=False)

    def steps(self) -> list[Step]:
        """A figure that does not reach its expected value ends the story."""
        return [
            *self.market.steps(),
            Step("compare the stock with the book", self._stock),
            Step("read the feeds", self._feeds),
            Step("read the orders", self._orders),
            Step("compare the revenue with the book", self._both),
        ]

    @property
    def _owner(self) -> Api:
        return self.market.story.owner.of("commerce")

    def _stock(self) -> str:
        """All of the catalogue is on sale, and as much of what was bought as must be left."""
        market = self.market
        expect("products on sale", len(shelf(market.story.owner)), len(market.articles))
        for supplier, thing in enumerate(market.goods):
            goods = market.merchants[supplier].goods[thing.article.name]
            found = self._owner.get(f"/products/{goods.id}")["variants"]
            (left,) = [each["available"] for each in found if each["sku"] == thing.variant.sku]
            expect(f"what is left of {thing.article.name}", left, market.book.left(supplier))
        return f"{len(market.articles)} products on sale, and what is left of those that were sold is right"

    def _feeds(self) -> str:
        """A community's feed has its posts and the promotion, the tenant's feed the promotion alone."""
        viewer = self.market.accounts[BUYERS[0]].of("community")
        wanted = {"/feed": 1} | {f"/communities/{each}/feed": POSTS + 1 for each in self.market.communities}
        for path, cards in wanted.items():
            shown = wait_for(f"{cards} cards of {path}", partial(_all, viewer, path, cards))
            promoted = [each["id"] for each in shown if each["kind"] == "promotion"]
            expect(f"promotions of {path}", promoted, [self.market.promotion])
            self.feed += [] if path == "/feed" else shown
        return (
            f"{len(self.feed)} cards in the communities' feeds; the promotion is in those and the global one"
        )

    def _orders(self) -> str:
        """Each buyer's own orders, each with its last status."""
        ends = {of.told: of.ends for of in PURCHASES}

        def ended() -> dict[str, str] | None:
            found = {of.told: self.market.view(n)["status"] for n, of in enumerate(PURCHASES)}
            return found if found == ends else None

        wait_for(f"the orders to end as {ends}", ended)
        for place in sorted({of.buyer for of in PURCHASES}):
            mine = sum(of.buyer == place for of in PURCHASES)
            shopper = self.market.accounts[BUYERS[place]].of("commerce")
            self.history[place] = wait_for(f"the history of buyer {place}", partial(_settled, shopper, mine))
        return ", ".join(f"{count} {status}" for status, count in Counter(ends.values()).items())

    def _both(self) -> str:
        book = self.market.book
        self.communities = self._revenue("communities", "community_id", book.by_community())
        self.promotions = self._revenue("promotions", "promotion_id", book.by_promotion())
        return f"{_money(self._whole())} net, by community and by promotion as counted by hand"

    def _days(self) -> list[date]:
        """Of the market; two where midnight came between."""
        first, last = self.market.began.date(), self.market.world.now.date()
        return [first + timedelta(days=after) for after in range((last - first).days + 1)]

    def _revenue(self, breakdown: str, named: str, book: Takings) -> Takings:
        def agreed() -> Takings | None:
            gross, refunded = Counter[str](), Counter[str]()
            for day in self._days():
                for row in self._owner.all(f"/analytics/revenue/{breakdown}", day=day.isoformat()):
                    for each in row["takings"]:
                        gross[row[named] or NOWHERE] += each["gross_cents"]
                        refunded[row[named] or NOWHERE] += each["refunded_cents"]
            found = Takings(gross=gross, refunded=+refunded)
            return found if found == book else None

        return wait_for(f"revenue by {breakdown} to be {book}", agreed)

    def _whole(self) -> int:
        """The day's net revenue in cents, which both breakdowns add up to."""
        days = self._days()
        asked = {"from": days[0].isoformat(), "to": days[-1].isoformat()}
        (takings,) = self._owner.get("/analytics/revenue", **asked)["totals"]
        for each in (self.communities, self.promotions):
            sums = (each.gross.total(), each.refunded.total(), each.net().total())
            whole = (takings["gross_cents"], takings["refunded_cents"], takings["net_cents"])
            expect("the revenue of all", whole, sums)
        expect("paid orders", takings["orders"], len(PAID))
        net: int = takings["net_cents"]
        return net

    # What is shown at the end.

    def requests(self) -> list[str]:
        """What the tenant's owner may ask."""
        days = self._days()
        return [
            "/v1/commerce/products",
            f"/v1/commerce/analytics/revenue?from={days[0]}&to={days[-1]}",
            "/v1/community/feed",
        ]

    def tables(self) -> list[Table]:
        return [self._feed_table(), self._order_table(), *self._revenue_tables()]

    def _feed_table(self) -> Table:
        shown = table("The communities' feeds", "in", "what", "who", "title")
        names = dict(zip(self.market.communities, COMMUNITIES, strict=True))
        for card in self.feed:
            within = names.get(card["community_id"] or "", "everywhere")
            shown.add_row(within, card["kind"], card["author"]["display_name"] or "", card["title"] or "")
        return shown

    def _order_table(self) -> Table:
        shown = table("What they ordered", "who", "what", "status", numbers=("total",))
        for number, of in enumerate(PURCHASES):
            (row,) = [each for each in self.history[of.buyer] if each["id"] == self.market.orders[number]]
            who = self.market.person(BUYERS[of.buyer]).display_name
            status = f"{row['status']} ({row['detail_status']})"
            shown.add_row(who, of.told, status, _money(row["total"]["amount_cents"]))
        return shown

    def _revenue_tables(self) -> list[Table]:
        market = self.market
        names = dict(zip(market.communities, COMMUNITIES, strict=True))
        names |= {market.promotion: "the promotion", NOWHERE: "none, and shipping"}
        tables: list[Table] = []
        for title, takings in (("community", self.communities), ("promotion", self.promotions)):
            shown = table(f"The day's revenue by {title}", "by", numbers=("gross", "refunded", "net"))
            for name, gross in takings.gross.items():
                back = takings.refunded[name]
                shown.add_row(names[name], _money(gross), _money(back), _money(gross - back))
            tables.append(shown)
        return tables


def _all(viewer: Api, path: str, cards: int) -> list[Row] | None:
    """The cards of a feed, if there are as many."""
    found, cursor = [], None
    while True:
        page = viewer.get(path, **({"cursor": cursor} if cursor else {}))
        found += page["items"]
        cursor = page["cursor"]
        if cursor is None:
            return found if len(found) == cards else None


def _settled(shopper: Api, count: int) -> list[Row] | None:
    """All orders of a customer, if there are `count` and none is pending."""
    rows = shopper.all("/orders")
    done = len(rows) == count and all(row["status"] != "pending" for row in rows)
    return rows if done else None


def _money(cents: int) -> str:
    return f"{cents / 100:,.2f} {CURRENCY}"
