"""The routes of identity's queries function; people_queries and tenant_queries add to it."""

from troupe.edge.queries import Queries

ROUTES = Queries("identity")
