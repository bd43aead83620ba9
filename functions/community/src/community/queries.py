"""GET routes of community, on one function."""

from community.reads import ROUTES

# What adds routes is imported for that alone.
__all__ = ["handler"]

handler = ROUTES
