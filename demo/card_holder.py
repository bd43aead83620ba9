"""A customer's card at the simulated Stripe, and the customer's answer to a question of its bank."""

from local.stack import simulator_server

# https://docs.stripe.com/testing
GOOD, DECLINED = "pm_card_visa", "pm_card_chargeCustomerFail"
ASKS = "pm_card_authenticationRequired"


def answer_bank(stripe_url: str, client_secret: str) -> None:
    """The customer confirms the payment. The outcome arrives by webhook."""
    intent = client_secret.partition("_secret_")[0]
    simulator_server.tell(stripe_url, f"intents/{intent}/authenticate", {"success": True})
