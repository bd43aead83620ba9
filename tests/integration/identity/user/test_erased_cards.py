"""An erased person leaves no card, for every order of events and of the deletion of the key."""

import pytest

from identity import inbound
from identity.user.card_key import key_of
from identity.user.cards import PERSON
from support.dynamodb import published_events
from support.identity.tenant import Call
from support.spec import LAMBDA
from support.stream_events import batch, failed
from troupe.projection.projection import part
from troupe.store import reads

erase = Call("erase_user", "POST /users/{user_id}/erase")
rename = Call("update_profile", "PATCH /me/profile", {"display_name": "Planted again"})


def deliver(*events):
    assert failed(inbound.handler(batch(*events), LAMBDA)) == []


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (4,), (2, 4, 0), (0, 4, 2)])
@pytest.mark.parametrize("shown_before", [True, False])
def test_the_card_is_gone(tenant, order, shown_before):
    who = tenant.person("Planted")
    rename(principal=who)
    before = published_events()
    if shown_before:
        deliver(*before)
        assert part(PERSON, reads.one(key_of(tenant.tenant_id, who))).display_name == "Planted again"
    erase({"user_id": who})
    events = [each for each in published_events() if each.aggregate == "user"]
    for number in order:
        deliver(events[number])
    row = reads.one(key_of(tenant.tenant_id, who))
    assert part(PERSON, row) is None
    assert "Planted" not in str(row)
