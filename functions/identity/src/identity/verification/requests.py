"""Asking for a mail by an address: answered alike, and as fast, whether there is anyone to send it to."""

from datetime import datetime, timedelta

from pydantic import BaseModel

from identity.sign_in.accounts import credential_of, credential_ref, decide_sign_in, sign_in_of
from identity.sign_in.by_email import AccountLookup, look_up, within
from identity.sign_in.decider import PATIENCE, RequestPasswordReset, RequestVerification
from troupe.edge import fields
from troupe.edge.request import Request
from troupe.quota import source_limits
from troupe.security.credential import Status
from troupe.store import keys, writes
from troupe.store.keys import Key
from troupe.store.scope import Answer
from troupe.store.table import confined
from troupe.store.transact import Decision, Snapshot, transact

KEPT = timedelta(hours=1)


class Body(fields.Body):
    email: fields.Email


class Accepted(BaseModel, frozen=True):
    """A mail is sent if the address has an account."""

    status: str


type Ask = RequestPasswordReset | RequestVerification


def accepted(request: Request[Body], ask: Ask, statuses: frozenset[Status]) -> Answer:
    """Note the request where a principal of one of these statuses has the address."""
    source_limits.spend(source_limits.MAILS, request.source_address, request.now)
    who = look_up(request.body.email, request.now)
    inside = within(request, who.tenant_id)
    asked = keys.counter(who.tenant_id, "mail_asked", who.principal_id, type(ask).__name__.upper())
    wanted = (sign_in_of(who.principal_id), credential_ref(who.principal_id), asked)
    with confined(who.tenant_id):
        transact(inside.scope, wanted, lambda at: _noted(at, who, ask, statuses, asked))
    return Answer(status=200, body={"status": "accepted"})


def _noted(at: Snapshot, who: AccountLookup, ask: Ask, statuses: frozenset[Status], asked: Key) -> Decision:
    """For an unknown address the request writes an item instead of an event, so that both take as long."""
    known = credential_of(at, who.principal_id)
    if known is not None and known.state.status in statuses:
        return Decision(changes=(decide_sign_in(at, who.principal_id, ask),))
    now = at.scope.context.now
    if _lately(at, asked, now):
        return Decision(changes=())
    mark = {"asked_at": int(now.timestamp()), "expires_at": int((now + KEPT).timestamp())}
    return Decision(changes=(), actions=(writes.put(asked, mark),))


def _lately(at: Snapshot, asked: Key, now: datetime) -> bool:
    mark = at.item(asked)
    return mark is not None and now.timestamp() - mark["asked_at"] < PATIENCE.total_seconds()
