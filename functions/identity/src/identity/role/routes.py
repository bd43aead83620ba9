"""The plain commands of a tenant's own role."""

from identity import own_roles
from identity.role import ROLE, DeleteRole
from troupe.routes import Routes

routes = Routes(ROLE)

delete_role = routes.delete(
    "/roles/{role_id}",
    DeleteRole,
    permission="role:delete",
    deleted=True,
    also=own_roles.deleted,
    refusals=("role_in_use",),
)
