# SPDX-License-Identifier: GPL-3.0-or-later
# This file extends localstripe, which is GPL-3, and so is GPL-3 too: a process of its own, imported by none.
"""A refund within what is left of its charge, its reason, and its events.

localstripe accepts any amount, refuses a reason, and sends no webhook.
"""

from typing import Any

from localstripe import resources

make = resources.Refund.__init__


def charge_of(fields: dict[str, Any]) -> Any:
    if intent := fields.get("payment_intent"):
        return resources.PaymentIntent._api_retrieve(intent).latest_charge
    return resources.Charge._api_retrieve(fields.get("charge"))


def left_of(charge: Any) -> int:
    refunds = [one for key, one in resources.store.items() if key.startswith("refund:")]
    return charge.amount - sum(one.amount for one in refunds if one.charge == charge.id)


def make_within(self: Any, reason: str | None = None, **fields: Any) -> None:
    charge = charge_of(fields)
    left = left_of(charge)
    amount = int(fields.get("amount") or left)
    if amount > left or not left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        code = "amount_too_large" if left else "charge_already_refunded"
        raise resources.UserError(400, message, {"code": code})
    make(self, **{**fields, "amount": amount})
    self.reason = reason
    for name, what in (("charge.refunded", charge), ("refund.created", self)):
        resources.schedule_webhook(resources.Event(name, what))


resources.Refund.__init__ = make_within
