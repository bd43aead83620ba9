"""GET routes of commerce, on one function."""

from commerce import product_queries
from commerce.reads import ROUTES

# What adds routes is imported for that alone.
__all__ = ["handler", "product_queries"]

handler = ROUTES
