"""GET routes of identity, on one function."""

from identity.api_key import queries as api_key_queries
from identity.history import export
from identity.history import queries as history_queries
from identity.query_routes import ROUTES
from identity.role import queries as role_queries
from identity.tenant import queries as tenant_queries
from identity.user import profile_queries, queries

# What adds routes is imported for that alone.
__all__ = [
    "api_key_queries",
    "export",
    "handler",
    "history_queries",
    "profile_queries",
    "queries",
    "role_queries",
    "tenant_queries",
]

handler = ROUTES
