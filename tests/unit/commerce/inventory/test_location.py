"""Where a supplier's stock lies."""

from commerce.inventory.location_decider import LOCATION, AddLocation, LocationAdded
from support.spec import NOON, Given, assert_folds_as_stored

ADD = AddLocation(supplier_id="s", name="Berlin", country="DE")
ADDED = LocationAdded(supplier_id="s", name="Berlin", country="DE", city=None, added_at=NOON.now)


def test_it_is_added_once_and_listed():
    Given(LOCATION)().when(ADD).then(ADDED)
    there = Given(LOCATION)(ADDED)
    listing = LOCATION.listed(there.state, "l")
    assert (listing.collection, listing.summary["country"]) == (("LOCATIONS#s", "l"), "DE")
    assert_folds_as_stored(LOCATION, (ADDED,))
