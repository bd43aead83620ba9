"""Subscriptions with their one item."""

from typing import TYPE_CHECKING, Any

from stripe_simulator.model import Shape, Subscription
from stripe_simulator.shapes.people import livemode

if TYPE_CHECKING:
    from stripe_simulator.world import World


def subscription(world: "World", subscription: Subscription, shape: Shape) -> dict[str, Any]:
    period = {
        "current_period_end": subscription.period_end,
        "current_period_start": subscription.period_start,
    }
    live = livemode(world, subscription.account)
    rendered = _same_in_all(subscription) | {"items": _items(subscription, live), "livemode": live}
    if shape is Shape.BASIL:
        rendered["items"]["data"][0] |= period
        rendered["billing_mode"] = {"type": "classic"}
    else:
        rendered |= period | {"discount": None}
    if shape is Shape.CLASSIC:
        rendered |= {"plan": _plan(subscription, live), "quantity": 1, "start": subscription.created}
    return rendered


def _same_in_all(subscription: Subscription) -> dict[str, Any]:
    return {
        "id": subscription.id,
        "object": "subscription",
        "application": None,
        "application_fee_percent": None,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": subscription.anchor,
        "cancel_at": subscription.period_end if subscription.cancel_at_period_end else None,
        "cancel_at_period_end": subscription.cancel_at_period_end,
        "canceled_at": subscription.canceled_at,
        "cancellation_details": {
            "comment": None, "feedback": None, "reason": subscription.cancellation_reason
        },
        "collection_method": subscription.collection_method,
        "created": subscription.created,
        "currency": subscription.currency,
        "customer": subscription.customer,
        "days_until_due": None,
        "default_payment_method": subscription.default_payment_method,
        "default_source": None,
        "default_tax_rates": [],
        "description": None,
        "discounts": [],
        "ended_at": subscription.ended_at,
        "latest_invoice": subscription.latest_invoice,
        "metadata": dict(subscription.metadata),
        "next_pending_invoice_item_invoice": None,
        "on_behalf_of": None,
        "pause_collection": None,
        "payment_settings": {"payment_method_options": None, "payment_method_types": None,
                             "save_default_payment_method": "off"},
        "pending_setup_intent": None,
        "pending_update": None,
        "schedule": None,
        "start_date": subscription.created,
        "status": subscription.status,
        "test_clock": None,
        "transfer_data": None,
        "trial_end": None,
        "trial_start": None,
    }  # fmt: skip


def _items(subscription: Subscription, live: bool) -> dict[str, Any]:  # noqa: FBT001 -- it is data
    item = {
        "id": subscription.item,
        "object": "subscription_item",
        "created": subscription.created,
        "discounts": [],
        "metadata": {},
        "plan": _plan(subscription, live),
        "price": price(subscription, live),
        "quantity": 1,
        "subscription": subscription.id,
        "tax_rates": [],
    }
    url = f"/v1/subscription_items?subscription={subscription.id}"
    return {"object": "list", "data": [item], "has_more": False, "total_count": 1, "url": url}


def price(subscription: Subscription, live: bool) -> dict[str, Any]:  # noqa: FBT001 -- it is data
    return {
        "id": subscription.price,
        "object": "price",
        "active": True,
        "billing_scheme": "per_unit",
        "created": subscription.created,
        "currency": subscription.currency,
        "livemode": live,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": subscription.product,
        "recurring": {
            "interval": "month",
            "interval_count": subscription.months,
            "meter": None,
            "usage_type": "licensed",
        },
        "type": "recurring",
        "unit_amount": subscription.amount,
        "unit_amount_decimal": str(subscription.amount),
    }


def _plan(subscription: Subscription, live: bool) -> dict[str, Any]:  # noqa: FBT001 -- it is data
    return {
        "id": subscription.price,
        "object": "plan",
        "active": True,
        "amount": subscription.amount,
        "currency": subscription.currency,
        "interval": "month",
        "interval_count": subscription.months,
        "livemode": live,
        "product": subscription.product,
    }
