"""No route: the context's queue, with its own events and those of others that it reads, in any order."""

from commerce.projections.order_funnel import ORDER_FUNNEL
from commerce.projections.order_summaries import ORDER_SUMMARIES
from commerce.projections.overseers import OVERSEERS
from commerce.projections.promotion_performance import PROMOTION_PERFORMANCE
from commerce.projections.revenue import REVENUE
from commerce.projections.supplier_metrics import SUPPLIER_METRICS
from commerce.projections.supplier_queue import SUPPLIER_QUEUE
from commerce.reactions import (
    approval_flow,
    resume_payouts,
    supplier_sales,
    tell_suppliers,
    time_order,
    time_promotion,
)
from troupe.inbound import Reactions, inbound
from troupe.views import View

_LISTS = (ORDER_SUMMARIES, SUPPLIER_QUEUE)
VIEWS: tuple[View, ...] = (SUPPLIER_METRICS, PROMOTION_PERFORMANCE, OVERSEERS, ORDER_FUNNEL, REVENUE, *_LISTS)

# What else is done when something has happened; each can be repeated without harm.
REACTIONS: Reactions = {
    **dict.fromkeys(supplier_sales.CHANGES, (supplier_sales.follow,)),
    **dict.fromkeys(resume_payouts.CHANGES, (resume_payouts.resume,)),
    "supplier.reinstated": (supplier_sales.follow, resume_payouts.resume),
    "order.created": (time_order.time,),
    "order.reserved": (time_order.time,),
    "order.confirmed": (tell_suppliers.tell,),
    "promotion.submitted": (approval_flow.begin,),
    **dict.fromkeys(approval_flow.DECISIONS, (approval_flow.tell,)),
    "promotion.scheduled": (time_promotion.start,),
    "promotion.activated": (time_promotion.end,),
}

handler = inbound(*VIEWS, reactions=REACTIONS)
