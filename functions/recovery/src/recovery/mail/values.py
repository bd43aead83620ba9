"""Amounts and dates as a mail shows them: alike in every language."""

from datetime import datetime

from troupe.domain.stripe_units import digits
from troupe.domain.time_zones import local


def amount(cents: int, currency: str) -> str:
    """Of Stripe's minor units: `USD 1234.50`, `JPY 1200`, `KWD 1.250`."""
    decimals = digits(currency)
    whole, part = divmod(abs(cents), 10**decimals)
    sign = "-" if cents < 0 else ""
    return f"{currency} {sign}{whole}.{part:0{decimals}}" if decimals else f"{currency} {sign}{whole}"


def day(instant: datetime, zone: str) -> str:
    """`2026-03-05`, by the zone's calendar."""
    return local(instant, zone).date().isoformat()


def moment(instant: datetime, zone: str) -> str:
    """`2026-03-05 10:00 (Europe/Berlin)`."""
    return f"{local(instant, zone):%Y-%m-%d %H:%M} ({zone})"
