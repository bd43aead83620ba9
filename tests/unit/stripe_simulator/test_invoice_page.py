"""The page of an invoice, which a customer opens in a browser."""

import httpx

from local.stack.http_client import certificates


def test_a_customer_pays_an_invoice_on_its_page(served):
    invoice = served.failed()
    page = f"{served.url}/_pages/invoices/{invoice.id}"
    with httpx.Client(verify=certificates()) as browser:
        assert "Pay" in browser.get(page).text
        poor = browser.post(page, data={"card": "pm_card_visa_chargeDeclinedInsufficientFunds"})
        assert "declined" in poor.text
        assert "paid" in browser.post(page, data={"card": "pm_card_visa"}).text
        assert browser.get(f"{served.url}/_pages/invoices/in_none").status_code == 404
    assert served.v1.invoices.retrieve(invoice.id, {}, served.options).status == "paid"
