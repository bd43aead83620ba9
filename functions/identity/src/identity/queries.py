"""GET routes of identity, on one function."""

from identity import people_queries, profile_queries, record_queries, role_queries, tenant_queries
from identity.reads import ROUTES

# What adds routes is imported for that alone.
__all__ = ["handler", "people_queries", "profile_queries", "record_queries", "role_queries", "tenant_queries"]

handler = ROUTES
