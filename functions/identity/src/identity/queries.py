"""GET routes of identity, on one function."""

import identity.people_queries
from identity.reads import ROUTES

__all__ = ["handler"]

handler = ROUTES
