"""What is planted in each declared field of the golden lives is in no event, and blank without the key."""

import json
import re
from typing import Any

import pytest

from documents.contexts import deciders
from documents.samples.golden import lives
from documents.samples.sample_ids import STREAMS
from support.kernel.stored_box import SCOPE
from troupe.domain.personal import blanked, declared
from troupe.store import aggregates, personal
from troupe.store.aggregates import Ref, dump, parse
from troupe.store.attributes import unpack
from troupe.store.envelope import Envelope
from troupe.store.keys import Key

PLANTED = "Planted where no search may find it"
DECLARED = [each for each in deciders() if any(declared(shape) for shape in each.events.values())]
KEPT = re.compile(  # ids, instants, codes
    r"[0-9a-f-]{36}(\.[0-9a-f-]{36})*|\d{4}-\d\d-\d\d.*|[A-Z]{2}|user|supplier|operator|post|comment|team|org|private"
)


def plant(value: Any) -> Any:
    match value:
        case str() if not KEPT.fullmatch(value):
            return PLANTED
        case dict():
            return {name: plant(each) for name, each in value.items()}
        case list():
            return [plant(each) for each in value]
        case _:
            return value


def planted(shape: type, data: Any) -> Any:
    """The golden event with the word in each field that is declared."""
    marked = declared(shape)
    return parse(
        shape, json.dumps({name: plant(each) if name in marked else each for name, each in data.items()})
    )


def cases():
    for decider in DECLARED:
        for name, life in lives(decider.context, decider.name).items():
            events = tuple(planted(decider.events[each.type], each.data) for each in life)
            if any(PLANTED in dump(type(each), each) for each in events):
                yield pytest.param(decider, events, id=f"{decider.name}-{name}")


def stored(decider: Any, events: tuple[Any, ...]) -> tuple[list[Envelope], dict[Key, Any]]:
    """The events as the table has them, and the keys of their subjects."""
    ref, known = (
        Ref(decider=decider, id=STREAMS[decider.name], creates=True),
        personal.Keys(SCOPE.tenant_id, {}),
    )
    change = aggregates.change(ref, aggregates.stored(ref, None), events)
    puts = aggregates.actions(change, SCOPE, known)
    held = [unpack(each.parameters["Item"]) for each in known.actions()]
    envelopes = [Envelope.of_item(each.parameters["Item"]) for each in puts if each.event_id]
    return envelopes, {Key(each["PK"], each["SK"]): each for each in held}


def read(decider: Any, envelopes: list[Envelope], keys: dict[Key, Any]) -> list[Any]:
    return [
        parse(decider.events[each.type], json.dumps(each.data)) for each in personal.opened(envelopes, keys)
    ]


def test_each_declared_stream_has_a_life_with_something_personal():
    assert {each.values[0].name for each in cases()} == {each.name for each in DECLARED}


@pytest.mark.parametrize("decider, events", [*cases()])
class TestPlanted:
    def test_is_in_no_event_as_it_is_stored_and_published(self, decider, events):
        envelopes, _ = stored(decider, events)
        assert not [each.type for each in envelopes if PLANTED in json.dumps(each.detail())]

    def test_opens_with_the_keys(self, decider, events):
        assert read(decider, *stored(decider, events)) == list(events)

    def test_reads_blank_without(self, decider, events):
        envelopes, keys = stored(decider, events)
        gone = {key: {} for key in keys}
        assert read(decider, envelopes, gone) == [blanked(each) for each in events]

    def test_a_life_that_ends_erased_ends_alike_with_the_keys_and_without(self, decider, events):
        envelopes, keys = stored(decider, events)
        with_keys = decider.fold(read(decider, envelopes, keys))
        if envelopes[-1].type.endswith("personal_data_erased"):
            assert PLANTED not in dump(decider.state, with_keys)
            assert decider.fold(read(decider, envelopes, {key: {} for key in keys})) == with_keys
