"""The routes of identity's queries function; people_queries and tenant_queries add to it."""

from troupe.queries import Queries

ROUTES = Queries()
