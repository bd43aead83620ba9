"""Values that several aggregates share."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What came by one promotion in one community; without either, by itself."""

    promotion_id: str | None
    community_id: str | None
    amount_cents: int
