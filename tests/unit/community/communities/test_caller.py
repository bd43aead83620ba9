"""The caller's membership in an existing community."""

import pytest

from community.communities import caller
from troupe.store.aggregates import stored
from troupe.store.transact import Unknown


def test_what_is_not_there_is_unknown():
    with pytest.raises(Unknown):
        caller.community_of(stored(caller.community_ref("c"), None))
    with pytest.raises(Unknown):
        caller.membership_of(stored(caller.membership_ref("c", "e"), None))
