"""GET routes of identity, on one function."""

from identity import people_queries
from identity.reads import ROUTES

__all__ = ["handler", "people_queries"]  # modules that add routes

handler = ROUTES
