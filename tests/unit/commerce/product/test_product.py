"""A product: drafted, published, taken off sale, deleted and restored; and its invariants."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.product.commands import (
    AddVariant,
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
from commerce.product.decider import PRODUCT, Product, collection
from commerce.product.events import (
    Details,
    Media,
    ProductCreated,
    ProductDeleted,
    ProductPublished,
    ProductRestored,
    ProductUnpublished,
    ProductUpdated,
    ProductVariantAdded,
    ProductVariantRemoved,
    ProductVariantUpdated,
    Shipping,
    Variant,
    Zone,
)
from commerce.product.rules import MOST_VARIANTS, publishable, sku_key
from support.spec import NOON, Given, assert_folds_as_stored
from troupe.domain.decider import Invalid, Rejected

ZONE = Zone(countries=("DE", "AT"), cost_cents=499, days_min=2, days_max=4)
SHIPPING = Shipping(from_country="DE", zones=(ZONE,))
DETAILS = Details(name="Shoes", category="Shoes", currency="EUR", shipping=SHIPPING)
RED = Variant(id="red", sku="RED", price_cents=7999, attributes={"color": "red"})
CREATED = ProductCreated(supplier_id="s", details=DETAILS, variants=(RED,), created_at=NOON.now)
PUBLISHED = ProductPublished(supplier_id="s", details=DETAILS, variants=(RED,), published_at=NOON.now)
UNPUBLISHED = ProductUnpublished(unpublished_at=NOON.now)
DELETED = ProductDeleted(deleted_at=NOON.now)
BLUE = replace(RED, id="blue", sku="BLUE")
ADDED = ProductVariantAdded(variant=BLUE, updated_at=NOON.now)
LATER = NOON.now + timedelta(hours=1)
product = Given(PRODUCT)
HISTORIES = {
    "draft": (CREATED,),
    "published": (CREATED, PUBLISHED),
    "unpublished": (CREATED, PUBLISHED, UNPUBLISHED),
    "deleted": (CREATED, PUBLISHED, DELETED),
}


class TestCreating:
    def test_variants_get_ids(self):
        (event,) = (
            product()
            .when(CreateProduct(supplier_id="s", details=DETAILS, variants=(Draft(sku="RED"),)))
            .act()
        )
        assert event.variants[0].id
        assert replace(event, variants=()) == replace(CREATED, variants=())

    def test_no_sku_twice(self):
        twice = (Draft(sku="a"), Draft(sku="A"))
        product().when(CreateProduct(supplier_id="s", details=DETAILS, variants=twice)).then_rejected(
            "sku_taken"
        )

    @pytest.mark.parametrize(
        "zones, code",
        [
            ((replace(ZONE, days_min=5),), "end_before_start"),
            ((ZONE, replace(ZONE, countries=("AT",))), "country_twice"),
            ((replace(ZONE, countries=("DE", "DE")),), "country_twice"),
        ],
    )
    def test_shipping_that_makes_no_sense(self, zones, code):
        details = replace(DETAILS, shipping=Shipping(from_country="DE", zones=zones))
        with pytest.raises(Invalid) as invalid:
            product().when(CreateProduct(supplier_id="s", details=details)).act()
        assert (invalid.value.code, invalid.value.field) == (code, "shipping")

    @pytest.mark.parametrize("price", [None, 100, 101])
    def test_the_price_compared_with_is_the_higher_one(self, price):
        draft = Draft(sku="A", price_cents=price, compare_at_cents=100)
        create = CreateProduct(supplier_id="s", details=DETAILS, variants=(draft,))
        product().when(create).then_rejected("compare_at_too_low")
        cheaper = replace(create, variants=(replace(draft, price_cents=99),))
        assert product().when(cheaper).act()


class TestChanging:
    def test_what_is_not_named_stays(self):
        new = replace(DETAILS, name="Boots", media=Media(video_url="https://v.example"))
        change = UpdateProduct(changes={"name": "Boots", "media": new.media})
        updated = ProductUpdated(details=new, updated_at=NOON.now)
        product(CREATED).when(change).then(updated)
        assert product(CREATED, updated).state.details == new
        product(CREATED).when(UpdateProduct(changes={"name": "Shoes"})).then_nothing()

    def test_the_currency_is_fixed_once_it_was_published(self):
        change = UpdateProduct(changes={"currency": "USD"})
        assert product(CREATED).when(change).act()
        for history in (HISTORIES["published"], HISTORIES["unpublished"]):
            product(*history).when(change).then_rejected("currency_fixed")

    def test_variants_come_change_and_go(self):
        (added,) = product(CREATED).when(AddVariant(variant=Draft(sku="BLUE", price_cents=1))).act()
        assert (added.variant.sku, added.variant.price_cents) == ("BLUE", 1)
        both = product(CREATED, ADDED)
        cheaper = replace(BLUE, price_cents=1)
        change = UpdateVariant(variant_id="blue", changes={"price_cents": 1})
        both.when(change).then(ProductVariantUpdated(variant=cheaper, updated_at=NOON.now))
        both.when(UpdateVariant(variant_id="blue", changes={"sku": "BLUE"})).then_nothing()
        both.when(UpdateVariant(variant_id="blue", changes={"sku": "red"})).then_rejected("sku_taken")
        gone = ProductVariantRemoved(variant_id="red", sku="RED", updated_at=NOON.now)
        both.when(RemoveVariant(variant_id="red")).then(gone)
        assert product(CREATED, ADDED, gone).state.variants == (BLUE,)
        both.when(RemoveVariant(variant_id="green")).then_rejected("no_variant")

    def test_only_so_many(self):
        variants = tuple(replace(RED, id=f"v{n}", sku=f"V{n}") for n in range(MOST_VARIANTS))
        full = product(replace(CREATED, variants=variants))
        full.when(AddVariant(variant=Draft(sku="one more"))).then_rejected("too_many_variants")

    @pytest.mark.parametrize(
        "command, code",
        [
            (UpdateProduct(changes={"shipping": None}), "no_shipping_zone"),
            (UpdateProduct(changes={"shipping": Shipping(from_country="DE", zones=())}), "no_shipping_zone"),
            (UpdateVariant(variant_id="red", changes={"price_cents": None}), "no_price"),
            (UpdateVariant(variant_id="red", changes={"active": False}), "no_active_variant"),
            (RemoveVariant(variant_id="red"), "no_active_variant"),
            (AddVariant(variant=Draft(sku="B")), "no_price"),
        ],
    )
    def test_what_is_published_stays_fit_to_be(self, command, code):
        product(*HISTORIES["published"]).when(command).then_rejected(code)
        assert product(*HISTORIES["unpublished"]).when(command).act()


class TestLife:
    def test_publishing_tells_all_that_a_catalogue_shows(self):
        product(CREATED).when(PublishProduct()).then(PUBLISHED)
        assert product(*HISTORIES["published"]).state.published_at == NOON.now

    def test_it_comes_back_as_it_was_but_not_on_sale(self):
        draft = ProductRestored(status="draft", restored_at=NOON.now)
        product(CREATED, DELETED).when(RestoreProduct()).then(draft)
        off = replace(draft, status="unpublished")
        product(*HISTORIES["deleted"]).when(RestoreProduct()).then(off)
        product(CREATED).when(RestoreProduct()).then_nothing()
        back = product(*HISTORIES["deleted"], off).state
        assert (back.status, back.deleted_at) == ("unpublished", None)

    def test_what_can_be_bought(self):
        assert product(*HISTORIES["published"]).state.sells("red")
        assert not product(*HISTORIES["published"]).state.sells("blue")
        assert not product(*HISTORIES["unpublished"]).state.sells("red")
        resting = ProductVariantUpdated(variant=replace(RED, active=False), updated_at=LATER)
        assert not product(*HISTORIES["published"], resting).state.sells("red")


class TestListing:
    def test_by_supplier_and_status_and_on_sale_by_category(self):
        listing = PRODUCT.listed(product(*HISTORIES["published"]).state, "p")
        assert listing.collection == (collection("s", "published"), "p")
        assert listing.queue == ("CATALOGUE", "shoes#p")
        assert (listing.summary["from_price_cents"], listing.summary["name"]) == (7999, "Shoes")
        free = product(replace(CREATED, variants=(replace(RED, price_cents=None),))).state
        assert PRODUCT.listed(free, "p").summary["from_price_cents"] is None

    @pytest.mark.parametrize("status", ["draft", "unpublished", "deleted"])
    def test_what_is_not_on_sale_is_in_no_catalogue(self, status):
        listing = PRODUCT.listed(product(*HISTORIES[status]).state, "p")
        assert (listing.collection, listing.queue) == ((collection("s", status), "p"), None)
        assert (PRODUCT.deleted_at(product(*HISTORIES[status]).state) is None) == (status != "deleted")


def test_where_it_ships_to():
    assert (SHIPPING.zone("AT"), SHIPPING.zone("FR")) == (ZONE, None)


PRICES = st.none() | st.integers(0, 9)
DRAFTS = st.builds(
    Draft,
    sku=st.sampled_from(["a", "A", "b", "c"]),
    price_cents=PRICES,
    compare_at_cents=PRICES,
    attributes=st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    active=st.booleans(),
)
SHIPPINGS = st.none() | st.just(SHIPPING) | st.just(Shipping(from_country="DE", zones=()))
CHOICES = st.one_of(
    st.builds(CreateProduct, supplier_id=st.just("s"), details=st.just(DETAILS), variants=st.tuples(DRAFTS)),
    st.builds(
        UpdateProduct,
        changes=st.fixed_dictionaries(
            {},
            optional={
                "name": st.text(max_size=3),
                "currency": st.sampled_from(["EUR", "USD"]),
                "shipping": SHIPPINGS,
            },
        ),
    ),
    st.builds(AddVariant, variant=DRAFTS),
    st.tuples(
        st.integers(0, 3),
        st.none()
        | st.fixed_dictionaries(
            {}, optional={"sku": st.sampled_from("abc"), "price_cents": PRICES, "active": st.booleans()}
        ),
    ),
    *map(st.just, (PublishProduct(), UnpublishProduct(), DeleteProduct(), RestoreProduct())),
)


@given(st.lists(CHOICES, max_size=15))
def test_invariants_hold_after_any_commands(choices):
    history, state = (), None
    for choice in choices:
        command = choice
        if isinstance(choice, tuple):  # of a variant that there may be
            if not (isinstance(state, Product) and state.variants):
                continue
            variant_id = state.variants[choice[0] % len(state.variants)].id
            command = (
                RemoveVariant(variant_id=variant_id)
                if choice[1] is None
                else UpdateVariant(variant_id=variant_id, changes=choice[1])
            )
        try:
            events = PRODUCT.answer(command, state, NOON)
        except Rejected:
            continue
        history, state = (*history, *events), PRODUCT.fold(events, state)
        assert isinstance(state, Product)
        skus = [sku_key(each.sku) for each in state.variants]
        assert len(set(skus)) == len(skus)
        assert (state.status == "deleted") == (state.deleted_at is not None)
        assert (state.status == "published") == (state.published_at is not None)
        if state.status == "published":
            publishable(state.details, state.variants)
    assert_folds_as_stored(PRODUCT, history)
