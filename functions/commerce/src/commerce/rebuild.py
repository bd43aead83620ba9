"""No route: an operator rebuilds a read model by hand, in as many calls as it takes."""

from commerce.fulfilment.projection import SUPPLIER_QUEUE
from commerce.order.projection import ORDER_SUMMARIES
from commerce.promotion.administrators import ADMINISTRATORS
from commerce.promotion.performance import PROMOTION_PERFORMANCE
from commerce.reporting.funnel import ORDER_FUNNEL
from commerce.reporting.revenue import REVENUE
from commerce.supplier.rating_projection import SUPPLIER_METRICS
from troupe.projection.rebuild import rebuild

handler = rebuild(
    SUPPLIER_METRICS,
    PROMOTION_PERFORMANCE,
    ADMINISTRATORS,
    ORDER_FUNNEL,
    REVENUE,
    ORDER_SUMMARIES,
    SUPPLIER_QUEUE,
)
