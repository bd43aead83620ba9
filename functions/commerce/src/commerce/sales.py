"""What an event moves of a shop's takings: money that came in or went back, by what the order was found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from commerce.values import Share
from troupe.store.envelope import Envelope

type FoundBy = tuple[str | None, str | None]  # a promotion and a community


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueEntry:
    """`sign`: -1 for money that went back and came again, as the bank did not take it.

    `converted` are the promotions and communities by which it counts as an order, or does no more.
    """

    kind: Literal["gross", "refunded"]
    currency: str
    shares: tuple[Share, ...]
    converted: tuple[FoundBy, ...] = ()
    sign: int = 1

    @property
    def amount_cents(self) -> int:
        return self.sign * sum(each.amount_cents for each in self.shares)

    @property
    def net_sign(self) -> int:
        """Whether it adds to what is left of the takings, or takes from it."""
        return self.sign if self.kind == "gross" else -self.sign


def revenue_entry_of(event: Envelope) -> RevenueEntry | None:
    """What an event of an order moves; most move nothing."""
    match event.type:
        case "order.confirmed":
            shares = _attributed(event.data)
            return RevenueEntry(
                kind="gross",
                currency=event.data["total"]["currency"],
                shares=shares,
                converted=_found_by(shares),
            )
        case "order.refunded":
            return _returned(event.data, 1)
        case "order.refund_failed" if event.data["undone"]:
            return _returned(event.data, -1)
        case _:
            return None


def _attributed(data: Mapping[str, Any]) -> tuple[Share, ...]:
    """Events that say nothing of it are of orders that nothing was found by."""
    total = data["total"]["amount_cents"]
    return _shares(data.get("attributed") or [{"amount_cents": total}])


def _returned(data: Mapping[str, Any], sign: int) -> RevenueEntry:
    """Each line's money comes from where it was attributed to; the rest was attributed to nothing."""
    rest = data["amount"]["amount_cents"] - sum(line["amount_cents"] for line in data["lines"])
    return RevenueEntry(
        kind="refunded",
        currency=data["amount"]["currency"],
        shares=_shares([*data["lines"], *([{"amount_cents": rest}] if rest else [])]),
        converted=_found_by(_shares(data.get("attributed", ()))),  # of the order, if it is back as a whole
        sign=sign,
    )


def _shares(parts: Iterable[Mapping[str, Any]]) -> tuple[Share, ...]:
    return tuple(
        Share(
            promotion_id=part.get("promotion_id"),
            community_id=part.get("community_id"),
            amount_cents=part["amount_cents"],
        )
        for part in parts
    )


def _found_by(shares: Iterable[Share]) -> tuple[FoundBy, ...]:
    return tuple(dict.fromkeys((each.promotion_id, each.community_id) for each in shares))
