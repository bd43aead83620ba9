"""Every command of commerce once, in an order in which each finds what it needs."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from bench.scenario import World
from bench.shop.scenario import (
    CUSTOMER,
    OTHER,
    OWNER,
    SUPPLIER,
    Named,
    bank,
    basket,
    by,
    confirmation,
    licence,
    main_variant,
    now,
    one_unit,
    paid,
    product,
    record,
    sent,
    sign_up,
    timer,
)
from bench.steps import Step

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
S = {"supplier_id": "supplier"}
P = {"product_id": "product"}
V = {**P, "variant_id": "variant"}
SPOT = {**P, "variant_id": main_variant, "location_id": "place"}
PROMO = {"promotion_id": "promotion"}
ORDER = {"order_id": "order"}


def supplier(command: str, body: Any = None, keep: dict[str, str] | None = None, **path: Named) -> Step:
    return by(SUPPLIER, command, body, keep, **path)


def oversees(command: str, body: Any = None, **path: Named) -> Step:
    return by(OWNER, command, body, None, **path)


def customer(command: str, body: Any = None, keep: dict[str, str] | None = None, **path: Named) -> Step:
    return by(CUSTOMER, command, body, keep, **path)


def promotion(world: World) -> dict[str, Any]:
    begins = now() + timedelta(seconds=2)
    return {
        "title": "A tenth off",
        "kind": "single",
        "products": [{"product_id": world.id("product"), "reduction": {"percent": 10}}],
        "visibility": "both",
        "communities": [world.id("community")],
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(days=7)).isoformat(),
    }


def seen(world: World) -> dict[str, Any]:
    minute = now().replace(second=0, microsecond=0).isoformat()
    shown = {"promotion_id": world.id("promotion"), "minute": minute, "impressions": 100, "clicks": 7}
    return {"batch_id": str(uuid4()), "shown": [shown]}


def returned(world: World) -> dict[str, Any]:
    return {"supplier_id": world.id("supplier"), **one_unit(world)}


def rated(world: World) -> dict[str, Any]:
    return {"order_id": world.id("order"), "stars": 5}


def shipment(world: World) -> str:
    sent_so_far: Any = world.known["shipments"]
    return str(sent_so_far[-1]["id"])


def return_of(world: World) -> str:
    wished: Any = world.known["returns"]
    return str(wished[-1]["id"])


SUPPLIERS = (
    by("", "register_supplier", sign_up, {"supplier": "id"}, slug="slug"),
    by("", "verify_supplier_address", confirmation),
    supplier("update_supplier", record, **S),
    supplier("request_document_upload", licence, {"upload": "upload"}, **S),
    supplier("change_bank_details", bank, **S),
    supplier("submit_supplier", sent, **S),
    oversees("begin_review", **S),
    oversees("reject_supplier", {"reason": "To be measured."}, **S),
    supplier("submit_supplier", **S),
    oversees("begin_review", **S),
    oversees("verify_supplier", **S),
    supplier("open_payout_account", **S),
    oversees("suspend_supplier", {"reason": "To be measured."}, **S),
    oversees("reinstate_supplier", **S),
)
PRODUCTS = (
    supplier("add_location", {"name": "Warehouse", "country": "US"}, {"place": "id"}),
    supplier("create_product", product("M-0"), {"product": "id"}),
    supplier("delete_product", **P),
    supplier("restore_product", **P),
    supplier("create_product", product("M-1"), {"product": "id", "variants": "variants"}),
    supplier("add_variant", {"sku": "M-2", "price_cents": 2_600}, {"variant": "variant_id"}, **P),
    supplier("update_variant", {"price_cents": 2_700}, **V),
    supplier("remove_variant", **V),
    supplier("update_product", {"description": "Measured."}, **P),
    supplier("publish_product", **P),
    supplier("unpublish_product", **P),
    supplier("publish_product", **P),
)
STOCK = (
    supplier("set_inventory", {"on_hand": 500, "expected_on_hand": 0}, **SPOT),
    supplier("adjust_inventory", {"by": 5, "reason": "Found."}, **SPOT),
    supplier("split_stock", {"buckets": 4}, **SPOT),
)
PROMOTIONS = (
    supplier("create_promotion", promotion, {"promotion": "id"}),
    supplier("update_promotion", {"description": "Measured."}, **PROMO),
    supplier("submit_promotion", **PROMO),
    timer("remind_approvers", **PROMO),
    by(OTHER, "reject_promotion", lambda w: {"target": w.id("community"), "reason": "No."}, **PROMO),
    oversees("approve_promotion", {"target": "global"}, **PROMO),
    timer("start_promotion", MINUTE, **PROMO),
    supplier("pause_promotion", **PROMO),
    supplier("resume_promotion", **PROMO),
    customer("record_impressions", seen),
    timer("end_promotion", 8 * DAY, **PROMO),
    supplier("create_promotion", promotion, {"promotion": "id"}),
    supplier("submit_promotion", **PROMO),
    timer("decide_promotion", 8 * DAY, **PROMO),
    supplier("create_promotion", promotion, {"promotion": "id"}),
    supplier("cancel_promotion", {"reason": "To be measured."}, **PROMO),
)
ORDERS = (
    customer("quote_order", basket),
    customer("place_order", basket, {"order": "id"}),
    customer("cancel_order", **ORDER),
    customer("place_order", basket, {"order": "id"}),
    timer("expire_order", 16 * MINUTE, **ORDER),
    customer("place_order", basket, {"order": "id"}),
    customer("pay_order", paid, **ORDER),
    supplier("reject_lines", one_unit, **ORDER),
    customer("place_order", basket, {"order": "id"}),
    customer("pay_order", paid, **ORDER),
    customer("confirm_payment", **ORDER),
    supplier("accept_lines", {}, **ORDER),
    supplier(
        "ship_lines", {"carrier": "Post", "tracking_number": "M-1"}, {"shipments": "shipments"}, **ORDER
    ),
    supplier("recall_shipment", {}, shipment_id=shipment, **ORDER),
    supplier("ship_lines", {"carrier": "Post", "tracking_number": "M-2"}, **ORDER),
    supplier("deliver_lines", {}, **ORDER),
    customer("rate_supplier", rated, **S),
    customer("request_return", returned, {"returns": "returns"}, **ORDER),
    supplier("decline_return", {"reason": "To be measured."}, return_id=return_of, **ORDER),
    customer("request_return", returned, {"returns": "returns"}, **ORDER),
    supplier("approve_return", {"restock": True}, return_id=return_of, **ORDER),
    supplier("refund_lines", one_unit, **ORDER),
    timer("pay_supplier", 30 * DAY, **ORDER, **S),
    oversees("delete_supplier", **S),
    oversees("restore_supplier", **S),
)
STEPS = (*SUPPLIERS, *PRODUCTS, *STOCK, *PROMOTIONS, *ORDERS)
