"""What moves money between balances and banks; as `stripe_simulator.model`."""

from dataclasses import dataclass, field
from typing import Literal

type RefundStatus = Literal["pending", "succeeded", "failed", "canceled"]
type PayoutStatus = Literal["pending", "in_transit", "paid", "failed", "canceled"]


@dataclass(slots=True, kw_only=True)
class Transfer:
    """From the platform's balance to the `destination`'s."""

    id: str
    account: str
    destination: str
    amount: int
    currency: str
    created: int
    transfer_group: str | None
    metadata: dict[str, str]
    description: str | None = None
    reversed: int = 0
    reversals: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class TransferReversal:
    id: str
    account: str
    transfer: str
    amount: int
    currency: str
    created: int
    metadata: dict[str, str]


@dataclass(slots=True, kw_only=True)
class Payout:
    """From an account's balance to its bank."""

    id: str
    account: str
    amount: int
    currency: str
    created: int
    arrival: int
    metadata: dict[str, str]
    automatic: bool = False
    status: PayoutStatus = "pending"
    failure_code: str | None = None


@dataclass(slots=True, kw_only=True)
class AccountLink:
    """A page for onboarding: good once, for some minutes."""

    id: str
    account: str
    of: str
    created: int
    expires_at: int
    refresh_url: str
    return_url: str
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A balance transaction: what one object did to an account's balance."""

    id: str
    account: str
    source: str
    type: str
    amount: int
    currency: str
    created: int
    available_on: int


@dataclass(slots=True, kw_only=True)
class Refund:
    id: str
    account: str
    charge: str
    intent: str
    amount: int
    currency: str
    created: int
    reason: str | None
    metadata: dict[str, str] = field(default_factory=dict)
    status: RefundStatus = "succeeded"
    failure_reason: str | None = None


@dataclass(slots=True, kw_only=True)
class Dispute:
    id: str
    account: str
    charge: str
    intent: str
    amount: int
    currency: str
    created: int
    reason: str
    status: str = "needs_response"
    evidence: bool = False

    @property
    def inquiry(self) -> bool:
        """The bank asks, and has taken no money."""
        return self.status.startswith("warning_")
