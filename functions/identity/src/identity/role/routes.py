"""The plain commands of a tenant's own role."""

from identity.role import transactions
from identity.role.decider import ROLE, DeleteRole
from troupe.edge.routes import Routes

routes = Routes(ROLE)

delete_role = routes.delete(
    "/roles/{role_id}",
    DeleteRole,
    permission="role:delete",
    deleted=True,
    also=transactions.deleted,
    refusals=("role_in_use",),
)
