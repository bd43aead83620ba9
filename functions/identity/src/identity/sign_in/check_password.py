"""The proof of a password: an attempt is spent, the hash compared, and a failure noted."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from identity.sign_in import attempts, source_addresses
from identity.sign_in.accounts import (
    account_keys,
    attempts_of,
    credential_of,
    decide_sign_in,
    hash_of,
    sign_in_of,
    transact_persistently,
)
from identity.sign_in.decider import LIMIT, FailLogIn
from troupe.domain.decider import Invalid, Rejected
from troupe.edge.principal import Forbidden
from troupe.edge.request import Request
from troupe.observability import logger
from troupe.security import passwords
from troupe.store import reads
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.keys import Key
from troupe.store.table import Unavailable
from troupe.store.transact import Contended, Decision, Snapshot


class WrongPassword(Invalid):
    """Check the password of a principal who is signed in; `field` is where it was sent."""

    def __init__(self, field: str) -> None:
        super().__init__("wrong_password", "That is not the password.", field)


def check(request: Request[Any], principal_id: str, password: str, *more: Key) -> Snapshot | None:
    """What was read, with the attempt as it was spent, when the password is right; else the failure is noted.

    `more`: what is read along with the account. Raises `attempts.Locked`, without a look at the password.
    """
    tenant_id, now = request.tenant_id, request.now
    wanted = (*account_keys(request, principal_id), *more)
    found = reads.batch([each.key(tenant_id) if isinstance(each, Ref) else each for each in wanted])
    at = Snapshot(scope=request.scope, items=found)
    tally, total = attempts_of(request, principal_id), at.item(attempts.account(tenant_id, principal_id))
    if attempts.locked_for_all(total, now) and not _last_came_from(request, principal_id, at):
        raise attempts.Locked
    spent = attempts.spend(tally, at.item(tally), total, now)
    at = replace(at, items={**found, tally: spent})
    known = credential_of(at, principal_id)
    held = at.item(hash_of(tenant_id, principal_id)) if known else None
    if passwords.matches(password, held["hash"] if held else None):
        return at
    _note(request, principal_id, at)
    return None


def _last_came_from(request: Request[Any], principal_id: str, at: Snapshot) -> bool:
    """Whether the last sign-in came from where the request does, as far as the month's key tells."""
    sign_in, source = (
        at.find(sign_in_of(principal_id)).state,
        source_addresses.pseudonym(at, request.source_address)[0],
    )
    return sign_in is not None and sign_in.last_login_address == source


@contextmanager
def forgiven(request: Request[Any], principal_id: str) -> Generator[None]:
    """Forget the attempts when the password was right and a later check refuses the request."""
    try:
        yield
    except attempts.Locked:
        raise
    except (Rejected, Forbidden):
        commit([attempts.forget(attempts_of(request, principal_id), request.now)])
        raise


def _note(request: Request[Any], principal_id: str, seen: Snapshot) -> None:
    """After the refusal, in a transaction of its own. A lost note unlocks nothing: the tally locks."""
    wanted = account_keys(request, principal_id)
    spent = seen.items[attempts_of(request, principal_id)]
    try:
        transact_persistently(
            request.scope, wanted, lambda at: _failed(request, principal_id, at, spent), seen
        )
    except (Contended, Unavailable):
        logger.warning("failure_not_noted", extra={"tenant_id": request.tenant_id})


def _failed(request: Request[Any], principal_id: str, at: Snapshot, spent: attempts.Tally) -> Decision:
    """The attempt counts for what it was, or less if the attempts were forgotten since."""
    now, key = request.now, attempts_of(request, principal_id)
    account = attempts.account(request.tenant_id, principal_id)
    tally, total = at.item(key) or spent, at.item(account)
    attempt = 1 if attempts.forgotten(tally, total) else max(1, min(spent["attempts"], tally["attempts"]))
    hold = (attempts.start_lock(key, tally, now),) if attempt >= LIMIT else ()
    counted = (*hold, attempts.failed(account, total, now))
    if credential_of(at, principal_id) is None:
        return Decision(changes=(), actions=counted)
    source, made = source_addresses.pseudonym(at, request.source_address)
    failed = FailLogIn(source_address=source, attempt=attempt, of_all=attempts.failures(total, now) + 1)
    return Decision(changes=(decide_sign_in(at, principal_id, failed),), actions=(*counted, *made))
