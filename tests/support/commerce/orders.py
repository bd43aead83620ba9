"""A customer at the checkout, for the tests of orders: what is bought, paid, left lying, and how it recovers."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from commerce.order.decider import ORDER
from commerce.order.state import Order
from commerce.order_timers import sweep_orders as order_timers_sweep
from stripe_simulator.webhooks import signature
from support.commerce.catalogue import Catalogue, Goods, open_catalogue
from support.commerce.fake_stripe import WEBHOOK_SECRET, FakeStripe
from support.commerce.shop import Call, Shop
from support.identity.sign_in import Clock
from support.principals import acting
from support.spec import LAMBDA, TENANT, Reply
from troupe.store import keys, writes
from troupe.store.commit import commit
from troupe.store.transact import load

ADDRESS = {
    "name": "Emily Johnson",
    "line1": "Hauptstr. 1",
    "city": "Berlin",
    "postal_code": "10115",
    "country": "DE",
}
ORDERED = "/orders/{order_id}"

quote = Call("quote_order", "POST /orders/quote")
place = Call("place_order", "POST /orders")
pay = Call("pay_order", f"POST {ORDERED}/pay")
confirm = Call("confirm_payment", f"POST {ORDERED}/confirm-payment")
cancel = Call("cancel_order", f"POST {ORDERED}/cancel")


def requested_line(goods: Goods, quantity: int = 1, sku: str | None = None, **more: Any) -> dict[str, Any]:
    variant = goods.variants[sku] if sku else next(iter(goods.variants.values()))
    return {"product_id": goods.id, "variant_id": variant, "quantity": quantity, **more}


@dataclass
class Checkout:
    shop: Shop
    stripe: FakeStripe
    clock: Clock
    buyer: str
    catalogue: Catalogue = field(default_factory=open_catalogue)
    delivered: int = 0

    @property
    def by(self) -> dict[str, Any]:
        return acting("consumer", self.buyer)

    def goods(
        self, on_hand: int = 10, catalogue: Catalogue | None = None, buckets: int = 1, **body: Any
    ) -> Goods:
        """A product of one variant, so much of it in one place."""
        catalogue = catalogue or self.catalogue
        goods = catalogue.product(**body)
        self.stocked(goods, on_hand, catalogue, buckets)
        return goods

    def stocked(
        self, goods: Goods, on_hand: int, catalogue: Catalogue | None = None, buckets: int = 1
    ) -> None:
        from support.commerce.catalogue import split

        catalogue = catalogue or self.catalogue
        spot = {**goods.variant(next(iter(goods.variants))), "location_id": catalogue.location()}
        assert catalogue.count(spot, on_hand).status == 200
        if buckets > 1:
            assert split(spot, body={"buckets": buckets}, **catalogue.by).status == 200

    def body(self, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {"lines": list(lines), "address": ADDRESS, **more}

    def quote(self, *lines: dict[str, Any], **more: Any) -> Reply:
        return quote(body=self.body(*lines, **more), **self.by)

    def place(self, *lines: dict[str, Any], key: str | None = None, **more: Any) -> Reply:
        headers = {"idempotency-key": key} if key else {}
        return place(body=self.body(*lines, **more), headers=headers, **self.by)

    def placed(self, *lines: dict[str, Any], **more: Any) -> str:
        reply = self.place(*lines, **more)
        assert reply.status == 201, reply.body
        return reply.body["id"]

    def pay(self, order_id: str, method: str = "pm_good") -> Reply:
        return pay({"order_id": order_id}, body={"payment_method": method}, **self.by)

    def confirm(self, order_id: str) -> Reply:
        return confirm({"order_id": order_id}, **self.by)

    def cancel(self, order_id: str, **by: Any) -> Reply:
        return cancel({"order_id": order_id}, **(by or self.by))

    def expire(self, order_id: str) -> dict[str, Any]:
        """What the timer does."""
        from commerce.payment.handlers.expire_order import handler

        return handler({"tenant_id": TENANT, "path": {"order_id": order_id}, "actor": "timer"}, LAMBDA)

    def order(self, order_id: str) -> Order:
        state = load(TENANT, ORDER, order_id).state
        assert isinstance(state, Order)
        return state

    def levels(self, goods: Goods) -> tuple[int, int, int]:
        """On hand, available and reserved, of all buckets."""
        stock = [each.level for each in self.catalogue.stock(goods)]
        return tuple(
            sum(getattr(each, name) for each in stock) for name in ("on_hand", "available", "reserved")
        )

    def later(self, **by: float) -> None:
        self.clock.forward(**by)

    # How it recovers.

    def posted(self, event: object, secret: str = WEBHOOK_SECRET) -> Reply:
        from commerce.webhook.stripe import handler

        body = event if isinstance(event, str) else json.dumps(event)
        signed = signature(body.encode(), (secret,), int(self.clock().timestamp()))
        answer = handler(
            {
                "version": "2.0",
                "routeKey": "POST /webhooks/stripe",
                "headers": {"stripe-signature": signed},
                "body": body,
                "isBase64Encoded": False,
                "requestContext": {"requestId": "r1", "http": {"sourceIp": "3.18.12.63"}},
            },
            LAMBDA,
        )
        return Reply.of(answer)

    def processed(self, event_id: str) -> bool:
        from commerce.webhook.process import handler

        pointer = json.dumps({"source": "stripe-platform", "event_id": event_id})
        record = {"messageId": "m", "body": pointer, "attributes": {"MessageGroupId": "g"}}
        return handler({"Records": [record]}, LAMBDA) == {"batchItemFailures": []}

    def webhooks(self) -> None:
        """All that Stripe has told since, taken in and processed."""
        fresh = self.stripe.events[self.delivered :]
        self.delivered = len(self.stripe.events)
        for event in fresh:
            assert self.posted(event).status == 200
            assert self.processed(event["id"])

    def sweep(self) -> dict[str, int]:
        """As if the last sweep had been a moment ago."""
        upto = int((self.clock() - timedelta(minutes=10)).timestamp()) // 300 * 300
        commit([writes.put(keys.swept(kind), {"upto": upto}) for kind in order_timers_sweep.STEPS])
        return order_timers_sweep.handler({}, None)

    def quiet(self) -> None:
        """Until nothing is left to do: what Stripe tells is heard, holds run out, and sweeps clear up."""
        self.webhooks()
        self.later(minutes=16)
        for _ in range(2):
            self.sweep()
            self.webhooks()
            self.later(minutes=6)
        self.sweep()
