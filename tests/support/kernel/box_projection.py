"""The shelf's projection, and a row of it."""

from support.spec import TENANT
from support.stream_events import SHELF
from troupe.projection import generations
from troupe.projection.projection import projection
from troupe.projection.view import Place
from troupe.store import reads

handler = projection(SHELF)
FULL_CARD = Place(parts=("b",), sort="CARD")


def card(box="b", tenant_id=TENANT):
    return reads.one(generations.key("shelf", 1, tenant_id, Place(parts=(box,), sort="CARD")))


def fold(source, events):
    was = None
    for event in events:
        was = source.project(was, event)
    return was
