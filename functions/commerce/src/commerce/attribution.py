"""By what an order was found, in money: each line's total goes to the promotion and community that it names.

Shipping is of no promotion and no community. So the shares of an order add up to what it costs.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from commerce.order_words import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What came by one promotion in one community; without either, by itself."""

    promotion_id: str | None
    community_id: str | None
    amount_cents: int


def shares_of(lines: Iterable[Line], shipping_cents: int) -> tuple[Share, ...]:
    """One for each pair of promotion and community that the lines name, even if it was for nothing."""
    sums: dict[tuple[str | None, str | None], int] = {}
    for line in lines:
        found_by = (line.attribution.promotion_id, line.attribution.community_id)
        sums[found_by] = sums.get(found_by, 0) + line.total_cents
    sums[None, None] = sums.get((None, None), 0) + shipping_cents
    return tuple(
        Share(promotion_id=promotion, community_id=community, amount_cents=amount)
        for (promotion, community), amount in sums.items()
        if amount or promotion or community
    )
