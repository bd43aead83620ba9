"""A tenant with people in it, for the tests of identity; and the manners that every command has."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3

from identity.role import transactions
from identity.role.decider import ROLE, CreateRole
from identity.user import owners
from identity.user.commands import CreateUser, DeleteUser, SuspendUser, VerifyUser
from identity.user.decider import USER, User
from identity.user.events import Kind, Profile
from support import handlers
from support.spec import ANN, OTHER, TENANT, Reply
from troupe.clock import now
from troupe.edge.request import scope_of
from troupe.ids import new_id
from troupe.quota import quota
from troupe.security.credential import CREDENTIAL, Credential, MoveCredential, OpenCredential
from troupe.security.roles import BUILT_IN, NAMES, OPERATORS_ALONE, SELF
from troupe.store import keys, reads, table, writes
from troupe.store.aggregates import Ref, Stored
from troupe.store.attributes import unpack
from troupe.store.commit import commit
from troupe.store.envelope import Envelope
from troupe.store.transact import Decision, execute, load, transact

ALL = NAMES - OPERATORS_ALONE
SIGNS_IN = {"pending": "pending", "active": "active", "suspended": "suspended", "deleted": "closed"}
STEPS = {
    "pending": (),
    "active": (VerifyUser(),),
    "suspended": (VerifyUser(), SuspendUser(reason="spam")),
    "deleted": (VerifyUser(), DeleteUser()),
}
SEATS = 10


@dataclass(frozen=True)
class Town:
    """One tenant of the table, and what happens in it without a request."""

    tenant_id: str = TENANT

    def found(self) -> None:
        standing = {"status": "active", "open_sign_up": True, "plan": "free", "zone": "UTC", "roles": {}}
        commit(
            [
                writes.put(keys.standing(self.tenant_id), standing),
                quota.opened(self.tenant_id, "users", SEATS),
                owners.opened(self.tenant_id),
            ]
        )
        commit([writes.update(owners.tally(self.tenant_id), "SET owners = :none", {"none": 0})])

    def _scope(self):
        return scope_of(now=now(), tenant_id=self.tenant_id, actor="setup", correlation_id="setup")

    def person(
        self,
        name: str = "Ann",
        status: str = "active",
        *,
        kind: Kind = "consumer",
        roles: tuple[str, ...] = (),
    ) -> str:
        """Somebody who has come this far in life, with a credential and a seat."""
        person_id = new_id()
        user = Ref(decider=USER, id=person_id, creates=True)
        signs_in = Ref(decider=CREDENTIAL, id=person_id, creates=True)
        email, held = f"{person_id}@example.com", (kind, *roles)
        come = CreateUser(kind=kind, email=email, profile=Profile(display_name=name), roles=held)
        opened = OpenCredential(kind="user", email=email, status="pending", roles=held)
        counted = "owner" in roles and status in {"pending", "active"}
        beside = (
            *((owners.add(self.tenant_id),) if counted else ()),
            *(() if status == "deleted" else (quota.take(self.tenant_id, "users"),)),
            *(
                writes.update(transactions.holders(self.tenant_id, role), "ADD holders :one", {"one": 1})
                for role in roles
                if role not in BUILT_IN
            ),
        )
        transact(
            self._scope(),
            (),
            lambda at: Decision(changes=(at.decide(user, come), at.decide(signs_in, opened)), actions=beside),
        )
        for step in STEPS[status]:
            self._move(Ref(decider=USER, id=person_id), step)
        for standing in dict.fromkeys(("active", SIGNS_IN[status])) if status != "pending" else ():
            self._move(Ref(decider=CREDENTIAL, id=person_id), MoveCredential(status=standing))
        return person_id

    def _move(self, ref: Ref, step: object) -> None:
        execute(self._scope(), ref, step)

    def role(self, name: str = "Editors", *permissions: str) -> str:
        ref = Ref(decider=ROLE, id=new_id(), creates=True)
        create = CreateRole(name=name, description=None, permissions=permissions or ("user:read",))
        beside = (
            transactions.claim(self.tenant_id, name, ref.id),
            transactions.opened(self.tenant_id, ref.id),
            transactions.published(self.tenant_id, ref.id, sorted(permissions or ("user:read",))),
        )
        transact(self._scope(), (), lambda at: Decision(changes=(at.decide(ref, create),), actions=beside))
        return ref.id

    def organization(self, name: str = "Acme") -> str:
        organization_id = new_id()
        commit(
            [
                writes.put(
                    keys.state(self.tenant_id, "organization", organization_id), {"version": 1, "state": name}
                )
            ]
        )
        return organization_id

    def user(self, person_id: str) -> Stored[User]:
        return load(self.tenant_id, USER, person_id)

    def credential(self, person_id: str) -> Credential:
        return load(self.tenant_id, CREDENTIAL, person_id).state

    def owners(self) -> int:
        return reads.one(owners.tally(self.tenant_id))["owners"]

    def seats(self) -> int:
        return reads.one(quota.tally(self.tenant_id, "users"))["used"]

    def holders(self, role_id: str) -> int:
        return reads.one(transactions.holders(self.tenant_id, role_id))["holders"]

    def granted(self) -> dict[str, list[str]]:
        return reads.one(keys.standing(self.tenant_id))["roles"]


def items() -> list[dict]:
    """All that the table holds."""
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName="t", ConsistentRead=True)
    return [unpack(item) for page in pages for item in page["Items"]]


def happened(*types: str) -> list[Envelope]:
    """The events in the table, of these types or all, in the order of their ids."""
    found = [
        Envelope.of({**item, "data": json.loads(item["data"])})
        for item in items()
        if item["SK"].startswith(keys.EVENT)
    ]
    return sorted((each for each in found if not types or each.type in types), key=lambda each: each.id)


@contextmanager
def round_trips() -> Iterator[list[str]]:
    """The calls to DynamoDB that are made inside."""
    made: list[str] = []

    def note(model, **_):
        made.append(model.name)

    events = table.client().meta.events
    events.register("before-call.dynamodb", note)
    try:
        yield made
    finally:
        events.unregister("before-call.dynamodb", note)


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Let something else happen between the next command's read and its write."""
    events = table.client().meta.events
    event = "before-call.dynamodb.TransactWriteItems"

    def strike(**_):
        events.unregister(event, strike)
        act()

    events.register(event, strike)
    yield


