"""A tenant with feeds, which nothing is in yet."""

import pytest

from gazette import Gazette
from people import NOON
from troupe import generations


@pytest.fixture
def gazette(plaza, monkeypatch):
    monkeypatch.setattr("troupe.commit.pause", lambda _attempt: None)
    generations.forget()
    yield Gazette(plaza, NOON)
    generations.forget()
