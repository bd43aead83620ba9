"""The two small pages that a reader of our mails may see: plain, and without a word of whose they are."""

import os
from datetime import datetime, timedelta

from recovery.mail.links import Link, payable
from troupe.observability import outcome
from troupe.store.scope import Answer
from troupe.store.transact import Unknown

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""
ASK = _PAGE.format(
    title="No more mails about payments?",
    body="""<p>You will get no more mails about payments that did not go through, or cards that expire.</p>
<form method="post"><button type="submit">Stop these mails</button></form>""",
)
OPTED_OUT = _PAGE.format(
    title="You will get no more of these mails",
    body="<p>Mails about payments and cards will not be sent to you any more.</p>",
)
_POLICY = "default-src 'none'; form-action 'self'; frame-ancestors 'none'"


def page(html: str) -> Answer:
    headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": _POLICY}
    return Answer(status=200, body={}, headers=headers, raw=html.encode())


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
    from troupe.stripe.client import PaymentFailed, call  # noqa: PLC0415 -- saves 67 ms where a mail is fresh

    try:
        invoice = call(
            lambda client: client.v1.invoices.retrieve(invoice_id, options={"stripe_account": account_id})
        )
    except PaymentFailed as failed:
        outcome("pay_page_not_told", error=type(failed).__name__)
        return None
    return payable(invoice.hosted_invoice_url)
