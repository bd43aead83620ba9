"""What Stripe says of a declined charge, by the name of what is wrong with the card.

Field by field as in https://docs.stripe.com/declines/codes and https://docs.stripe.com/api/charges/object#charge_object-outcome;
network codes as in Visa's Core Rules, table 7-2, and Mastercard's merchant advice codes.
"""

from dataclasses import dataclass, replace

MESSAGES = {
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "incorrect_number": "Your card number is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """`code` is the error's; `decline_code` is None where Stripe gives the cause in `code` alone."""

    code: str = "card_declined"
    decline_code: str | None = None
    advice_code: str | None = None
    network_decline_code: str | None = None
    network_advice_code: str | None = None
    type: str = "issuer_declined"
    reason: str | None = None
    network_status: str = "declined_by_network"

    @property
    def message(self) -> str:
        return MESSAGES.get(self.decline_code or self.code, "Your card was declined.")


def _issuer(code: str, network: str, advice: str = "try_again_later", mac: str | None = None) -> Decline:
    return Decline(
        decline_code=code,
        advice_code=advice,
        network_decline_code=network,
        network_advice_code=mac,
        reason=code,
    )


def _never(code: str, network: str, mac: str = "03") -> Decline:
    return _issuer(code, network, "do_not_try_again", mac)


def _data(code: str, network: str | None) -> Decline:
    """Expired and mistyped cards: the cause is the error's code."""
    return Decline(code=code, advice_code="confirm_card_data", network_decline_code=network, reason=code)


def _blocked(reason: str) -> Decline:
    """Stripe did not even ask the network."""
    return Decline(
        decline_code="generic_decline",
        advice_code="do_not_try_again",
        type="blocked",
        reason=reason,
        network_status="not_sent_to_network",
    )


DECLINES: dict[str, Decline] = {
    "insufficient_funds": _issuer("insufficient_funds", "51", mac="02"),
    "do_not_honor": _issuer("do_not_honor", "05", mac="02"),
    "generic_decline": _issuer("generic_decline", "05"),
    "card_velocity_exceeded": _issuer("card_velocity_exceeded", "61", mac="02"),
    "withdrawal_count_limit_exceeded": _issuer("withdrawal_count_limit_exceeded", "65", mac="02"),
    "issuer_not_available": _issuer("issuer_not_available", "91", mac="24"),
    "try_again_later": _issuer("try_again_later", "N4"),
    "call_issuer": _issuer("call_issuer", "01"),
    "processing_error": replace(
        _data("processing_error", "96"), advice_code="try_again_later", network_advice_code="24"
    ),
    "expired_card": replace(_data("expired_card", "54"), network_advice_code="01"),
    "incorrect_cvc": _data("incorrect_cvc", "82"),
    "incorrect_number": _data("incorrect_number", "14"),
    "lost_card": _never("lost_card", "41"),
    "stolen_card": _never("stolen_card", "43"),
    "pickup_card": _never("pickup_card", "04"),
    "fraudulent": _never("fraudulent", "59"),
    "restricted_card": _issuer("restricted_card", "62", "do_not_try_again"),
    "invalid_account": _never("invalid_account", "46"),
    "transaction_not_allowed": _never("transaction_not_allowed", "57"),
    "stop_payment_order": _never("stop_payment_order", "R0", "21"),
    "revocation_of_authorization": _never("revocation_of_authorization", "R1", "21"),
    "revocation_of_all_authorizations": _never("revocation_of_all_authorizations", "R3", "21"),
    "authentication_required": Decline(
        code="authentication_required",
        decline_code="authentication_required",
        network_decline_code="1A",
        reason="authentication_required",
    ),
    "highest_risk_level": _blocked("highest_risk_level"),
    "rule": _blocked("rule"),
    "previously_declined_do_not_retry": _blocked("previously_declined_do_not_retry"),
}

NEVER_RETRIED = frozenset({
    "authentication_required",
    "highest_risk_level",
    "incorrect_number",
    "lost_card",
    "pickup_card",
    "revocation_of_all_authorizations",
    "revocation_of_authorization",
    "stolen_card",
    "transaction_not_allowed",
})  # fmt: skip
"""Smart Retries goes on counting these and charges no more until there is another card.

https://docs.stripe.com/billing/revenue-recovery/smart-retries#non-retryable-decline-codes
"""

BLOCKED_AFTERWARDS = frozenset({"lost_card", "stolen_card", "pickup_card", "fraudulent", "invalid_account"})


def named(name: str) -> Decline:
    """The decline of that name; an unknown one is an issuer's code that no table has yet."""
    return DECLINES.get(name) or Decline(decline_code=name, reason=name)


def of_brand(decline: Decline, brand: str) -> Decline:
    """Merchant advice codes are Mastercard's."""
    return decline if brand == "mastercard" else replace(decline, network_advice_code=None)


def name_of(decline: Decline) -> str:
    return decline.reason or decline.decline_code or decline.code
