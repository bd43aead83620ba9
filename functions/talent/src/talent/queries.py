"""GET routes of talent, on one function."""

from talent.query_routes import ROUTES
from talent.talents import queries

__all__ = ["handler", "queries"]  # what adds routes is imported for that alone

handler = ROUTES
