"""A product: what a supplier sells, in variants, from the draft to its end.

How much of it there is stands apart (inventory.py, stock.py), so that no order makes an edit stale.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from commerce.product.commands import (
    AddVariant,
    Command,
    CreateProduct,
    DeleteProduct,
    Draft,
    PublishProduct,
    RemoveVariant,
    RestoreProduct,
    UnpublishProduct,
    UpdateProduct,
    UpdateVariant,
)
from commerce.product.events import (
    Details,
    Event,
    Later,
    ProductCreated,
    ProductDeleted,
    ProductPublished,
    ProductRestored,
    ProductUnpublished,
    ProductUpdated,
    ProductVariantAdded,
    ProductVariantRemoved,
    ProductVariantUpdated,
    Status,
    Variant,
)
from commerce.product.rules import checked, publishable, variant_of
from troupe.domain.decider import Context, Decider, Listing, Rejected, events_of
from troupe.domain.lifecycle import Lifecycle, Move

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    supplier_id: str
    status: Status
    details: Details
    variants: tuple[Variant, ...]
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None = None
    was_published: bool = False  # ever; from then on the currency stays
    deleted_at: datetime | None = None
    state: Literal["product"] = "product"

    def sells(self, variant_id: str) -> bool:
        """Whether a variant may be bought, as far as the product goes; what there is of it says its stock."""
        return self.status == "published" and any(
            each.id == variant_id and each.active for each in self.variants
        )


def begin(event: ProductCreated) -> Product:
    return Product(
        supplier_id=event.supplier_id,
        status="draft",
        details=event.details,
        variants=event.variants,
        created_at=event.created_at,
        updated_at=event.created_at,
    )


def evolve(state: Product, event: Later) -> Product:  # noqa: PLR0911 -- one line for each event
    match event:
        case ProductUpdated():
            return replace(state, details=event.details, updated_at=event.updated_at)
        case ProductVariantAdded(variant=variant, updated_at=at):
            return replace(state, variants=(*state.variants, variant), updated_at=at)
        case ProductVariantUpdated(variant=variant, updated_at=at):
            return replace(state, variants=_with(state.variants, variant), updated_at=at)
        case ProductVariantRemoved(variant_id=gone, updated_at=at):
            kept = tuple(each for each in state.variants if each.id != gone)
            return replace(state, variants=kept, updated_at=at)
        case ProductPublished(published_at=at):
            return replace(state, status="published", published_at=at, was_published=True, updated_at=at)
        case ProductUnpublished(unpublished_at=at):
            return replace(state, status="unpublished", published_at=None, updated_at=at)
        case ProductDeleted(deleted_at=at):
            return replace(state, status="deleted", published_at=None, deleted_at=at, updated_at=at)
        case ProductRestored(status=status, restored_at=at):
            return replace(state, status=status, deleted_at=None, updated_at=at)
        case _:
            assert_never(event)


def _with(variants: tuple[Variant, ...], changed: Variant) -> tuple[Variant, ...]:
    return tuple(changed if each.id == changed.id else each for each in variants)


MOVES = Lifecycle[Product, Event](
    {
        PublishProduct: Move({"draft", "unpublished"}, "published"),
        UnpublishProduct: Move(
            {"published"},
            "unpublished",
            lambda _command, _product, context: ProductUnpublished(unpublished_at=context.now),
        ),
        DeleteProduct: Move(
            {"draft", "published", "unpublished"},
            "deleted",
            lambda _command, _product, context: ProductDeleted(deleted_at=context.now),
        ),
    }
)


def create(command: CreateProduct, context: Context) -> tuple[Event, ...]:
    variants = tuple(_drawn(draft, context) for draft in command.variants)
    checked(command.details, variants)
    created = ProductCreated(
        supplier_id=command.supplier_id,
        details=command.details,
        variants=variants,
        created_at=context.now,
    )
    return (created,)


def _drawn(draft: Draft, context: Context) -> Variant:
    return Variant(
        id=context.new_id(),
        sku=draft.sku,
        price_cents=draft.price_cents,
        compare_at_cents=draft.compare_at_cents,
        attributes=draft.attributes,
        active=draft.active,
    )


def decide(command: Command, state: Product, context: Context) -> tuple[Event, ...]:  # noqa: PLR0911 -- one line for each command
    match command:
        case RestoreProduct():
            return _restore(state, context)
        case _ if state.status == "deleted" and not isinstance(command, DeleteProduct):
            raise Rejected("product_deleted", "A deleted product is restored before anything else.")
        case UpdateProduct():
            return _update(command, state, context)
        case AddVariant(variant=draft):
            added = _drawn(draft, context)
            _hold(state, state.details, (*state.variants, added))
            return (ProductVariantAdded(variant=added, updated_at=context.now),)
        case UpdateVariant():
            return _update_variant(command, state, context)
        case RemoveVariant():
            return _remove_variant(command, state, context)
        case PublishProduct():
            return _publish(command, state, context)
        case UnpublishProduct() | DeleteProduct():
            return MOVES.decide(command, state, context)
        case _:
            assert_never(command)


def _hold(state: Product, details: Details, variants: tuple[Variant, ...]) -> None:
    """What is published stays fit to be: to take the last of something away, unpublish it first."""
    checked(details, variants)
    if state.status == "published":
        publishable(details, variants)


def _update(command: UpdateProduct, state: Product, context: Context) -> tuple[Event, ...]:
    details = replace(state.details, **command.changes)
    if details == state.details:
        return ()
    if state.was_published and details.currency != state.details.currency:
        raise Rejected("currency_fixed", "A product that was published keeps its currency.")
    _hold(state, details, state.variants)
    return (ProductUpdated(details=details, updated_at=context.now),)


def _update_variant(command: UpdateVariant, state: Product, context: Context) -> tuple[Event, ...]:
    was = variant_of(state.variants, command.variant_id)
    changed = replace(was, **command.changes)
    if changed == was:
        return ()
    _hold(state, state.details, _with(state.variants, changed))
    return (ProductVariantUpdated(variant=changed, updated_at=context.now),)


def _remove_variant(command: RemoveVariant, state: Product, context: Context) -> tuple[Event, ...]:
    gone = variant_of(state.variants, command.variant_id)
    _hold(state, state.details, tuple(each for each in state.variants if each is not gone))
    return (ProductVariantRemoved(variant_id=gone.id, sku=gone.sku, updated_at=context.now),)


def _publish(command: PublishProduct, state: Product, context: Context) -> tuple[Event, ...]:
    if not MOVES.moved(command, state):
        return ()
    publishable(state.details, state.variants)
    published = ProductPublished(
        supplier_id=state.supplier_id,
        details=state.details,
        variants=state.variants,
        published_at=context.now,
    )
    return (published,)


def _restore(state: Product, context: Context) -> tuple[Event, ...]:
    """What was on sale comes back unpublished: whether it may be sold is asked anew."""
    if state.status != "deleted":
        return ()
    status: Status = "unpublished" if state.was_published else "draft"
    return (ProductRestored(status=status, restored_at=context.now),)


CATALOGUE = "CATALOGUE"  # the list of all that is on sale, by category


def collection(supplier_id: str, status: Status) -> str:
    """The list of a supplier's products of one status."""
    return f"SUPPLIER_PRODUCTS#{supplier_id}#{status}"


def category_key(category: str) -> str:
    """How the sort keys of a category's products begin in the catalogue; upper and lower case are alike."""
    return f"{category.casefold()}#"


def _listed(state: Product, product_id: str) -> Listing:
    sold = [each.price_cents for each in state.variants if each.active and each.price_cents is not None]
    details = state.details
    on_sale = (
        (CATALOGUE, f"{category_key(details.category)}{product_id}") if state.status == "published" else None
    )
    return Listing(
        collection=(collection(state.supplier_id, state.status), product_id),
        queue=on_sale,
        summary={
            "supplier_id": state.supplier_id,
            "status": state.status,
            "name": details.name,
            "category": details.category,
            "brand": details.brand,
            "condition": details.condition,
            "currency": details.currency,
            "from_price_cents": min(sold, default=None),
            "primary_image_url": details.media.primary_image_url,
        },
    )


PRODUCT = Decider[Product, CreateProduct | Command, Event](
    name="product",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("product", Event),
    state=Product,
    listed=_listed,
    deleted_at=lambda state: state.deleted_at,
)
