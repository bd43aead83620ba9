"""The rebuild of the kernel's sample read model, run by tests with a time that passes when they say so."""

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest

from support.spec import OTHER, TENANT
from support.stream_events import SHELF, box_life, happened
from troupe import clock
from troupe.projection import generations, rebuild
from troupe.projection.rebuild import BEFORE_SCAN_SECONDS, REST_SECONDS
from troupe.store import table
from troupe.store.scans import MARGIN_MILLISECONDS

START = {"view": "shelf", "start": True, "segments": 1}
STEP = {"view": "shelf"}


passed = [0.0]


def pass_time_by_hand(monkeypatch):
    """The clock of the job and of the projections that cache the generation."""
    passed[0] = 0
    monkeypatch.setattr(rebuild, "now", lambda: clock.now() + timedelta(seconds=passed[0]))
    monkeypatch.setattr(generations, "time", SimpleNamespace(time=lambda: time.time() + passed[0]))


def wait(seconds=REST_SECONDS + 1):
    passed[0] += seconds


def run(event, pages=10**6, views=(SHELF,)):
    """Run the job for as many pages as it has time for."""
    left = iter(range(pages))
    time_left = lambda: 60_000 if next(left, None) is not None else MARGIN_MILLISECONDS - 1  # noqa: E731 -- a clock
    return rebuild.rebuild(*views)(event, SimpleNamespace(get_remaining_time_in_millis=time_left))


def job(event, pages=10**6, views=(SHELF,)):
    """The same; a start is waited for until its scan may begin."""
    if event.get("start"):
        run(event, 0, views)
        wait(BEFORE_SCAN_SECONDS + 1)
    return run(event, pages, views)


def settle(later, views=(SHELF,)):
    """Go on until the rebuild is over."""
    for _ in range(10):
        if job({"view": views[0].name}, views=views)["phase"] == "settled":
            return
        later()
    pytest.fail("it does not end")


def marks(view):
    found = table.client().scan(TableName="t")["Items"]
    return [item for item in found if item["PK"]["S"].split("#")[1:3] == ["COUNTED", view.upper()]]


def lives(tenants=(TENANT, OTHER), boxes=2, length=4):
    events = []
    for tenant_id in tenants:
        for number in range(boxes):
            events += box_life(f"b{number}", length, tenant_id, seed=number)
            events.append(happened("tag", f"b{number}", 1, "written", tenant_id=tenant_id, text="fragile"))
    return events
