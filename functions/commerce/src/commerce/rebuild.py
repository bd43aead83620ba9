"""No route: an operator rebuilds a read model by hand, in as many calls as it takes."""

from commerce.projections.order_funnel import ORDER_FUNNEL
from commerce.projections.order_summaries import ORDER_SUMMARIES
from commerce.projections.overseers import OVERSEERS
from commerce.projections.promotion_performance import PROMOTION_PERFORMANCE
from commerce.projections.revenue import REVENUE
from commerce.projections.supplier_metrics import SUPPLIER_METRICS
from commerce.projections.supplier_queue import SUPPLIER_QUEUE
from troupe.rebuild import rebuild

handler = rebuild(
    SUPPLIER_METRICS, PROMOTION_PERFORMANCE, OVERSEERS, ORDER_FUNNEL, REVENUE, ORDER_SUMMARIES, SUPPLIER_QUEUE
)
