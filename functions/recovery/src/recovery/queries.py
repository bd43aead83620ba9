"""GET routes of recovery, on one function."""

from recovery import case_queries, metric_queries, opt_out_queries, setup_queries
from recovery.reads import ROUTES

# What adds routes is imported for that alone.
__all__ = ["case_queries", "handler", "metric_queries", "opt_out_queries", "setup_queries"]

handler = ROUTES
