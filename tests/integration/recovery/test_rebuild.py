"""The read models, filled anew from the events, are what the queue made of them."""

from datetime import UTC, datetime, timedelta

import pytest

from recovery.rebuild import handler as rebuild
from support.recovery.attempt_lists import AttemptList, deliver
from support.stream_events import lambda_context, rows

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("view", ["recovery_cases", "recovery_due"])
def test_what_is_rebuilt_is_what_was_live(tenant, view, monkeypatch):
    monkeypatch.setattr("troupe.projection.rebuild.BEFORE_SCAN_SECONDS", 0)
    load = AttemptList(tenant, tenant.workspace())
    won, lost, _open = (load.begin(AT + timedelta(hours=hours)) for hours in range(3))
    load.recover(won, AT + timedelta(days=1))
    load.reverse(won, AT + timedelta(days=2), 400)
    load.abandon(lost, AT + timedelta(days=1))
    deliver(size=3)
    live = rows(view=view)
    report = rebuild({"view": view, "start": True, "segments": 1}, lambda_context())
    assert (report["phase"], report["live"]) == ("swapped", 2)
    assert rows(view=f"{view}~2") == live != {}
