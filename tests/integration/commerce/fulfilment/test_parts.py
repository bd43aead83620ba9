"""What a supplier is shown of an order: its own part, once it is paid."""

from support.commerce.catalogue import open_catalogue
from support.commerce.fulfilment import Fulfilment, bought, done
from support.commerce.orders import ADDRESS, requested_line
from support.commerce.shop import ask
from support.dynamodb import round_trips
from support.principals import acting

PATH = "/suppliers/{supplier_id}/orders/{order_id}"


def shown(part, by, **path):
    return ask(PATH, {**part.path, "supplier_id": part.catalogue.supplier_id, **path}, **by)


def test_a_supplier_sees_what_it_has_to_send_from_where_and_to_whom(checkout):
    other = open_catalogue()
    goods = checkout.goods(10)
    part = bought(checkout, (goods, 3), (checkout.goods(5, other), 1))
    with round_trips() as made:
        reply = shown(part, part.catalogue.by)
    assert (reply.status, made) == (200, ["BatchGetItem"])
    (item,) = reply.body["items"]
    place = checkout.catalogue.stock(goods)[0]
    assert item["places"] == [{"location_id": place.location_id, "bucket": 0, "quantity": 3}]
    assert (item["sku"], item["state"]) == (next(iter(goods.variants)), "reserved")
    assert reply.body["shipping_address"]["city"] == ADDRESS["city"]
    assert reply.body["shipping_cents"] == 499
    assert reply.version == reply.body["version"]
    done(part.accept())
    done(part.ship())
    after = shown(part, part.catalogue.by).body
    assert (after["items"][0]["places"], after["detail_status"]) == ([], "paid")
    assert after["shipments"][0]["lines"] == [{"line_id": "1", "quantity": 3}]


def test_other_principals_get_404(checkout):
    part = bought(checkout, (checkout.goods(10), 1))
    other = open_catalogue()
    assert shown(part, other.by).status == 404
    assert shown(part, other.by, supplier_id=other.supplier_id).status == 404
    assert shown(part, checkout.by).status == 404
    assert shown(part, acting("admin", checkout.shop.admin())).status == 200
    assert shown(part, acting("staff", checkout.buyer)).status == 200


def test_what_is_not_paid_is_not_shown(checkout):
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    assert shown(Fulfilment(checkout, order_id, checkout.catalogue), checkout.catalogue.by).status == 404
