from support.commerce.orders import requested_line
from support.commerce.shop import ask
from support.dynamodb import round_trips
from support.principals import acting


def test_an_order_with_its_timeline_and_its_lines_as_far_as_they_are(checkout):
    goods = checkout.goods(10)
    order_id = checkout.placed(requested_line(goods, 3, utm={"source": "mail"}))
    checkout.pay(order_id)
    with round_trips() as made:
        reply = ask("/orders/{order_id}", {"order_id": order_id}, **checkout.by)
    assert (reply.status, made) == (200, ["Query", "BatchGetItem"])
    (item,) = reply.body["items"]
    assert (item["quantity"], item["product_snapshot"]["name"]) == (3, "Red Running Shoes")
    assert item["attribution"]["utm"] == {"source": "mail"}
    assert reply.body["totals"]["total_cents"] == item["total_cents"] + 499
    assert [each["what"] for each in reply.body["timeline"]] == [
        "pending_payment",
        "payment_started",
        "payment_succeeded",
        "paid",
    ]
    assert reply.body["customer"]["display_name"] == "Emily"


def test_other_principals_get_404(checkout):
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    path = {"order_id": order_id}
    other = acting("consumer", checkout.shop.consumer("Bob"))
    assert ask("/orders/{order_id}", path, **other).status == 404
    assert ask("/orders/{order_id}", path, **acting("admin", checkout.shop.admin())).status == 200


def test_ones_own_orders_come_newest_first(checkout):
    goods = checkout.goods(10)
    first, second = (checkout.placed(requested_line(goods)) for _ in range(2))
    checkout.shop.hears()
    reply = ask("/orders", **checkout.by)
    assert [each["id"] for each in reply.body["items"]] == [second, first]
    assert reply.body["items"][0]["detail_status"] == "pending_payment"
    other = acting("consumer", checkout.shop.consumer("Bob"))
    assert ask("/orders", **other).body["items"] == []
