"""What stands beside a connected Stripe account: the guard by which the whole system knows whose it is.

The guard is under `@`, where a tenant may write and not read: its conditions say who may have the account.
A webhook finds its tenant by it. It stays when the account is disconnected, so that no other tenant takes an
account that Stripe still connects to us; a new owner may, once it is free.

How an account is disconnected, in an order that bears a stop at any point:

1. The event, and with it the end of every charge and mail, is written.
2. Stripe is told. If that fails the caller gets 503, and the same request, made again, goes on from here.
3. The guard is set free. If Stripe was told and this is lost, the request made again finds that Stripe knows
   of no connection; and Stripe's own `account.application.deauthorized` does the same (`deauthorized`).

So twice is once, and half is finished by the second. If it is never made again, nothing is done in the
account's name anyway; only no other tenant can connect it until Stripe has ended the connection.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from recovery.stripe_account.decider import (
    STRIPE_ACCOUNT,
    Command,
    Event,
    NoteDeauthorization,
    ReleaseStripeAccount,
    StripeAccount,
    StripeAccountConnected,
    StripeAccountReconnected,
    StripeAccountReleased,
)
from troupe.domain.decider import Rejected
from troupe.store import aggregates, keys, writes
from troupe.store.aggregates import Change, Ref
from troupe.store.attributes import pack
from troupe.store.keys import Key
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, transact
from troupe.store.writes import Action

TAKEN = Rejected(
    "stripe_account_taken", "The account is connected to another workspace; disconnect it there."
)


def ref(account_id: str, *, creates: bool = False) -> Ref[StripeAccount, Command, Event]:
    return Ref(decider=STRIPE_ACCOUNT, id=account_id, creates=creates)


def guard(stripe_account_id: str) -> Key:
    return keys.unique("stripe_account", stripe_account_id)


def guard_actions(change: Change[StripeAccount, Any, Event], tenant_id: str) -> tuple[Action, ...]:
    """What a change makes of the guard: taken, set free, or as it was."""
    match change.events:
        case (*_, StripeAccountConnected() | StripeAccountReconnected() as connected):
            return (_taken(connected, change.ref.id, tenant_id),)
        case (*_, StripeAccountReleased(stripe_account_id=account)):
            return (_freed(account, change.ref.id),)
        case _:
            return ()


def _taken(
    account: StripeAccountConnected | StripeAccountReconnected, account_id: str, tenant_id: str
) -> Action:
    """Claim the account if it is free or already the tenant's: one write releases and claims."""
    key = guard(account.stripe_account_id)
    item = {
        "PK": key.pk,
        "SK": key.sk,
        "tenant_id": tenant_id,
        "workspace_id": account.workspace_id,
        "stripe_account_id": account_id,
        "livemode": account.livemode,
    }
    condition = "attribute_not_exists(PK) OR given_up = :yes OR stripe_account_id = :ours"
    values = pack({":yes": True, ":ours": account_id})
    parameters = {
        "Item": pack(item),
        "ConditionExpression": condition,
        "ExpressionAttributeValues": values,
    }
    return Action(kind="Put", parameters=parameters, refused=TAKEN)


def _freed(stripe_account_id: str, account_id: str) -> Action:
    return writes.update(
        guard(stripe_account_id),
        "SET given_up = :yes",
        {"yes": True, "ours": account_id},
        condition="stripe_account_id = :ours",
    )


def deauthorized(scope: Scope, account_id: str, at: datetime) -> Decision:
    """Stripe says that the connection was ended at `at`; `account_id` is ours, as the guard has it."""
    account = ref(account_id)

    def decide(found: Snapshot) -> Decision:
        change = found.decide(account, NoteDeauthorization(at=at))
        return Decision(changes=(change,), actions=guard_actions(change, scope.tenant_id))

    return transact(scope, (account,), decide)


def released(scope: Scope, ended: Decision) -> Decision:
    """Stripe has ended the connection as it was told to: set free what was just written."""
    stored, account = ended.first, ref(ended.first.id)
    item = aggregates.state_item(account.decider, scope.context, stored)
    seen = Snapshot(scope=scope, items={account.key(scope.tenant_id): item})

    def decide(at: Snapshot) -> Decision:
        release = ReleaseStripeAccount(disconnected_at=stored.state.disconnected_at)
        change = at.decide(account, release)
        return Decision(changes=(change,), actions=guard_actions(change, scope.tenant_id))

    return transact(replace(scope, if_match=None), (account,), decide, seen)
