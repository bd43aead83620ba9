"""The items beside a recovery attempt, written with it by each command that starts, moves or ends it.

The guard that there is one active attempt of an invoice; where the attempts of an invoice and a customer are
found; the ledger of the cards that were charged; the outcome; and the subscription at risk. Every command and
webhook that changes an attempt writes `written(...)`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from recovery.attempt.commands import AttemptCommand, StartRecoveryAttempt
from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.events import AttemptEvent, PaymentAttempted
from recovery.attempt.outcome import RECOVERY_OUTCOME, RecordRecoveryOutcome
from recovery.attempt.retry_schedule import card_charge
from recovery.attempt.state import Attempt
from recovery.case import card_charges
from recovery.policy.ceilings import CardCharge
from recovery.risk import transactions
from troupe.domain.decider import Rejected
from troupe.edge.request import Request
from troupe.store import aggregates, keys, reads, writes
from troupe.store.aggregates import Change, Ref
from troupe.store.keys import Key
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot
from troupe.store.writes import Action

type AttemptRef = Ref[Attempt, StartRecoveryAttempt | AttemptCommand, AttemptEvent]
type AttemptChange = Change[Attempt, StartRecoveryAttempt | AttemptCommand, AttemptEvent]

ACTIVE = Rejected("recovery_attempt_active", "The invoice is being recovered already.")


def ref(attempt_id: str, *, creates: bool = False) -> AttemptRef:
    return Ref(decider=RECOVERY_ATTEMPT, id=attempt_id, creates=creates)


def guard(tenant_id: str, account: str, invoice: str) -> Key:
    """Held by the one active attempt of an invoice (`recovery_attempt_id`); Stripe's ids."""
    return keys.unique("recovery_attempt", f"{account}:{invoice}", tenant_id)


def latest(tenant_id: str, account: str, invoice: str) -> Key:
    """The attempt of an invoice that was the last to start (`recovery_attempt_id`), ended or not."""
    return Key(keys.view(tenant_id, "invoice_attempt", account, invoice), "LATEST")


def of_customer(tenant_id: str, account: str, customer: str) -> list[str]:
    """The attempts of a customer that are active."""
    items = reads.between(_customers(tenant_id, account, customer), "ATTEMPT#", "ATTEMPT#~")
    return [item["SK"].removeprefix("ATTEMPT#") for item in items]


def _customers(tenant_id: str, account: str, customer: str) -> str:
    return keys.view(tenant_id, "customer_attempts", account, customer)


def decided(at: Snapshot, attempt: AttemptRef, commands: Sequence[AttemptCommand]) -> AttemptChange:
    """Several commands on one attempt, each on what the one before made of it."""
    before = at.find(attempt)
    if not attempt.creates:
        at.of(attempt)
    state = before.state
    events: tuple[AttemptEvent, ...] = ()
    for command in commands:
        more = RECOVERY_ATTEMPT.answer(command, state, at.scope.context)
        state, events = RECOVERY_ATTEMPT.fold(more, state), (*events, *more)
    return aggregates.change(attempt, before, events)


def written(at: Snapshot, change: AttemptChange) -> Decision:
    """The change with all that goes with it. Where it starts or ends, the subscription is looked at too."""
    tenant_id, state = at.scope.tenant_id, change.after.state
    if not isinstance(state, Attempt) or not change.events:
        return Decision(changes=(change,))
    started, ended = not change.before.version, _ended(change)
    changes: list[Change[Any, Any, Any]] = [change]
    actions = [*_charges(tenant_id, change, state), *_unreserved(tenant_id, change)]
    if started:
        actions += _opened(tenant_id, change.ref.id, state, active=state.pending)
    if ended:
        outcome = Ref(decider=RECOVERY_OUTCOME, id=change.ref.id, creates=True)
        changes.append(
            at.decide(outcome, RecordRecoveryOutcome(recovery_attempt_id=outcome.id, attempt=state))
        )
        actions += () if started else _closed(tenant_id, change.ref.id, state)
    if started or ended:
        changes += transactions.linked(at, change.ref.id, state, started=started)
    return Decision(changes=tuple(changes), actions=tuple(actions))


def carry_out(request: Request[Any], command: AttemptCommand) -> Answer:
    """One command on the attempt that the path names, with all that goes with it."""
    attempt = ref(request.id("recovery_attempt_id"))
    return request.transact((attempt,), lambda at: written(at, decided(at, attempt, (command,))))


def _ended(change: AttemptChange) -> bool:
    was, now = change.before.state, change.after.state
    active = not isinstance(was, Attempt) or was.pending
    return active and isinstance(now, Attempt) and not now.pending


def _opened(tenant_id: str, attempt_id: str, state: Attempt, *, active: bool) -> tuple[Action, ...]:
    """An attempt that starts and ends in one transaction only checks that the guard is free."""
    account, invoice, customer = state.stripe_account_id, state.stripe_invoice_id, state.stripe_customer_id
    owner = {"recovery_attempt_id": attempt_id}
    found = writes.put(latest(tenant_id, account, invoice), owner)
    held = guard(tenant_id, account, invoice)
    if not active:
        return (writes.check(held, writes.ABSENT, {}, refused=ACTIVE), found)
    customers = Key(_customers(tenant_id, account, customer), f"ATTEMPT#{attempt_id}")
    return (writes.claim(held, owner, ACTIVE), found, writes.put(customers, {"invoice_id": invoice}))


def _closed(tenant_id: str, attempt_id: str, state: Attempt) -> tuple[Action, ...]:
    account, invoice, customer = state.stripe_account_id, state.stripe_invoice_id, state.stripe_customer_id
    customers = Key(_customers(tenant_id, account, customer), f"ATTEMPT#{attempt_id}")
    gone = Action(kind="Delete", parameters={"Key": {"PK": {"S": customers.pk}, "SK": {"S": customers.sk}}})
    return (writes.release(guard(tenant_id, account, invoice), recovery_attempt_id=attempt_id), gone)


def _charges(tenant_id: str, change: AttemptChange, state: Attempt) -> Iterator[Action]:
    """The ledgers of the cards that were charged; each ledger is moved once."""
    made = dict[str, dict[str, CardCharge]]()
    for event in change.events:
        if isinstance(event, PaymentAttempted) and event.charge.fingerprint:
            classified = event.classification
            never = classified.rule if classified and classified.never else None
            charge = card_charge(event.charge, state, never_rule=never)
            made.setdefault(event.charge.fingerprint, {})[charge.charge_id] = charge
    for fingerprint, charges in made.items():
        yield from card_charges.recorded(tenant_id, fingerprint, charges.values())


def _unreserved(tenant_id: str, change: AttemptChange) -> tuple[Action, ...]:
    """Releases all that was reserved for a retry when its claim is over, with any result."""
    was, now = change.before.state, change.after.state
    retry = was.retry if isinstance(was, Attempt) else None
    if retry is None or not retry.fingerprint or not retry.claimed_until:
        return ()
    after = now.retry if isinstance(now, Attempt) else None
    if (
        after
        and after.claimed_until
        and (after.number, after.fingerprint) == (retry.number, retry.fingerprint)
    ):
        return ()
    reservation = card_charges.reservation(change.ref.id, retry.number)
    return card_charges.given_back(tenant_id, retry.fingerprint, reservation)
