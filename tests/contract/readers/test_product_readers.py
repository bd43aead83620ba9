"""What is told of products, of their stock and of locations, others read from the golden events."""

import json

import pytest

from commerce.inventory.decider import INVENTORY
from commerce.inventory.location_decider import LOCATION
from commerce.product.decider import PRODUCT, Product
from documents.samples.golden import golden, life
from troupe.store.aggregates import parse


@pytest.mark.parametrize("decider", [PRODUCT, INVENTORY, LOCATION], ids=lambda decider: decider.name)
def test_there_is_a_golden_event_of_each_type(decider):
    for name, shape in decider.events.items():
        event = golden("commerce", name)
        assert event.aggregate == decider.name
        assert isinstance(parse(shape, json.dumps(event.data)), shape)


def test_the_golden_events_of_a_product_are_a_life_of_one():
    """Each follows from those before it, and what was restored is not on sale."""
    events = life("commerce", "product")
    assert {event.type for event in events} == set(PRODUCT.events)
    state = PRODUCT.fold(parse(PRODUCT.events[event.type], json.dumps(event.data)) for event in events)
    assert isinstance(state, Product)
    assert (state.status, [each.sku for each in state.variants]) == ("unpublished", ["SHOE-RED-42"])


def test_the_golden_events_of_stock_count_it_and_split_it():
    events = life("commerce", "inventory")
    assert {event.type for event in events} == set(INVENTORY.events)
    state = INVENTORY.fold(parse(INVENTORY.events[event.type], json.dumps(event.data)) for event in events)
    assert [(each.safety, each.buckets) for each in state.places] == [(5, 8)]
