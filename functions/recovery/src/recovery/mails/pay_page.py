"""Where a customer pays: the page that stood in the mail, or its present address, since Stripe's ends.

https://docs.stripe.com/invoicing/hosted-invoice-page
"""

import os
from datetime import datetime, timedelta

from recovery.mails.links import Link, payable
from troupe.observability import outcome
from troupe.store import Unknown

FRESH = timedelta(days=7)


def pay_page(link: Link, now: datetime) -> str:
    """Of a mail that is a while old the address is asked for again; without an answer it is the old one."""
    if link.url is None:
        raise Unknown("link")
    if now - link.at < FRESH or not (link.account_id and link.invoice_id):
        return link.url
    return _present(link.account_id, link.invoice_id) or link.url


def _present(account_id: str, invoice_id: str) -> str | None:
    if not os.environ.get("STRIPE_SECRET_ARN"):
        return None
    from troupe.payments import PaymentFailed, call  # noqa: PLC0415 -- saves 67 ms where a mail is fresh

    try:
        invoice = call(
            lambda client: client.v1.invoices.retrieve(invoice_id, options={"stripe_account": account_id})
        )
    except PaymentFailed as failed:
        outcome("pay_page_not_told", error=type(failed).__name__)
        return None
    return payable(invoice.hosted_invoice_url)
