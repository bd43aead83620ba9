"""POST /v1/identity/users"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from identity.role.granting import allowed, may_grant, named
from identity.sign_up.sign_up import Registration, joined
from identity.staff.transactions import added
from identity.user import organizations as user_organizations
from identity.user import role_counts
from identity.user.decider import USER
from identity.user.events import Profile
from troupe.domain import limits
from troupe.domain.decider import Invalid
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, created
from troupe.ids import new_id
from troupe.quota import daily, quota
from troupe.security.roles import BUILT_IN
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, ReadTarget, Snapshot

RoleId = Annotated[str, limits.Text(pattern=f"^(admin|{limits.UUID})$", means="admin, or the id of a role")]


class Body(fields.Body):
    """Roles: `admin`, or the ids of the tenant's own. Who shall own the tenant is told once let in."""

    email: fields.Email
    display_name: fields.Name
    roles: Annotated[frozenset[RoleId], Field(max_length=10)] = frozenset()
    organizations: Annotated[frozenset[fields.Id], Field(max_length=10)] = frozenset()


@endpoint(
    Operation(
        permission="user:create",
        body=Body,
        status=201,
        refusals=(
            "permission_escalation",
            "email_taken",
            "quota_exceeded",
            "unknown_role",
            "unknown_organization",
        ),
        example={
            "email": "bob@acme.example",
            "display_name": "Bob Baker",
            "roles": ["admin"],
            "organizations": ["0192f0c1-7a00-7000-8000-0000000000c1"],
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    """Invite a staff member, who chooses a password by the link in the mail.

    The seat is taken when the invitation is accepted; without a free one no invitation is sent. An address
    that belongs to another tenant is answered like any other: the mail tells.
    """
    body, tenant_id = request.body, request.tenant_id
    new = Ref(decider=USER, id=new_id(), creates=True)
    roles, organizations = [named(role) for role in sorted(body.roles)], sorted(body.organizations)
    own = [role for role in roles if role.id not in BUILT_IN]
    invitation = _invitation(body)

    def decide(at: Snapshot) -> Decision:
        _check(at, own, organizations)
        may_grant(request.caller, frozenset[str]().union(*(allowed(at, role) for role in roles)))
        as_read = (at.unchanged(role) for role in own)
        there = (action for each in organizations for action in user_organizations.there(at, each))
        person = added(at, joined(at, new.id, invitation), invitation, organizations)
        held = role_counts.count_changes(tenant_id, person.changes[0])
        plan = (quota.room(tenant_id, "users"), daily.take(tenant_id, "mails", request.now.date()))
        return replace(person, actions=(*plan, *person.actions, *held, *as_read, *there))

    wanted: list[ReadTarget] = [
        new,
        *roles,
        *(user_organizations.key(tenant_id, each) for each in organizations),
    ]
    return request.transact(wanted, decide, created("/v1/identity/users/{id}"))


def _invitation(body: Body) -> Registration:
    return Registration(
        email=body.email,
        profile=Profile(display_name=body.display_name),
        kind="staff",
        roles=("staff", *sorted(body.roles)),
        invited=True,
    )


def _check(at: Snapshot, roles: Sequence[Ref[Any, Any, Any]], organizations: Sequence[str]) -> None:
    """What the body names has to be there; it is no 404, which would be of the path."""
    if any(not at.find(role).version or at.find(role).deleted for role in roles):
        raise Invalid("unknown_role", "The tenant has no such role.", "roles")
    if any(at.item(user_organizations.key(at.scope.tenant_id, each)) is None for each in organizations):
        raise Invalid("unknown_organization", "The tenant has no such organization.", "organizations")
