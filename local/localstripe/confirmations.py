# SPDX-License-Identifier: GPL-3.0-or-later
# This file extends localstripe, which is GPL-3, and so is GPL-3 too: a process of its own, imported by none.
"""Confirming a PaymentIntent with another payment method, after a decline too. localstripe answers 500."""

from typing import Any

from localstripe import resources

CONFIRM = "/v1/payment_intents/{id}/confirm"

confirm = resources.PaymentIntent._api_confirm


def confirm_with(id: str, payment_method: str | None = None, **fields: Any) -> Any:  # noqa: A002 (localstripe passes it by name)
    intent = resources.PaymentIntent._api_retrieve(id)
    if payment_method is not None:
        intent.payment_method = resources.PaymentMethod._api_retrieve(payment_method).id
    if intent.latest_charge is not None and intent.latest_charge.status == "failed":
        intent.latest_charge = None
    return confirm(id, **fields)


resources.extra_apis[:] = [
    (method, url, confirm_with if url == CONFIRM else function)
    for method, url, function in resources.extra_apis
]
