"""One shard of what falls due: a sweep asks each of them, and there is little here."""

import pytest

from troupe import keys


@pytest.fixture(autouse=True)
def quickly(monkeypatch, clock):
    monkeypatch.setattr(keys, "DUE_SHARDS", 1)
    monkeypatch.setattr("commerce.reactions.resume_payouts.now", clock)
