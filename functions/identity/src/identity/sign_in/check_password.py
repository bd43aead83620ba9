"""The proof of a password: an attempt is spent, the hash compared, and a failure noted."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from identity.sign_in import attempts
from identity.sign_in.accounts import account, credential_of, hash_of, insist, sign_in_of, tell
from identity.sign_in.decider import LIMIT, FailLogIn
from troupe.domain.decider import Invalid, Rejected
from troupe.edge.principal import Forbidden
from troupe.edge.request import Request
from troupe.observability import logger
from troupe.security import passwords
from troupe.store import reads
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.table import Unavailable
from troupe.store.transact import Contended, Decision, Snapshot


class WrongPassword(Invalid):
    """Of somebody who is signed in; `field` is where it was sent."""

    def __init__(self, field: str) -> None:
        super().__init__("wrong_password", "That is not the password.", field)


def prove(request: Request[Any], principal_id: str, password: str) -> Snapshot | None:
    """What was read, with the attempt as it was spent, when the password is right; else the failure is noted.

    Raises `attempts.Locked`, without a look at the password.
    """
    tenant_id, now = request.tenant_id, request.now
    wanted = account(tenant_id, principal_id)
    found = reads.batch([each.key(tenant_id) if isinstance(each, Ref) else each for each in wanted])
    at = Snapshot(scope=request.scope, items=found)
    sign_in = at.find(sign_in_of(principal_id)).state
    if sign_in and sign_in.locked(now):
        raise attempts.Locked
    tally = attempts.key(tenant_id, principal_id)
    spent = attempts.spend(tally, at.item(tally), now)
    at = replace(at, items={**found, tally: spent})
    known = credential_of(at, principal_id)
    held = at.item(hash_of(tenant_id, principal_id)) if known else None
    if passwords.matches(password, held["hash"] if held else None):
        return at
    _note(request, principal_id, at)
    return None


@contextmanager
def forgiven(request: Request[Any], principal_id: str) -> Generator[None]:
    """Forget the attempts when what follows a right password is refused: nobody was guessing."""
    try:
        yield
    except attempts.Locked:
        raise
    except (Rejected, Forbidden):
        lift = attempts.lift(attempts.key(request.tenant_id, principal_id), request.now)
        commit([lift])
        raise


def _note(request: Request[Any], principal_id: str, seen: Snapshot) -> None:
    """After the refusal, in a transaction of its own. A lost note unlocks nothing: the tally locks."""
    wanted = account(request.tenant_id, principal_id)
    spent = seen.items[attempts.key(request.tenant_id, principal_id)]
    try:
        insist(request.scope, wanted, lambda at: _failed(request, principal_id, at, spent), seen)
    except (Contended, Unavailable):
        logger.warning("failure_not_noted", extra={"tenant_id": request.tenant_id})


def _failed(request: Request[Any], principal_id: str, at: Snapshot, spent: attempts.Tally) -> Decision:
    """The attempt counts for what it was, or less if the attempts were forgotten since."""
    key = attempts.key(request.tenant_id, principal_id)
    tally = at.item(key) or spent
    attempt = max(1, min(spent["attempts"], tally["attempts"]))
    hold = (attempts.hold(key, tally, request.now),) if attempt >= LIMIT else ()
    if credential_of(at, principal_id) is None:
        return Decision(changes=(), actions=hold or (attempts.touch(key, request.now),))
    failed = FailLogIn(source_address=request.source_address, attempt=attempt)
    return Decision(changes=(tell(at, principal_id, failed),), actions=hold)
