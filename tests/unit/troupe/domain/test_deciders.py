"""What holds of every aggregate: its functions take all its commands and events, and its lifecycle is kept."""

import sys
from typing import get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from documents.contexts import deciders
from support.spec import NOON
from troupe.domain.decider import Rejected, cases
from troupe.domain.lifecycle import Lifecycle

DECIDERS = deciders()
MOVES = [
    (decider, lifecycle, command, status)
    for decider in DECIDERS
    for lifecycle in vars(sys.modules[decider.create.__module__]).values()
    if isinstance(lifecycle, Lifecycle)
    for command in lifecycle.moves
    for status in get_args(get_type_hints(decider.state)["status"].__value__)
]


def asking(command):
    """A command whose conditions (`leads`, say) are not met."""
    unmet = {field: st.just(value=False) for field, hint in get_type_hints(command).items() if hint is bool}
    return st.builds(command, **unmet)


def name(value):
    return getattr(value, "name", None) or getattr(value, "__name__", None) or str(value)[:20]


@pytest.mark.parametrize("decider", DECIDERS, ids=name)
def test_every_event_is_evolved_under_a_name_of_its_own(decider):
    taken = {*cases(decider.begin.__annotations__["event"]), *cases(decider.evolve.__annotations__["event"])}
    assert taken == set(decider.events.values())
    assert len(decider.events) == len(taken)


@pytest.mark.parametrize(("decider", "lifecycle", "command", "status"), MOVES, ids=name)
@settings(max_examples=1, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_command_moves_the_status_as_the_table_says(decider, lifecycle, command, status, data):
    """Each legal move, each status that is reached already, and each pair that is refused."""
    state = data.draw(st.builds(decider.state, status=st.just(status)))
    move, asked = lifecycle.moves[command], data.draw(asking(command))
    if status == move.to:
        assert decider.decide(asked, state, NOON) == ()
    elif status not in move.source:
        with pytest.raises(Rejected) as refused:
            decider.decide(asked, state, NOON)
        assert refused.value.code in {"invalid_transition", f"{decider.name}_deleted"}
    elif move.event:
        (event,) = lifecycle.decide(asked, state, NOON)
        assert lifecycle.status(decider.evolve(state, event)) == move.to
        assert decider.type_of(event) in decider.events
