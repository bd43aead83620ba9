"""GET routes of recovery, on one function."""

from recovery.case import queries
from recovery.mail import opt_out
from recovery.metric import queries as metric_queries
from recovery.query_routes import ROUTES
from recovery.setup import queries as setup_queries

# What adds routes is imported for that alone.
__all__ = ["handler", "metric_queries", "opt_out", "queries", "setup_queries"]

handler = ROUTES
