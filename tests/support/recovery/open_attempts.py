"""Recovery attempts in the table, for the tests of the commands that change them."""

from datetime import timedelta
from typing import Any

from recovery.attempt.state import Attempt
from recovery.case import transactions
from support.recovery import attempt_histories
from support.recovery.attempt_histories import CUSTOMER, INVOICE, PLANNING, failed, starting
from support.recovery.tenant import NOON, RecoveryTenant
from troupe.ids import new_id
from troupe.store.aggregates import Stored
from troupe.store.transact import load, transact

BEGAN = NOON - timedelta(hours=2)


def open_case(tenant: RecoveryTenant, workspace_id: str, *commands: Any, **given: Any) -> str:
    """An attempt that a failed charge began two hours ago, and what was asked of it since."""
    attempt = transactions.ref(given.pop("id", None) or new_id(), creates=True)
    customer = given.pop("customer", CUSTOMER)
    first = given.pop("first", failed(when=BEGAN, planning=PLANNING))
    terms = {"window_ends_at": BEGAN + timedelta(days=28), **given.pop("terms", {})}
    begin = starting(
        **{
            "workspace_id": workspace_id,
            "stripe_customer_id": customer,
            "stripe_invoice_id": given.pop("invoice", INVOICE),
            "started_at": BEGAN,
            "terms": terms,
            **given,
        }
    )
    asked = [begin, *([first] if first else []), *commands]
    transact(
        tenant.scope(),
        (attempt,),
        lambda at: transactions.written(at, transactions.decided(at, attempt, asked)),
    )
    return attempt.id


def ask(tenant: RecoveryTenant, attempt_id: str, *commands: Any, at: Any = NOON) -> Attempt:
    """What is asked of an attempt, with all that goes with it."""
    attempt = transactions.ref(attempt_id)
    done = transact(
        tenant.scope(at),
        (attempt,),
        lambda seen: transactions.written(seen, transactions.decided(seen, attempt, commands)),
    )
    return done.first.state


def stored(attempt_id: str, tenant_id: str = attempt_histories.TENANT) -> Stored[Any]:
    return load(tenant_id, transactions.RECOVERY_ATTEMPT, attempt_id)
