"""A tenant with feeds, which nothing is in yet."""

import pytest

from circle import found
from desk import DEFINITION, FLOW_ARN, FUNCTIONS, Desk
from flow_engine import Engine
from forum import wrote
from gazette import Gazette
from people import NOON
from troupe import generations


@pytest.fixture
def engine(clock, monkeypatch):
    """Where a request that everybody be shown a post waits for its decision."""
    monkeypatch.setenv("DISTRIBUTION_FLOW_ARN", FLOW_ARN)
    engine = Engine.of(DEFINITION, FUNCTIONS, clock)
    engine.install()
    return engine


@pytest.fixture
def gazette(plaza, engine, monkeypatch):
    monkeypatch.setattr("troupe.commit.pause", lambda _attempt: None)
    generations.forget()
    yield Gazette(plaza, NOON)
    generations.forget()


@pytest.fixture
def desk(plaza, clock, gazette, engine, monkeypatch):
    monkeypatch.setattr("community.flows.sweep_distributions.now", clock)
    return Desk(engine, clock, plaza.admin())


@pytest.fixture
def wall(plaza, desk):
    """A post of Emily's, who is a member."""
    circle = found(plaza)
    return wrote(circle, circle.member("Emily"))
