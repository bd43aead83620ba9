"""A little of everything that the shop and its communities have, as those concerned make it, over HTTP."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from demo.api import Api, wait_for
from demo.catalogue import Article, Variant
from demo.merchant import Merchant, confirm, verified
from demo.people import Person
from demo.shop import World
from demo.story import Played
from local.stack.stack import Stack
from troupe.domain.instants import rfc3339
from troupe.ids import new_id

ARTICLE = Article(
    name="Rye bread",
    category="Bread",
    supplier=0,
    variants=(Variant(sku="RYE-1", name="one", price_cents=490, on_hand=5),),
)
ADDRESS = {
    "name": "A buyer",
    "line1": "1 Main Street",
    "city": "Erie",
    "postal_code": "16501",
    "country": "US",
}


@dataclass(frozen=True)
class Bazaar:
    """A supplier of a tenant, a leader and a buyer."""

    stack: Stack
    played: Played
    visitor: Api
    merchant: Merchant
    leader: Api
    buyer: Api

    def things(self) -> dict[str, str]:
        """One of each, by the names that parameters of paths have; but nothing has been sent yet."""
        goods = self._goods()
        (variant_id,) = goods["variants"].values()
        line = {"product_id": goods["id"], "variant_id": variant_id, "quantity": 1}
        order = self.buyer.of("commerce").post("/orders", {"lines": [line], "address": ADDRESS}, 201)
        return {
            "supplier_id": self.merchant.id,
            "location_id": self.merchant.location_id,
            "product_id": goods["id"],
            "variant_id": variant_id,
            "promotion_id": self._promotion(goods["id"]),
            "order_id": order["id"],
            **{name: new_id() for name in ("shipment_id", "return_id")},  # of an unpaid order
            **self._said(),
        }

    def _goods(self) -> dict[str, Any]:
        self.merchant.register(self.visitor, self.played.slug)
        confirm(self.stack, self.visitor, [self.merchant])
        self.merchant.submit()
        assert self.played.owner
        verified(self.played.owner)(self.merchant)
        self.merchant.open()
        self.merchant.sell(ARTICLE)
        made = self.merchant.goods[ARTICLE.name]
        return {"id": made.id, "variants": made.variants}

    def _promotion(self, product_id: str) -> str:
        now = World(self.stack).now
        body = {
            "title": "Ten percent off",
            "kind": "single",
            "products": [{"product_id": product_id, "reduction": {"percent": 10}}],
            "visibility": "global",
            "starts_at": rfc3339(now),
            "ends_at": rfc3339(now + timedelta(days=1)),
        }
        return str(self.merchant.shop.post("/promotions", body, 201)["id"])

    def _said(self) -> dict[str, str]:
        """The contexts hear of a leader and of a member in a moment."""
        leads, belongs = self.leader.of("community"), self.buyer.of("community")
        founding = {"name": "Bakers", "purpose": "To talk."}
        community = self._soon(leads, "/communities", founding)["id"]
        self._soon(belongs, f"/communities/{community}/join", {})
        text = {"kind": "text", "title": "Hello", "text": "Good morning."}
        post = leads.post(f"/communities/{community}/posts", text, 201)["id"]
        comment = belongs.post(f"/posts/{post}/comments", {"text": "Good morning."}, 201)["id"]
        told = {"subject_id": post, "reason": "spam"}
        report = belongs.post("/reports", told, 201)["id"]
        return {"community_id": community, "post_id": post, "comment_id": comment, "report_id": report}

    @staticmethod
    def _soon(api: Api, path: str, body: dict[str, Any]) -> Any:
        def done() -> Any:
            answer = api.http.post(f"/v1/{api.context}{path}", json=body)
            return answer.json() if answer.is_success else None

        return wait_for(f"POST {path} to be done", done)


def _leave(merchant: Merchant) -> None:
    if merchant.api:
        merchant.api.http.close()


def bazaar(stack: Stack, played: Played, open_with: ExitStack, leader: Person, buyer: Person) -> Bazaar:
    assert played.owner
    visitor = open_with.enter_context(Api(stack.api_url))
    played.owner.post(f"/users/{played.ids[leader.email]}/promote", {"business": {"name": "Lea's"}})
    leads, buys = (
        open_with.enter_context(visitor.signed_in(each.email, each.password)) for each in (leader, buyer)
    )
    merchant = Merchant("Bakery GmbH", f"shop@{played.slug}.example.com")
    open_with.callback(_leave, merchant)
    return Bazaar(stack, played, visitor, merchant, leads, buys)
