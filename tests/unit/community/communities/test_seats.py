"""A seat is somebody's in a community that is there."""

import pytest

from community.communities import seat
from troupe.store.aggregates import stored
from troupe.store.transact import Unknown


def test_what_is_not_there_is_unknown():
    with pytest.raises(Unknown):
        seat.community_of(stored(seat.community_ref("c"), None))
    with pytest.raises(Unknown):
        seat.membership_of(stored(seat.membership_ref("c", "e"), None))
