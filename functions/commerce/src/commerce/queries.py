"""GET routes of commerce, on one function."""

from commerce.fulfilment import queries as fulfilment_queries
from commerce.fulfilment import work_queries
from commerce.order import queries as order_queries
from commerce.payout import queries
from commerce.product import queries as product_queries
from commerce.promotion import queries as promotion_queries
from commerce.query_routes import ROUTES
from commerce.reporting import queries as reporting_queries
from commerce.supplier import queries as supplier_queries

# What adds routes is imported for that alone.
__all__ = [
    "fulfilment_queries",
    "handler",
    "order_queries",
    "product_queries",
    "promotion_queries",
    "queries",
    "reporting_queries",
    "supplier_queries",
    "work_queries",
]

handler = ROUTES
