"""What may be asked of the payout of a supplier's part of an order."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """The supplier as it stands: whether it may be paid, and where to. `balance_cents`: of all its sales."""

    verified: bool
    stripe_account_id: str | None
    payout_after: datetime | None
    balance_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaySupplier:
    """Begin the next step of the payout: an amount due, a transfer, or a reversal."""

    payee: Payee


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPayout:
    number: int
    transfer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusePayout:
    """Stripe does not make the transfer. `short`: the shop has not as much there."""

    number: int
    short: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRecall:
    """`came`: it came back; else the supplier owes it."""

    number: int
    came: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FindReversal:
    """The total that was reversed of a transfer, by us or at Stripe."""

    transfer_id: str
    reversed_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumePayout:
    """The supplier has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezePayout:
    dispute_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePayout:
    dispute_id: str


type PayoutCommand = (
    PaySupplier
    | RecordPayout
    | RefusePayout
    | RecordRecall
    | FindReversal
    | ResumePayout
    | FreezePayout
    | ReleasePayout
)
PAYOUT_COMMANDS = (
    PaySupplier,
    RecordPayout,
    RefusePayout,
    RecordRecall,
    FindReversal,
    ResumePayout,
    FreezePayout,
    ReleasePayout,
)
