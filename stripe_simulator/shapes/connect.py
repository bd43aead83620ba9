"""Transfers, payouts, account links and balance transactions; they are alike in all shapes."""

from typing import TYPE_CHECKING, Any

from stripe_simulator.platform.model import AccountLink, Entry, Payout, Transfer, TransferReversal
from stripe_simulator.shapes.people import entry_of, livemode

if TYPE_CHECKING:
    from stripe_simulator.world import World


def transfer(world: "World", sent: Transfer) -> dict[str, Any]:
    made = [transfer_reversal(world.get(TransferReversal, each)) for each in reversed(sent.reversals)]
    url = f"/v1/transfers/{sent.id}/reversals"
    return {
        "id": sent.id,
        "object": "transfer",
        "amount": sent.amount,
        "amount_reversed": sent.reversed,
        "balance_transaction": entry_of(sent.id),
        "created": sent.created,
        "currency": sent.currency,
        "description": sent.description,
        "destination": sent.destination,
        "destination_payment": f"py_{sent.id[3:]}",
        "livemode": livemode(world, sent.account),
        "metadata": dict(sent.metadata),
        "reversals": {
            "object": "list", "data": made, "has_more": False, "total_count": len(made), "url": url
        },
        "reversed": sent.reversed == sent.amount,
        "source_transaction": None,
        "source_type": "card",
        "transfer_group": sent.transfer_group,
    }  # fmt: skip


def transfer_reversal(made: TransferReversal) -> dict[str, Any]:
    return {
        "id": made.id,
        "object": "transfer_reversal",
        "amount": made.amount,
        "balance_transaction": entry_of(made.id),
        "created": made.created,
        "currency": made.currency,
        "destination_payment_refund": f"pyr_{made.id[4:]}",
        "metadata": dict(made.metadata),
        "source_refund": None,
        "transfer": made.transfer,
    }


def payout(world: "World", made: Payout) -> dict[str, Any]:
    return {
        "id": made.id,
        "object": "payout",
        "amount": made.amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": made.arrival,
        "automatic": made.automatic,
        "balance_transaction": entry_of(made.id),
        "created": made.created,
        "currency": made.currency,
        "description": "STRIPE PAYOUT" if made.automatic else None,
        "destination": f"ba_{made.account[5:]}",
        "failure_balance_transaction": entry_of(f"{made.id}f") if made.failure_code else None,
        "failure_code": made.failure_code,
        "failure_message": "The bank account has been closed." if made.failure_code else None,
        "livemode": livemode(world, made.account),
        "metadata": dict(made.metadata),
        "method": "standard",
        "original_payout": None,
        "reconciliation_status": "completed" if made.automatic else "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": made.status,
        "trace_id": None,
        "type": "bank_account",
    }


def account_link(world: "World", link: AccountLink) -> dict[str, Any]:
    return {
        "object": "account_link",
        "created": link.created,
        "expires_at": link.expires_at,
        "url": f"{world.pages}/_pages/onboarding/{link.id}",
    }


def balance_transaction(world: "World", entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "object": "balance_transaction",
        "amount": entry.amount,
        "available_on": entry.available_on,
        "balance_type": "payments",
        "created": entry.created,
        "currency": entry.currency,
        "description": None,
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": entry.amount,
        "reporting_category": entry.type,
        "source": entry.source,
        "status": "available" if entry.available_on <= world.now else "pending",
        "type": entry.type,
    }
