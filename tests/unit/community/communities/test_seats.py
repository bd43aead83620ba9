"""A seat is somebody's in a community that is there."""

import pytest

from community import seats
from troupe.aggregates import stored
from troupe.store import Unknown


def test_what_is_not_there_is_unknown():
    with pytest.raises(Unknown):
        seats.community_of(stored(seats.community_ref("c"), None))
    with pytest.raises(Unknown):
        seats.membership_of(stored(seats.membership_ref("c", "e"), None))
