"""Amounts as Stripe counts them, which is not everywhere as ISO 4217 does.

https://docs.stripe.com/currencies (presentment-currencies, zero-decimal, special-cases), December 2026.
"""

from troupe.domain.money import MINOR_UNITS

# All that Stripe charges; those of three decimals are charged on request.
_PRESENTMENT = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD "
    "CDF CHF CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD "
    "HNL HTG HUF IDR ILS INR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL "
    "MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG "
    "QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TND TOP TRY TTD TWD TZS UAH "
    "UGX USD UYU UZS VND VUV WST XAF XCD XOF XPF YER ZAR ZMW"
)
_ZERO_DECIMAL = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
PRESENTMENT, ZERO_DECIMAL = frozenset(_PRESENTMENT.split()), frozenset(_ZERO_DECIMAL.split())
WHOLE_HUNDREDS = frozenset({"ISK", "UGX"})  # without decimals, and counted with two that are 00
THREE_DECIMAL = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})  # the last of the three is 0


class NotChargeable(ValueError):  # noqa: N818 -- what it is
    """Stripe cannot charge that currency, or not so small a part of it."""


def digits(currency: str) -> int:
    """How many decimals Stripe counts."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def to_stripe(amount_cents: int, currency: str) -> int:
    """Minor units of ISO 4217 in Stripe's. Raises `NotChargeable`, and never rounds."""
    if currency not in PRESENTMENT or currency not in MINOR_UNITS:
        raise NotChargeable(f"Stripe does not charge {currency}")
    more = digits(currency) - MINOR_UNITS[currency]
    scale: int = 10 ** abs(more)
    amount, rest = (amount_cents * scale, 0) if more >= 0 else divmod(amount_cents, scale)
    step = 100 if currency in WHOLE_HUNDREDS else 10 if currency in THREE_DECIMAL else 1
    if rest or amount % step:
        raise NotChargeable(f"Stripe does not charge so small a part of {currency}")
    return amount


def from_stripe(amount: int, currency: str) -> int:
    """Stripe's units in minor units of ISO 4217. NotChargeable for an amount that has no such form."""
    more = MINOR_UNITS.get(currency, digits(currency)) - digits(currency)
    scale: int = 10 ** abs(more)
    if more >= 0:
        return amount * scale
    whole, rest = divmod(amount, scale)
    if rest:
        raise NotChargeable(f"{currency} has no such part")
    return whole
