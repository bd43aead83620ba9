"""The shelf's projection, and a row of it."""

from feed import SHELF
from spec import TENANT
from troupe import generations, reads
from troupe.projection import projection
from troupe.views import Place

handler = projection(SHELF)
FULL_CARD = Place(parts=("b",), sort="CARD")


def card(box="b", tenant_id=TENANT):
    return reads.one(generations.key("shelf", 1, tenant_id, Place(parts=(box,), sort="CARD")))


def fold(source, events):
    was = None
    for event in events:
        was = source.project(was, event)
    return was