class Call(handlers.Call):
    context = "identity"


@dataclass(frozen=True)
class Manners:
    """What is asked of every command that changes something which is there.

    Each step must leave no trace but the last, which must take effect once.
    """

    call: Call
    path: dict[str, str] = field(default_factory=dict)
    permission: str | None = None
    given: dict = field(default_factory=dict)
    stale: bool = True  # whether there is a version to be stale

    def check(self) -> Reply:
        before = items()
        self._answers({"principal": None}, 401, "no_principal")
        self._answers({"tenant_id": OTHER}, 404, "not_found")
        if self.permission and self.permission != SELF:
            lacking = {"permissions": ALL - {self.permission}}
            self._answers(lacking, 403, "permission_required")
        self._answers({"standing": "suspended"}, 403, "tenant_suspended")
        if self.stale:
            self._answers({"headers": {"if-match": '"99"'}}, 412, "stale_version")
        for wrong, status, code in (('{"x":', 400, "malformed_json"), ({"x": 1}, 422, "invalid_request")):
            self._answers({"body": wrong}, status, code)
        assert items() == before
        return self.once()

    def _answers(self, how: dict, status: int, code: str) -> None:
        reply = self.call(self.path, **self.given | how)
        assert (reply.status, reply.body["code"]) == (status, code)

    def once(self) -> Reply:
        keyed = {"headers": {"idempotency-key": "k1"}}
        with round_trips() as made:
            first = self.call(self.path, **self.given | keyed)
        assert first.status in {200, 201}, first.body
        assert made in (["BatchGetItem", "TransactWriteItems"], ["TransactWriteItems"])
        after = items()
        again = self.call(self.path, **self.given | keyed)
        assert (again.status, again.body) == (first.status, first.body)
        assert again.headers["idempotent-replayed"] == "true"
        assert items() == after
        return first


def by(principal: str = ANN, *roles: str) -> dict[str, Any]:
    """A request by somebody with these built-in roles."""
    return {"principal": principal, "permissions": frozenset().union(*(BUILT_IN[role] for role in roles))}
