"""No route: the context's queue, with its own events and those of others that it reads, in any order."""

from commerce.fulfilment import supplier_status as fulfilment_supplier_status
from commerce.fulfilment.projection import SUPPLIER_QUEUE
from commerce.order.decider import ORDER
from commerce.order.projection import ORDER_SUMMARIES
from commerce.order_timers import timers
from commerce.payout import resume
from commerce.product import supplier_status
from commerce.promotion import timers as promotion_timers
from commerce.promotion.administrators import ADMINISTRATORS
from commerce.promotion.flow import start
from commerce.promotion.performance import PROMOTION_PERFORMANCE
from commerce.reporting.funnel import ORDER_FUNNEL
from commerce.reporting.revenue import REVENUE
from commerce.supplier.rating_decider import SUPPLIER_RATING
from commerce.supplier.rating_projection import SUPPLIER_METRICS
from commerce.supplier_order.decider import SUPPLIER_ORDER
from troupe.projection.erasure import erasing
from troupe.projection.inbound import Reactions, inbound
from troupe.projection.view import View

_LISTS = (ORDER_SUMMARIES, SUPPLIER_QUEUE)
VIEWS: tuple[View, ...] = (
    SUPPLIER_METRICS,
    PROMOTION_PERFORMANCE,
    ADMINISTRATORS,
    ORDER_FUNNEL,
    REVENUE,
    *_LISTS,
)

# What else is done when something has happened; each can be repeated without harm.
REACTIONS: Reactions = {
    **dict.fromkeys(supplier_status.CHANGES, (supplier_status.follow,)),
    **dict.fromkeys(resume.CHANGES, (resume.resume,)),
    "supplier.reinstated": (supplier_status.follow, resume.resume),
    "user.personal_data_erased": (erasing(ORDER, SUPPLIER_ORDER, SUPPLIER_RATING),),
    "order.created": (timers.time,),
    "order.reserved": (timers.time,),
    "order.confirmed": (fulfilment_supplier_status.notify,),
    "promotion.submitted": (start.begin,),
    **dict.fromkeys(start.DECISIONS, (start.answer_waiting,)),
    "promotion.scheduled": (promotion_timers.start,),
    "promotion.activated": (promotion_timers.end,),
}

handler = inbound(*VIEWS, reactions=REACTIONS)
