"""A tenant with feeds, which nothing is in yet."""

import pytest

from support.community.communities import found
from support.community.distribution import DEFINITION, FLOW_ARN, FUNCTIONS, Distribution
from support.community.feeds import Feeds
from support.community.posts import wrote
from support.principals import NOON
from support.step_functions import Engine
from troupe.projection import generations


@pytest.fixture
def engine(clock, monkeypatch):
    """Where a request to show a post globally waits for its decision."""
    monkeypatch.setenv("DISTRIBUTION_FLOW_ARN", FLOW_ARN)
    engine = Engine.of(DEFINITION, FUNCTIONS, clock)
    engine.install()
    return engine


@pytest.fixture
def feeds(tenant, engine, monkeypatch):
    monkeypatch.setattr("troupe.store.commit.pause", lambda _attempt: None)
    generations.forget()
    yield Feeds(tenant, NOON)
    generations.forget()


@pytest.fixture
def distribution(tenant, clock, feeds, engine, monkeypatch):
    monkeypatch.setattr("community.distribution.flow.sweep_distributions.now", clock)
    return Distribution(engine, clock, tenant.admin())


@pytest.fixture
def wall(tenant, distribution):
    """A post of Emily's, who is a member."""
    community = found(tenant)
    return wrote(community, community.member("Emily"))
