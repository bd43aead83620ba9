"""What may be asked about roles and what they allow."""

from identity.query_routes import ROUTES
from identity.role.decider import GRANTABLE
from identity.role.responses import PermissionList, PermissionView, RoleList, RoleView
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import LARGEST, List
from troupe.edge.queries import found
from troupe.edge.request import Request
from troupe.security.roles import ASSIGNABLE, BUILT_IN, CATALOGUE
from troupe.store import keys
from troupe.store.scope import Answer

_BUILT_IN = tuple(
    RoleView(
        id=name,
        name=name,
        permissions=tuple(sorted(allows)),
        built_in=True,
        assignable=name in ASSIGNABLE,
    )
    for name, allows in BUILT_IN.items()
    if name != "operator"  # of no tenant
)
_CATALOGUE = tuple(
    PermissionView(
        name=each.name,
        resource=each.resource,
        action=each.action,
        description=each.description,
        grantable=each.name in GRANTABLE,
    )
    for each in CATALOGUE
)


@ROUTES.get("/roles", permission="role:read", reply=RoleList)
def roles(request: Request[NoBody]) -> Answer:
    # The tenant's own are few (own_roles.MOST).
    pk = keys.listing(request.tenant_id, "ROLES")
    own = List(tenant_id=request.tenant_id, pk=pk, index="GSI1", ascending=True).page(LARGEST)
    shown = (RoleView(**item["summary"], built_in=False, assignable=True) for item in own.items)
    return found(RoleList(items=(*_BUILT_IN, *shown)))


@ROUTES.get("/permissions", permission="role:read", reply=PermissionList)
def permissions(_request: Request[NoBody]) -> Answer:
    return found(PermissionList(items=_CATALOGUE))
