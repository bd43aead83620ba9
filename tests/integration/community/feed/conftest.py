"""A tenant with feeds, which nothing is in yet."""

import pytest

from support.community.communities import found
from support.community.distribution import DEFINITION, FLOW_ARN, FUNCTIONS, Desk
from support.community.feeds import Gazette
from support.community.posts import wrote
from support.principals import NOON
from support.step_functions import Engine
from troupe.projection import generations


@pytest.fixture
def engine(clock, monkeypatch):
    """Where a request that everybody be shown a post waits for its decision."""
    monkeypatch.setenv("DISTRIBUTION_FLOW_ARN", FLOW_ARN)
    engine = Engine.of(DEFINITION, FUNCTIONS, clock)
    engine.install()
    return engine


@pytest.fixture
def gazette(plaza, engine, monkeypatch):
    monkeypatch.setattr("troupe.store.commit.pause", lambda _attempt: None)
    generations.forget()
    yield Gazette(plaza, NOON)
    generations.forget()


@pytest.fixture
def desk(plaza, clock, gazette, engine, monkeypatch):
    monkeypatch.setattr("community.distribution.flow.sweep_distributions.now", clock)
    return Desk(engine, clock, plaza.admin())


@pytest.fixture
def wall(plaza, desk):
    """A post of Emily's, who is a member."""
    circle = found(plaza)
    return wrote(circle, circle.member("Emily"))
