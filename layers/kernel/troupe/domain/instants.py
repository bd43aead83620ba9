"""Instants as text."""

from datetime import UTC, datetime


def rfc3339(instant: datetime) -> str:
    """An instant of any zone as text: UTC, `Z`, always six decimals, so that texts sort as their instants do.

    ValueError for a naive one, which is no instant.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant has a zone")
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
