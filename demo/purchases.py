"""What the demo's customers buy, each in a way of its own, and what it has to add up to.

The figures are worked out here from the price list, as one does it with pencil and paper; what Troupe says of
orders, feeds and revenue has to agree with them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from demo.api import StoryError
from demo.catalogue import SHIPPING_CENTS, SUPPLIERS, Article, Variant

PERCENT_OFF = 20
TAX = 800  # basis points of what goods cost
COUNTRY = "US"
EXACT = 500  # cents: of prices that are multiples of it, the discount and the tax are whole cents
MOST = 10  # units that all of them together take of a variant, and more
NOWHERE = ""  # found by no community, or by no promotion

type Part = tuple[int, int]  # of which supplier, how many


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """`buyer`: the place among those who buy. `community`: that of the two by which it was found."""

    buyer: int
    told: str
    parts: tuple[Part, ...]
    ends: str  # the order's status
    community: int | None = None
    promoted: bool = False
    declined_first: bool = False
    asked_by_bank: bool = False
    paid: bool = True
    sent: bool = False
    refunded_units: int = 0


PURCHASES = (
    Purchase(
        buyer=0,
        told="is declined, and pays with another card",
        parts=((0, 1),),
        community=0,
        promoted=True,
        declined_first=True,
        ends="confirmed",
    ),
    Purchase(
        buyer=1,
        told="gets three, and the money for one of them back",
        parts=((0, 3),),
        community=1,
        promoted=True,
        sent=True,
        refunded_units=1,
        ends="delivered",
    ),
    Purchase(
        buyer=2,
        told="buys of three suppliers, answers the bank's question, and gets it all",
        parts=((0, 1), (1, 2), (2, 1)),
        asked_by_bank=True,
        sent=True,
        ends="delivered",
    ),
    Purchase(
        buyer=0,
        told="thinks about it until the hold has ended",
        parts=((0, 2),),
        community=1,
        promoted=True,
        paid=False,
        ends="cancelled",
    ),
)


@dataclass(frozen=True, slots=True)
class Offered:
    """What is bought of a supplier: one variant of one article."""

    article: Article
    variant: Variant

    def unit_cents(self, *, promoted: bool) -> int:
        """With tax, and without what the promotion takes off."""
        price = self.variant.price_cents
        net = price - (price * PERCENT_OFF // 100 if promoted else 0)
        return net + net * TAX // 10_000


def offered(articles: Sequence[Article]) -> tuple[Offered, ...]:
    """Of each supplier the first thing that there is enough of, at a price that is easy to work with."""
    return tuple(_first(articles, supplier) for supplier in range(SUPPLIERS))


def _first(articles: Iterable[Article], supplier: int) -> Offered:
    for article in (one for one in articles if one.supplier == supplier):
        for variant in article.variants:
            if (variant.on_hand or 0) >= MOST and variant.price_cents % EXACT == 0:
                return Offered(article, variant)
    raise StoryError(f"supplier {supplier} has nothing that can be bought")


@dataclass(frozen=True, slots=True, kw_only=True)
class Takings:
    """Of the day, in cents: by community and by promotion, each with what came by none."""

    gross: Counter[str]
    refunded: Counter[str]

    def net(self) -> Counter[str]:
        return Counter({name: cents - self.refunded[name] for name, cents in self.gross.items()})


@dataclass(frozen=True, slots=True)
class Book:
    """Counted by hand. `communities` and `promotion` are ids, as revenue names them."""

    goods: Sequence[Offered]
    communities: Sequence[str]
    promotion: str

    def lines_cents(self, of: Purchase) -> int:
        return sum(
            units * self.goods[supplier].unit_cents(promoted=of.promoted) for supplier, units in of.parts
        )

    def total_cents(self, of: Purchase) -> int:
        return self.lines_cents(of) + SHIPPING_CENTS * len(of.parts)

    def refunded_cents(self, of: Purchase) -> int:
        return of.refunded_units * self.goods[of.parts[0][0]].unit_cents(promoted=of.promoted)

    def by_community(self) -> Takings:
        return self._by([NOWHERE if of.community is None else self.communities[of.community] for of in PAID])

    def by_promotion(self) -> Takings:
        return self._by([self.promotion if of.promoted else NOWHERE for of in PAID])

    def _by(self, found: Sequence[str]) -> Takings:
        """Goods count for what they were found by; shipping counts for nothing of that."""
        gross, refunded = Counter[str](), Counter[str]()
        for of, name in zip(PAID, found, strict=True):
            gross[name] += self.lines_cents(of)
            gross[NOWHERE] += SHIPPING_CENTS * len(of.parts)
            refunded[name] += self.refunded_cents(of)
        return Takings(gross=gross, refunded=+refunded)

    def left(self, supplier: int) -> int:
        """Units that can still be bought of what was bought: what was refunded is not sent back."""
        taken = sum(units for of in PAID for which, units in of.parts if which == supplier)
        return (self.goods[supplier].variant.on_hand or 0) - taken


PAID: tuple[Purchase, ...] = tuple(each for each in PURCHASES if each.paid)
