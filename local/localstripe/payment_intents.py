# SPDX-License-Identifier: GPL-3.0-or-later
# This file extends localstripe, which is GPL-3, and so is GPL-3 too: a process of its own, imported by none.
"""PaymentIntent fields that localstripe refuses are kept; a destination charge makes its transfer.

And an intent tells what was received of it, and its charge has its metadata.
"""

from typing import Any

from localstripe import resources

from local.localstripe.connect import Transfer

KEPT = (
    "application_fee_amount",
    "automatic_payment_methods",
    "description",
    "on_behalf_of",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
)

make, succeed = resources.PaymentIntent.__init__, resources.PaymentIntent._on_success
charge_it = resources.PaymentIntent._create_charge


def make_keeping(self: Any, **fields: Any) -> None:
    kept = {name: fields.pop(name, None) for name in KEPT}
    make(self, **fields)
    for name, value in kept.items():
        setattr(self, name, value)


def charge_described(self: Any, **fields: Any) -> None:
    """As Stripe does: https://docs.stripe.com/api/charges/object#charge_object-metadata"""
    try:
        charge_it(self, **fields)
    finally:
        if self.latest_charge is not None:
            self.latest_charge.metadata = dict(self.metadata)


def succeed_transferring(self: Any) -> None:
    succeed(self)
    if not self.transfer_data:
        return
    after_fee = self.amount - int(self.application_fee_amount or 0)
    Transfer(
        amount=int(self.transfer_data.get("amount") or after_fee),
        currency=self.currency,
        destination=self.transfer_data["destination"],
        transfer_group=self.transfer_group,
    )


def received(self: Any) -> int:
    return self.amount if self.status == "succeeded" else 0


resources.PaymentIntent.amount_received = property(received)
resources.PaymentIntent.__init__, resources.PaymentIntent._on_success = make_keeping, succeed_transferring
resources.PaymentIntent._create_charge = charge_described
