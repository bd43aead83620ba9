"""GET routes of community, on one function."""

from community.communities import membership_queries, queries
from community.distribution import queries as distribution_queries
from community.feed import queries as feed_queries
from community.post import queries as post_queries
from community.query_routes import ROUTES
from community.report import queries as report_queries

# What adds routes is imported for that alone.
__all__ = [
    "distribution_queries",
    "feed_queries",
    "handler",
    "membership_queries",
    "post_queries",
    "queries",
    "report_queries",
]

handler = ROUTES
