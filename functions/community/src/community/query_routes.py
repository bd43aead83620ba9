"""The routes of community's queries function, which the modules that ask add to."""

from troupe.edge.queries import Queries

ROUTES = Queries("community")
