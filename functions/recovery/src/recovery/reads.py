"""The routes of recovery's queries function; the modules that ask add to it."""

from troupe.queries import Queries

ROUTES = Queries()
