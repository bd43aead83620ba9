"""GET routes of community, on one function."""

from community import (
    community_queries,
    distribution_queries,
    feed_queries,
    member_queries,
    moderation_queries,
    post_queries,
)
from community.reads import ROUTES

# What adds routes is imported for that alone.
__all__ = [
    "community_queries",
    "distribution_queries",
    "feed_queries",
    "handler",
    "member_queries",
    "moderation_queries",
    "post_queries",
]

handler = ROUTES
