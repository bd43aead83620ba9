"""People who can sign in, the ways they come in by, and a clock that can be moved, for the tests of identity."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from support.faulty_client import Faulty
from support.identity.tenant import Call, Tenant
from support.spec import TENANT, Reply
from troupe.clock import now
from troupe.quota import source_limits
from troupe.security import addresses, passwords
from troupe.security.credential import CREDENTIAL, PASSWORD
from troupe.security.secrets import signing_keys
from troupe.security.tokens import LinkPurpose
from troupe.store import keys, writes
from troupe.store import table as tables
from troupe.store.aggregates import Stored
from troupe.store.commit import commit
from troupe.store.transact import load

HERE = "203.0.113.7"  # where the requests of tests come from
RIGHT, WRONG = "correct horse battery", "incorrect horse battery"

_log_in = Call("log_in", "POST /sessions")
_refresh = Call("refresh_token", "POST /sessions/refresh")


@dataclass
class Clock:
    """The edge's clock."""

    instant: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant

    def forward(self, **by: float) -> None:
        self.instant += timedelta(**by)


@dataclass(frozen=True)
class Member:
    id: str
    email: str


def member(tenant: Tenant, status: str = "active", **given) -> Member:
    """A user with a proved address and a password; a pending user has neither yet."""
    person_id = tenant.person(status=status, **given)
    email, tenant_id = tenant.credential(person_id).email, tenant.tenant_id
    if status == "pending":
        commit(addresses.reserved(tenant_id, person_id, email, now()))
        return Member(person_id, email)
    part = keys.part(tenant_id, CREDENTIAL.name, person_id, PASSWORD)
    hashed = writes.put(part, {"hash": passwords.hash(RIGHT)})
    commit([*addresses.proved(tenant_id, person_id, email), hashed])
    return Member(person_id, email)


def log_in(email: str, password: str = RIGHT, **given) -> Reply:
    return _log_in(body={"email": email, "password": password}, principal=None, **given)


def fail(email: str, times: int = 1) -> list[tuple[int, str]]:
    replies = [log_in(email, WRONG) for _ in range(times)]
    return [(reply.status, reply.body["code"]) for reply in replies]


def attempts_from(address: str, person_id: str, tenant_id: str = TENANT) -> keys.Key:
    """The tally of the attempts at a password from an address, on the day of `Clock`."""
    from identity.sign_in import attempts

    return attempts.from_source(tenant_id, person_id, source_limits.digest(address, Clock.instant))


def refresh(token: str, **given) -> Reply:
    return _refresh(body={"refresh_token": token}, principal=None, **given)


def sign_in(person_id: str, tenant_id: str = TENANT):
    from identity.sign_in.decider import SIGN_IN

    return load(tenant_id, SIGN_IN, person_id)


def link(purpose: LinkPurpose, who: Member, at: datetime, tenant_id: str = TENANT) -> str:
    """The token that a mail would carry just now."""
    from identity.verification import links

    change = sign_in(who.id, tenant_id).state.email_change if purpose == "change_email" else None
    known = load(tenant_id, CREDENTIAL, who.id)
    holder = Stored(id=who.id, version=known.version, state=known.state)
    return links.url(links.bound(purpose, tenant_id, holder, at, change), signing_keys()).partition("token=")[
        2
    ]


@contextmanager
def failing(*script: Callable, operation: str = "transact_write_items") -> Iterator[None]:
    """The table's client with these faults, one for each call of that operation."""
    faulty = Faulty(tables.client(), list(script), operation)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "client", lambda: faulty)
        yield
