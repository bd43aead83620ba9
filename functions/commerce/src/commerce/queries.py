"""GET routes of commerce, on one function."""

from commerce import (
    ledger_queries,
    order_queries,
    product_queries,
    promotion_queries,
    sales_queries,
    supplier_order_queries,
    supplier_queries,
    supplier_work_queries,
)
from commerce.reads import ROUTES

# What adds routes is imported for that alone.
__all__ = [
    "handler",
    "ledger_queries",
    "order_queries",
    "product_queries",
    "promotion_queries",
    "sales_queries",
    "supplier_order_queries",
    "supplier_queries",
    "supplier_work_queries",
]

handler = ROUTES
