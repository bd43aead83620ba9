"""No route: an operator folds a kind again from its events, in as many calls as it takes."""

from commerce.inventory.decider import INVENTORY
from commerce.inventory.location_decider import LOCATION
from commerce.order.decider import ORDER
from commerce.product.decider import PRODUCT
from commerce.promotion.decider import PROMOTION
from commerce.promotion.impressions_decider import IMPRESSIONS
from commerce.supplier.decider import SUPPLIER
from commerce.supplier.rating_decider import SUPPLIER_RATING
from commerce.supplier_order.decider import SUPPLIER_ORDER
from troupe.store.refold import refold

handler = refold(
    IMPRESSIONS, INVENTORY, LOCATION, ORDER, PRODUCT, PROMOTION, SUPPLIER, SUPPLIER_ORDER, SUPPLIER_RATING
)
