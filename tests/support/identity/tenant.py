"""A tenant with people in it, for the tests of identity; and its commands."""

from dataclasses import dataclass

from identity.role import transactions
from identity.role.decider import ROLE, CreateRole
from identity.user import owners
from identity.user.commands import CreateUser, DeleteUser, SuspendUser, VerifyUser
from identity.user.decider import USER, User
from identity.user.events import Kind, Profile
from support import handlers
from support.spec import TENANT
from troupe.clock import now
from troupe.edge.request import scope_of
from troupe.ids import new_id
from troupe.quota import quota
from troupe.security.credential import CREDENTIAL, Credential, MoveCredential, OpenCredential
from troupe.security.roles import BUILT_IN
from troupe.store import copies, keys, reads, tenant_status, writes
from troupe.store.aggregates import Ref, Stored
from troupe.store.commit import commit
from troupe.store.transact import Decision, execute, load, transact

SIGNS_IN = {"pending": "pending", "active": "active", "suspended": "suspended", "deleted": "closed"}
STEPS = {
    "pending": (),
    "active": (VerifyUser(),),
    "suspended": (VerifyUser(), SuspendUser(reason="spam")),
    "deleted": (VerifyUser(), DeleteUser()),
}
SEATS = 10
STORAGE = 2**30


@dataclass(frozen=True)
class Tenant:
    """One tenant of the table, and what happens in it without a request."""

    tenant_id: str = TENANT

    def found(self) -> None:
        standing = {"status": "active", "open_sign_up": True, "plan": "free", "zone": "UTC", "roles": {}}
        commit(
            [
                writes.put(keys.standing(self.tenant_id), standing),
                *tenant_status.published(self.tenant_id, "active", open_sign_up=True),
                *quota.opened(self.tenant_id, "users", SEATS),
                *quota.opened(self.tenant_id, "storage_bytes", STORAGE),
                owners.opened(self.tenant_id),
            ]
        )
        commit([writes.update(owners.counter(self.tenant_id), "SET owners = :none", {"none": 0})])

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
        """A user of the given status, with a credential and a seat."""
        person_id = new_id()
        user = Ref(decider=USER, id=person_id, creates=True)
        signs_in = Ref(decider=CREDENTIAL, id=person_id, creates=True)
        email, held = f"{person_id}@example.com", (kind, *roles)
        come = CreateUser(kind=kind, email=email, profile=Profile(display_name=name), roles=held)
        opened = OpenCredential(kind="user", email=email, status="pending", roles=held)
        counted = "owner" in roles and status in {"pending", "active"}
        beside = (
            *((owners.add(self.tenant_id),) if counted else ()),
            *(() if status in {"pending", "deleted"} else (quota.take(self.tenant_id, "users"),)),
            *(
                writes.update(
                    transactions.holders_with(self.tenant_id, role, person_id), "ADD holders :one", {"one": 1}
                )
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
            *transactions.opened(self.tenant_id, ref.id),
            transactions.published(self.tenant_id, ref.id, sorted(permissions or ("user:read",))),
        )
        transact(self._scope(), (), lambda at: Decision(changes=(at.decide(ref, create),), actions=beside))
        return ref.id

    def organization(self, name: str = "Acme") -> str:
        organization_id = new_id()
        state = keys.state(self.tenant_id, "organization", organization_id)
        commit([writes.put(state, {"version": 1, "state": name}), *copies.written(state, {"version": 1})])
        return organization_id

    def user(self, person_id: str) -> Stored[User]:
        return load(self.tenant_id, USER, person_id)

    def credential(self, person_id: str) -> Credential:
        return load(self.tenant_id, CREDENTIAL, person_id).state

    def owners(self) -> int:
        return reads.one(owners.counter(self.tenant_id))["owners"]

    def seats(self) -> int:
        found = reads.batch(quota.wanted(self.tenant_id, "users"))
        return quota.level(found, self.tenant_id, "users").used

    def holders(self, role_id: str) -> int:
        return sum(
            each["holders"] for each in reads.batch(transactions.holders(self.tenant_id, role_id)).values()
        )

    def granted(self) -> dict[str, list[str]]:
        return reads.one(keys.standing(self.tenant_id))["roles"]


class Call(handlers.Call):
    context = "identity"
