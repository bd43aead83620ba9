"""People of a tenant for the tests of every context but identity's own, and how a context hears of things."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from identity.inbound import handler as identity_hears
from identity.tenant.events import Settings
from identity.user.commands import PromoteToLeader
from identity.user.decider import USER
from identity.user.events import Business
from support.dynamodb import stored_events
from support.identity.tenant import Tenant
from support.spec import ANN, TENANT
from support.stream_events import batch, failed
from troupe.clock import now
from troupe.edge.request import scope_of
from troupe.security.credential import CREDENTIAL, SetRoles
from troupe.security.roles import BUILT_IN
from troupe.store import keys, writes
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.scope import Scope
from troupe.store.transact import execute

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

type Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


def hears(*handlers: Handler) -> None:
    """Deliver every event that the table has to a context's queue, once more; no message may fail."""
    envelopes = stored_events()
    for handler in handlers:
        for begin in range(0, len(envelopes), 10):
            assert failed(handler(batch(*envelopes[begin : begin + 10]), None)) == []


def acting(role: str, principal_id: str, *more: str, **given: Any) -> dict[str, Any]:
    """A request's caller: the permissions of a built-in role, and further ones that are named."""
    kind = role if role in {"supplier", "operator"} else "user"
    return {
        "principal": principal_id,
        "kind": kind,
        "permissions": BUILT_IN[role] | frozenset(more),
        **given,
    }


@dataclass(frozen=True)
class People:
    """Who is there, by identity's own commands; the contexts hear of them when they are told."""

    tenant_id: str = TENANT

    @property
    def tenant(self) -> Tenant:
        return Tenant(self.tenant_id)

    def found(self, **settled: Any) -> None:
        """A tenant in good standing that has settled this for its shop."""
        self.tenant.found()
        self.settle(**settled)

    def settle(self, **settled: Any) -> None:
        settings = asdict(Settings(**settled))
        del settings["custom"]
        values = {"settings": settings, "name": "Acme", "slug": f"acme-{self.tenant_id[-4:]}"}
        names = {"#name": "name"}
        commit(
            [
                writes.update(
                    keys.standing(self.tenant_id),
                    "SET settings = :settings, #name = :name, slug = :slug",
                    values,
                    names=names,
                )
            ]
        )

    def consumer(self, name: str = "Emily") -> str:
        return self.tenant.person(name)

    def leader(self, name: str = "Lea") -> str:
        """A consumer who was promoted to a leader."""
        person_id = self.tenant.person(name)
        scope = scope_of(now=now(), tenant_id=self.tenant_id, actor="setup", correlation_id="setup")
        execute(scope, Ref(decider=USER, id=person_id), PromoteToLeader(business=Business(name=name)))
        execute(scope, Ref(decider=CREDENTIAL, id=person_id), SetRoles(roles=("leader",)))
        return person_id

    def admin(self, name: str = "Ada") -> str:
        return self.tenant.person(name, kind="staff", roles=("admin",))

    def known(self, *handlers: Handler) -> None:
        """Deliver all events of users to identity's read models and to these contexts."""
        hears(identity_hears, *handlers)


@dataclass(frozen=True)
class TenantSetup:
    """One tenant of the table with what happens in it without a request; a context's own says how it hears."""

    tenant_id: str = TENANT

    @property
    def people(self) -> People:
        return People(self.tenant_id)

    def found(self, **settled: Any) -> None:
        self.people.found(**settled)

    def scope(self, at: datetime = NOON, actor: str = ANN) -> Scope:
        return scope_of(now=at, tenant_id=self.tenant_id, actor=actor, correlation_id="setup")

    def consumer(self, name: str = "Emily") -> str:
        """A user that the context knows."""
        return self._heard(self.people.consumer(name))

    def leader(self, name: str = "Lea") -> str:
        return self._heard(self.people.leader(name))

    def admin(self) -> str:
        return self._heard(self.people.admin())

    def hears(self) -> None:
        """Deliver all events so far to the context."""
        self.people.known(self._inbound())

    def _heard(self, person_id: str) -> str:
        """Those who show this person are told of them, and of nothing else."""
        about = [event for event in stored_events() if event.aggregate_id == person_id]
        for handler in self._told():
            assert failed(handler(batch(*about), None)) == []
        return person_id

    def _told(self) -> tuple[Handler, ...]:
        return (self._inbound(),)

    def _inbound(self) -> Handler:
        raise LookupError("a context says how it hears of people")
