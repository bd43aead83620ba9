"""The words of a payout, of a supplier's part of an order: transfers there and back, and what holds them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

type HoldReason = Literal[
    "supplier_not_verified", "no_payout_account", "bank_details_changed", "balance", "refused", "returned"
]
type PayoutStatus = Literal["none", "due", "held", "paid", "reversed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Money to the supplier's account. `number`: by which its key at Stripe is known."""

    number: int
    transfer_id: str
    amount_cents: int
    reversed_cents: int = 0

    @property
    def left_cents(self) -> int:
        return self.amount_cents - self.reversed_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A transfer that was begun, and whose outcome is not known yet."""

    number: int
    amount_cents: int
    destination: str
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalling:
    """A reversal of a transfer that was requested, and whose outcome is not known yet."""

    number: int
    transfer_id: str
    amount_cents: int
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why nothing is paid now, and when it is tried again. `tries`: how often in a row."""

    reason: HoldReason
    until: datetime
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """What has been paid for a part of an order, and what has come back of it.

    `withheld_cents` went against what the supplier owed; `debt_cents` did not come back, and is owed.
    `disputes`: those that are open, or lost; while there is one, nothing is paid.
    """

    due_at: datetime | None = None  # since when it has been due
    sent: int = 0  # transfers that were begun
    recalled: int = 0  # reversals that were begun
    transfers: tuple[Transfer, ...] = ()
    sending: Sending | None = None
    recalling: Recalling | None = None
    hold: Hold | None = None
    withheld_cents: int = 0
    debt_cents: int = 0
    disputes: tuple[str, ...] = ()

    @property
    def transferred_cents(self) -> int:
        """What the supplier has of it."""
        return sum(each.left_cents for each in self.transfers)

    @property
    def settled_cents(self) -> int:
        """What need not be paid any more, or is under way."""
        under_way = (self.sending.amount_cents if self.sending else 0) - (
            self.recalling.amount_cents if self.recalling else 0
        )
        return self.transferred_cents + under_way + self.withheld_cents - self.debt_cents

    @property
    def latest(self) -> Transfer | None:
        """The latest transfer of which anything can be asked back."""
        return next((each for each in reversed(self.transfers) if each.left_cents), None)
