"""A market day: suppliers and communities come to be, a promotion is approved, and people buy by it.

Everything is done over HTTP, by those who would do it; what Stripe says comes by its webhooks. Only the end
of a hold is the demo's own: the clock travels there, and its timer, which has the true time, is rung.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from demo.api import Api, StoryError, expect, wait_for
from demo.card_holder import ASKS, DECLINED, GOOD, answer_bank
from demo.catalogue import CURRENCY, Article, catalogue
from demo.merchant import CREATED, Goods, Merchant, traders
from demo.people import Person, data_set
from demo.purchases import COUNTRY, PERCENT_OFF, PURCHASES, TAX, Book, Offered, Purchase, offered
from demo.shop import World
from demo.steps import Step, each
from demo.story import Story

BUSINESSES = ("Plimsoll & Sons", "Polygon Prints", "Pantry & Sound")
COMMUNITIES = ("Runners of the Atelier", "Slow Sunday")
LEADERS, ADMIN, BUYERS = (0, 1), 2, (3, 4, 5)  # which of the people they are
POSTS = 3  # in each community
WORDS = (
    ("What I wore today", "Ten kilometres, and dry feet."),
    ("Found at the market", "They had it in my size."),
    ("On Sundays we read", "And we talk about it over tea."),
)
HOLD = timedelta(minutes=16)  # a minute more than an order's goods are kept for it
STREET = {"line1": "5 Main Street", "city": "Springfield", "postal_code": "62701", "country": COUNTRY}
TIMER = "Commerce/ExpireOrder"


@dataclass(slots=True)
class Market:
    """What was played, for the tables at the end. `accounts`: people who have signed in, by their place."""

    story: Story
    articles: tuple[Article, ...] = field(default_factory=catalogue)
    merchants: list[Merchant] = field(default_factory=list)
    accounts: dict[int, Api] = field(default_factory=dict)
    communities: list[str] = field(default_factory=list)
    promotion: str = ""
    orders: list[str] = field(default_factory=list)  # in the order of the purchases
    began: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.world.now

    def steps(self) -> list[Step]:
        return [
            Step("give people their roles", self.cast),
            Step(f"admit {len(BUSINESSES)} suppliers", self.admit),
            Step(f"put {len(self.articles)} products on sale", self.publish),
            Step("found two communities", self.found),
            Step("join them", self.join),
            Step("post in them", self.post),
            Step("promote a product", self.promote),
            Step("order, and pay", self.buy),
            Step("accept, ship and deliver", self.send),
            Step("refund in part", self.refund),
            Step("let a hold run out", self.let_expire),
        ]

    @property
    def world(self) -> World:
        return World(self.story.stack)

    @property
    def goods(self) -> tuple[Offered, ...]:
        return offered(self.articles)

    @property
    def book(self) -> Book:
        return Book(self.goods, self.communities, self.promotion)

    def person(self, place: int) -> Person:
        return self.story.people[place]

    def shopper(self, of: Purchase) -> Api:
        return self.accounts[BUYERS[of.buyer]].of("commerce")

    def view(self, number: int) -> Mapping[str, Any]:
        """An order as its customer sees it."""
        found: Mapping[str, Any] = self.shopper(PURCHASES[number]).get(f"/orders/{self.orders[number]}")
        return found

    # Who is there.

    def cast(self) -> str:
        """Two people become leaders and one an admin; they and those who buy sign in."""
        owner, played = self.story.owner, self.story.played
        owner.call("PATCH", f"/tenants/{played.tenant_id}/settings", {"tax_rates": {COUNTRY: TAX}})
        ids = [played.ids[person.email] for person in self.story.people[: max(BUYERS) + 1]]
        for place in LEADERS:
            owner.post(
                f"/users/{ids[place]}/promote", {"business": {"name": self.person(place).display_name}}
            )
        owner.call("PUT", f"/users/{ids[ADMIN]}/roles/admin", {})
        places = (*LEADERS, ADMIN, *BUYERS)
        self.accounts = dict(zip(places, each(places, self._sign_in), strict=True))
        return f"{len(LEADERS)} leaders, an admin and {len(BUYERS)} customers are signed in"

    def admit(self) -> str:
        self.merchants = traders(self.story, BUSINESSES, self.accounts[ADMIN])
        return f"{', '.join(BUSINESSES)}: reviewed, verified, with a payout account and a warehouse"

    def _sign_in(self, place: int) -> Api:
        return self.story.visitor.signed_in(self.person(place).email, self.person(place).password)

    def publish(self) -> str:
        each(self.articles, lambda article: self.merchants[article.supplier].sell(article))
        return f"published, with {sum(len(each.variants) for each in self.articles)} variants and their stock"

    def found(self) -> str:
        self.communities = each(zip(LEADERS, COMMUNITIES, strict=True), self._found)
        return " and ".join(COMMUNITIES)

    def join(self) -> str:
        joins = [(place, community) for place in BUYERS for community in self.communities]
        return f"{len(each(joins, self._join))} memberships"

    def post(self) -> str:
        said = [(number, community) for community in self.communities for number in range(POSTS)]
        return f"{len(each(said, self._post))} posts"

    def _found(self, named: tuple[int, str]) -> str:
        place, name = named
        api, body = self.accounts[place].of("community"), {"name": name, "purpose": "To talk."}
        return str(patiently(f"{name} to be founded", lambda: api.post("/communities", body, CREATED))["id"])

    def _join(self, pair: tuple[int, str]) -> None:
        place, community = pair
        api = self.accounts[place].of("community")
        patiently("a member to be let in", lambda: api.post(f"/communities/{community}/join"))

    def _post(self, pair: tuple[int, str]) -> None:
        number, community = pair
        title, text = words()[number + POSTS * self.communities.index(community)]
        api = self.accounts[BUYERS[number]].of("community")
        body = {"kind": "text", "title": title, "text": text}
        api.post(f"/communities/{community}/posts", body, CREATED)

    def promote(self) -> str:
        """The supplier asks for it, the admin lets it into the global feed, and each leader into theirs."""
        supplier, thing = self.merchants[0], self.goods[0]
        body = {
            "title": f"{PERCENT_OFF} % off {thing.article.name}",
            "kind": "single",
            "products": [
                {"product_id": self._of(thing).id, "reduction": {"percent": PERCENT_OFF}},
            ],
            "visibility": "both",
            "communities": self.communities,
            "starts_at": self.world.now.isoformat(),
            "ends_at": (self.world.now + timedelta(days=7)).isoformat(),
        }
        self.promotion = supplier.shop.post("/promotions", body, CREATED)["id"]
        supplier.shop.post(f"/promotions/{self.promotion}/submit")
        targets = dict(zip(LEADERS, self.communities, strict=True)) | {ADMIN: "global"}
        each(targets.items(), self._approve)
        wait_for("the promotion to be active", lambda: self._status() == "active" or None)
        return f"{body['title']}, approved for both communities and the global feed: active"

    def _approve(self, pair: tuple[int, str]) -> None:
        place, target = pair
        api = self.accounts[place].of("commerce")
        api.post(f"/promotions/{self.promotion}/approve", {"target": target})

    def _status(self) -> str:
        return str(self.merchants[0].shop.get(f"/promotions/{self.promotion}")["status"])

    def _of(self, thing: Offered) -> Goods:
        return self.merchants[thing.article.supplier].goods[thing.article.name]

    # What is bought.

    def buy(self) -> str:
        self.orders = each(PURCHASES, self._buy)
        paid = sum(of.paid for of in PURCHASES)
        return f"{len(self.orders)} orders; {paid} paid, one of them with another card, after card_declined"

    def _buy(self, of: Purchase) -> str:
        shopper = self.shopper(of)
        placed = shopper.post("/orders", self._basket(of), CREATED)
        expect("an order's total", placed["totals"]["total_cents"], self.book.total_cents(of))
        if of.declined_first:
            declined = shopper.post(f"/orders/{placed['id']}/pay", {"payment_method": DECLINED})
            expect("a declined payment", (declined["code"], declined["status"]), ("card_declined", "pending"))
        if of.paid:
            self._pay(shopper, placed["id"], of)
        return str(placed["id"])

    def _basket(self, of: Purchase) -> dict[str, Any]:
        found = {"promotion_id": self.promotion} if of.promoted else {}
        if of.community is not None:
            found["community_id"] = self.communities[of.community]
        lines = [
            {
                "product_id": self._of(self.goods[supplier]).id,
                "variant_id": self._of(self.goods[supplier]).variants[self.goods[supplier].variant.sku],
                "quantity": units,
                **found,
            }
            for supplier, units in of.parts
        ]
        return {"lines": lines, "address": {"name": self.person(BUYERS[of.buyer]).display_name, **STREET}}

    def _pay(self, shopper: Api, order: str, of: Purchase) -> None:
        """With a good card; where the bank asks, only Stripe's webhook tells that it is paid."""
        stripe = self.story.stack.stripe_url
        card = ASKS if of.asked_by_bank else GOOD
        answer = shopper.post(f"/orders/{order}/pay", {"payment_method": card})
        if of.asked_by_bank:
            expect("a payment that the bank asks about", answer["payment_status"], "started")
            answer_bank(stripe, answer["client_secret"])
        wait_for("a payment", lambda: shopper.get(f"/orders/{order}")["status"] == "confirmed" or None)

    def send(self) -> str:
        """Each supplier accepts its part, hands it to a carrier, and hears that it has arrived."""
        sent = [(order, of) for order, of in zip(self.orders, PURCHASES, strict=True) if of.sent]
        parts = [(self.merchants[supplier], order) for order, of in sent for supplier, _ in of.parts]
        each(parts, self._send)
        return f"{len(parts)} supplier orders delivered"

    def _send(self, part: tuple[Merchant, str]) -> None:
        merchant, order = part
        merchant.shop.post(f"/orders/{order}/accept")
        parcel = {"carrier": "Atelier Post", "tracking_number": f"AP-{merchant.id[-12:]}"}
        merchant.shop.post(f"/orders/{order}/ship", parcel)
        merchant.shop.post(f"/orders/{order}/deliver")

    def refund(self) -> str:
        back = [number for number, of in enumerate(PURCHASES) if of.refunded_units]
        cents = sum(each(back, self._refund))
        return f"{len(back)} refund of {cents / 100:.2f} {CURRENCY}"

    def _refund(self, number: int) -> int:
        of, (line, *_) = PURCHASES[number], self.view(number)["items"]
        body = {"lines": [{"line_id": line["id"], "quantity": of.refunded_units}]}
        self.merchants[of.parts[0][0]].shop.post(f"/orders/{self.orders[number]}/refund", body)
        cents = self.book.refunded_cents(of)
        wait_for("the refund", lambda: self.view(number)["payment"]["refunded_cents"] == cents or None)
        return cents

    def let_expire(self) -> str:
        """Time passes, and who has not paid by then has ordered nothing."""
        late = [number for number, of in enumerate(PURCHASES) if not of.paid]
        self.world.travel_to(self.world.now + HOLD)

        def ring(number: int) -> None:
            order = {"tenant_id": self.story.played.tenant_id, "path": {"order_id": self.orders[number]}}
            invoke(self.story, TIMER, {**order, "actor": "timer"})
            expect("an unpaid order", self.view(number)["detail_status"], "expired")

        each(late, ring)
        return f"{HOLD.seconds // 60} minutes later, unpaid orders are cancelled: expired"


def words() -> tuple[tuple[str, str], ...]:
    """Titles and texts of posts: of a public data set where it is at hand, invented ones where not."""
    file = data_set("dummyjson_posts.json")
    if not file.exists():
        return WORDS * len(COMMUNITIES)
    return tuple((post["title"], post["body"]) for post in json.loads(file.read_text(encoding="utf-8")))


def patiently[T](what: str, act: Callable[[], T]) -> T:
    """What is refused as long as a read model has not heard of it."""

    def attempt() -> T | None:
        try:
            return act()
        except StoryError:
            return None

    return wait_for(what, attempt)


def invoke(story: Story, function: str, event: Mapping[str, Any]) -> None:
    """Call a function as its timer would."""
    name = story.stack.functions[function]
    answer = story.stack.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event))
    if "FunctionError" in answer:
        raise StoryError(f"{function}: {answer['Payload'].read().decode()}")
