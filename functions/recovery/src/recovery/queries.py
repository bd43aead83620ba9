"""GET routes of recovery, on one function."""

from recovery import setup_queries
from recovery.reads import ROUTES

# What adds routes is imported for that alone.
__all__ = ["handler", "setup_queries"]

handler = ROUTES
