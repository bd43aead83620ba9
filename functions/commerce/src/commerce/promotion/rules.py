"""What holds of every promotion, and what its products become when it is submitted. All of it pure."""

from collections.abc import Mapping

from commerce.product.decider import Product
from commerce.promotion.events import Details, Featured, Kind, Ware, WareVariant
from troupe.domain.decider import Invalid, Rejected

MOST_COMMUNITIES = 20  # each is held to be there in the transaction that submits it
COUNTS: Mapping[Kind, tuple[int, int]] = {"campaign": (2, 3), "single": (1, 1), "default": (1, 3)}


def checked(details: Details) -> None:
    """Rules of a promotion in every status. Raises `Rejected`."""
    least, most = COUNTS[details.kind]
    ids = [each.product_id for each in details.products]
    if not least <= len(ids) <= most or len(set(ids)) < len(ids):
        detail = f"A promotion of this kind has {least} to {most} products, each of them once."
        raise Invalid("wrong_products", detail, "products")
    _reduced(details)
    _shown(details)
    if details.ends_at is None and details.kind != "default":
        raise Invalid("end_required", "Only what is always on has no end.", "ends_at")
    if details.ends_at is not None and details.starts_at >= details.ends_at:
        raise Invalid("end_before_start", "A promotion starts before it ends.", "ends_at")


def _reduced(details: Details) -> None:
    reductions = [each.reduction for each in details.products]
    for each in reductions:
        if each and (each.percent is None) == (each.amount_cents is None):
            raise Invalid("one_reduction", "Take off either a percentage or an amount.", "products")
    if details.kind == "default" and any(reductions):
        raise Invalid("no_reduction", "What is always on is shown at its price.", "products")
    if details.kind == "single" and not all(reductions):
        raise Invalid("reduction_required", "A single product is promoted by an offer.", "products")


def _shown(details: Details) -> None:
    named = details.communities
    if bool(named) != (details.visibility != "global"):
        detail = "Name communities where it is for communities, and none where it is not."
        raise Invalid("wrong_communities", detail, "communities")
    if len(named) > MOST_COMMUNITIES or len(set(named)) < len(named):
        detail = f"Name at most {MOST_COMMUNITIES} communities, each of them once."
        raise Invalid("wrong_communities", detail, "communities")


def owned(details: Details, supplier_id: str, products: Mapping[str, Product]) -> None:
    """Refuse what promotes another's products, or none."""
    for each in details.products:
        found = products.get(each.product_id)
        if found is None or found.supplier_id != supplier_id:
            raise Rejected("no_product", "The supplier has no such product.")


def frozen(details: Details, products: Mapping[str, Product]) -> tuple[Ware, ...]:
    """The products as they are now, if all of them are on sale, in one currency."""
    wares = tuple(_ware(each, products[each.product_id]) for each in details.products)
    if len({each.currency for each in wares}) > 1:
        raise Rejected("mixed_currencies", "The products of a promotion have one currency.")
    return wares


def _ware(featured: Featured, product: Product) -> Ware:
    if product.status != "published":
        raise Rejected("product_not_published", "What is promoted is on sale.")
    return Ware(
        product_id=featured.product_id,
        name=product.details.name,
        currency=product.details.currency,
        image_url=product.details.media.primary_image_url,
        variants=tuple(
            WareVariant(
                id=each.id,
                sku=each.sku,
                price_cents=each.price_cents or 0,
                discount_cents=_off(featured, each.price_cents or 0),
            )
            for each in product.variants
            if each.active
        ),
    )


def _off(featured: Featured, price_cents: int) -> int:
    reduction = featured.reduction
    if reduction is None:
        return 0
    if (reduction.amount_cents or 0) > price_cents:
        raise Rejected("reduction_too_high", "More is taken off than something costs.")
    return reduction.off(price_cents)
