"""Amounts and dates as a mail shows them: alike in every language."""

from datetime import datetime

from troupe.domain.money import MINOR_UNITS
from troupe.domain.time_zones import local

# Where Stripe counts other minor units than ISO 4217 (https://docs.stripe.com/currencies#special-cases).
STRIPE_S = {"ISK": 2, "UGX": 2, "MGA": 0}


def amount(cents: int, currency: str) -> str:
    """`USD 1234.50`, `JPY 1200`, `KWD 1.250`."""
    digits = STRIPE_S.get(currency, MINOR_UNITS.get(currency, 2))
    whole, part = divmod(abs(cents), 10**digits)
    sign = "-" if cents < 0 else ""
    return f"{currency} {sign}{whole}.{part:0{digits}}" if digits else f"{currency} {sign}{whole}"


def day(instant: datetime, zone: str) -> str:
    """`2026-03-05`, by the zone's calendar."""
    return local(instant, zone).date().isoformat()


def moment(instant: datetime, zone: str) -> str:
    """`2026-03-05 10:00 (Europe/Berlin)`."""
    return f"{local(instant, zone):%Y-%m-%d %H:%M} ({zone})"
