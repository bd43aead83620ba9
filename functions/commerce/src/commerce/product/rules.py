"""What holds of every product, and what is asked of one that is published beyond that."""

from collections import Counter
from collections.abc import Sequence

from commerce.product.events import Details, Variant
from troupe.domain.decider import Invalid, Rejected

MOST_VARIANTS = 90  # each can then have stock at one place, which publishing writes in one transaction


def checked(details: Details, variants: Sequence[Variant]) -> None:
    """Rules of a product in every status. Raises `Rejected`."""
    if len(variants) > MOST_VARIANTS:
        raise Rejected("too_many_variants", f"A product has at most {MOST_VARIANTS} variants.")
    _once([sku_key(each.sku) for each in variants])
    for each in variants:
        _compared(each)
    if details.shipping:
        for zone in details.shipping.zones:
            if zone.days_min > zone.days_max:
                raise Invalid("end_before_start", "The most days are no fewer than the least.", "shipping")
        countries = Counter(country for zone in details.shipping.zones for country in zone.countries)
        if any(often > 1 for often in countries.values()):
            raise Invalid("country_twice", "A country is in one shipping zone.", "shipping")


def sku_key(sku: str) -> str:
    """What two SKUs have in common that count as the same."""
    return sku.casefold()


def _once(skus: Sequence[str]) -> None:
    if len(set(skus)) < len(skus):
        raise Rejected("sku_taken", "Another variant has that SKU.")


def _compared(variant: Variant) -> None:
    if variant.compare_at_cents is None:
        return
    if variant.price_cents is None or variant.compare_at_cents <= variant.price_cents:
        raise Invalid(
            "compare_at_too_low", "The price it is compared with is the higher one.", "compare_at_cents"
        )


def publishable(details: Details, variants: Sequence[Variant]) -> None:
    """Refuse a product that cannot be bought: without an active variant, a price, or a place to ship to."""
    active = [each for each in variants if each.active]
    if not active:
        raise Rejected("no_active_variant", "What is published has at least one active variant.")
    if any(each.price_cents is None for each in active):
        raise Rejected("no_price", "Every active variant of what is published has a price.")
    if details.shipping is None or not details.shipping.zones:
        raise Rejected("no_shipping_zone", "What is published ships to somewhere.")


def variant_of(variants: Sequence[Variant], variant_id: str) -> Variant:
    """The variant of that id, or a refusal."""
    found = next((each for each in variants if each.id == variant_id), None)
    if found is None:
        raise Rejected("no_variant", "The product has no such variant.")
    return found
