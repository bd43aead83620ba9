"""The routes of talent's queries function; the packages' queries add to it."""

from troupe.edge.queries import Queries

ROUTES = Queries("talent")
