"""Each read model that counts by day: after a change of zone, a rebuild counts the days that were counted live."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pkgutil import walk_packages

import pytest

from documents.contexts import contexts, deciders
from documents.samples.golden import golden
from support.spec import TENANT
from troupe.domain.time_zones import Zones, local
from troupe.ids import new_id
from troupe.projection import generations
from troupe.projection.counters import count
from troupe.projection.rebuild import BEGINNING
from troupe.projection.view import View
from troupe.store import keys, reads, writes
from troupe.store.commit import commit

LATE = datetime.now(UTC).replace(hour=23, minute=30, second=0, microsecond=0) - timedelta(days=1)
ZONES = Zones(current="Asia/Tokyo", before=((LATE + timedelta(minutes=5), "UTC"),))
VIEWS = {
    view.name: view
    for context in contexts()
    for module in walk_packages([str(context.package)], f"{context.name}.")
    for view in vars(import_module(module.name)).values()
    if isinstance(view, View) and view.count
}
GOLDEN = [golden(each.context, name) for each in deciders() for name in each.events]


def happened(view):
    """Each golden event that adds something, before and after the zone has changed."""
    for event in GOLDEN:
        for at in (LATE, LATE + timedelta(minutes=10)):
            told = replace(event, id=new_id(), tenant_id=TENANT, occurred_at=at.isoformat())
            if list(view.count(told, local(at, "UTC"))):
                yield told


def counted(view, generation):
    """What stands in the rows of one generation."""
    places = {
        each.place: generations.key(view.name, generation, TENANT, each.place)
        for event in happened(view)
        for zone in ("UTC", "Asia/Tokyo")
        for each in view.count(event, local(datetime.fromisoformat(event.occurred_at), zone))
    }
    rows = reads.many(list(places.values()))
    return {
        place: {name: value for name, value in row.items() if name not in {"PK", "SK"}}
        for place, key in places.items()
        if (row := rows.get(key))
    }


def stand(zones):
    before = [[ended.isoformat(), zone] for ended, zone in zones.before]
    commit([writes.put(keys.standing(TENANT), {"zone": zones.current, "zones": before})])


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_rebuild_after_a_change_of_zone_equals_the_live_one(table, view):
    events = list(happened(view))
    assert events
    stand(Zones(current="UTC"))
    assert count(view, 1, [each for each in events if each.occurred_at == LATE.isoformat()]) == {}
    stand(ZONES)
    assert count(view, 1, events) == {}
    assert count(view, 2, events, oldest=BEGINNING) == {}
    live = counted(view, 1)
    assert live
    assert counted(view, 2) == live
