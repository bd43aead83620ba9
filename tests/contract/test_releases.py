"""What any release has stored, the code of now reads, and writes again without a loss."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from importlib import import_module

import pytest

from documents.contexts import contexts, deciders, views
from documents.places import ROOT
from documents.samples.golden import envelope
from documents.samples.releases import Released, files, misread, released
from support.kernel.box import BOX, Box, Filled, Made
from support.kernel.newer_box import NEWER_BOX
from support.stream_events import envelope as told
from troupe.domain.decider import Decider, events_of

RELEASED = [
    pytest.param(decider, file, id=f"{file.parent.name}-{decider.context}-{decider.name}")
    for decider, file in files()
]
BOX_V1 = released(
    BOX, {"life": [told("box", "b", 1, "made", name="blue"), told("box", "b", 2, "filled", with_what="sand")]}
)


@pytest.mark.parametrize("decider, file", RELEASED)
def test_the_code_of_now_reads_all_of_it(decider, file):
    assert misread(decider, Released.read(file)) == []


@pytest.mark.parametrize("decider, file", RELEASED)
def test_every_read_model_takes_the_events_of_it(decider, file):
    for life in Released.read(file).lives.values():
        events = [envelope(decider.name, version, entry) for version, entry in enumerate(life, 1)]
        for view in views():
            read = [event.upcast(view.upcasters) for event in events]
            for source in view.fed_by(decider.name):
                reduce(source.project, read, None)
            for event in read if view.count else ():
                assert all(
                    each.field for each in view.count(event, datetime.fromisoformat(event.occurred_at))
                )


def test_every_file_of_a_release_has_a_stream():
    assert {file for _, file in files()} == set(ROOT.glob("events/*/releases/*/*.json"))


@pytest.mark.parametrize("context", [each.name for each in contexts()])
def test_every_kind_can_be_folded_again(context):
    job = import_module(f"{context}.refold")
    folded = {decider for decider in vars(job).values() if isinstance(decider, Decider)}
    own = {"identity": {"identity", "kernel"}}.get(context, {context})
    assert folded == {decider for decider in deciders() if decider.context in own}


class TestWhatItCatches:
    """A release of the box, and code that changes its shape in one way or another."""

    def test_the_same_code_reads_it(self):
        assert misread(BOX, BOX_V1) == []
        assert [len(BOX_V1.lives["life"]), len(BOX_V1.states)] == [2, 2]

    def test_a_rename_by_an_upcaster_passes(self):
        assert misread(NEWER_BOX, BOX_V1) == []

    def test_a_field_of_a_state_that_is_renamed_with_a_default(self):
        @dataclass(frozen=True, slots=True, kw_only=True)
        class Renamed:
            title: str = ""
            contents: tuple[str, ...] = ()
            deleted_at: datetime | None = None

        code = replace(
            BOX,
            state=Renamed,
            shape=2,
            begin=made(lambda event: Renamed(title=event.name)),
            deleted_at=lambda state: state.deleted_at,
        )
        assert misread(code, BOX_V1) == ["state 1, name: is not there", "state 2, name: is not there"]
        upcast = replace(code, upcasters={1: lambda old: {"title": old["name"], "contents": old["contents"]}})
        assert misread(upcast, BOX_V1) == []

    def test_a_field_of_a_state_that_is_new_and_has_no_default(self):
        assert misread(replace(NEWER_BOX, upcasters={}), BOX_V1) == [
            f"state {number}: Box cannot be read (title: missing)" for number in (1, 2)
        ]

    def test_a_field_of_a_state_that_is_new_under_the_old_number(self):
        @dataclass(frozen=True, slots=True, kw_only=True)
        class Coloured(Box):
            colour: str = "plain"

        code = replace(BOX, state=Coloured, begin=made(lambda event: Coloured(name=event.name)))
        assert misread(replace(code, shape=2), BOX_V1) == []
        assert misread(code, BOX_V1) == [
            f"state {number}, colour: is not there in shape 1: it is new, so raise the decider's shape"
            for number in (1, 2)
        ]

    def test_an_event_that_is_renamed(self):
        code = replace(BOX, events={"box.built": Made, "box.filled": Filled})
        assert misread(code, BOX_V1) == ["life, event 1: box.made is not known"]

    def test_a_field_of_an_event_that_is_renamed_with_a_default(self):
        @dataclass(frozen=True, slots=True, kw_only=True)
        class Filled:
            what: str = ""

        code = replace(BOX, events={**events_of("box", Made), "box.filled": Filled})
        assert misread(code, BOX_V1) == ["life, event 2, box.filled, with_what: is not there"]

    def test_a_field_of_an_event_that_is_new_and_has_no_default(self):
        code = replace(NEWER_BOX, event_upcasters={})
        assert misread(code, BOX_V1) == ["life, event 1, box.made: Made cannot be read (title: missing)"]

    def test_a_value_that_is_read_as_another(self):
        strict = replace(BOX, upcasters={1: lambda old: {**old, "contents": [*old["contents"], 0]}}, shape=2)
        assert [line.partition(" (")[0] for line in misread(strict, BOX_V1)] == [
            "state 1: Box cannot be read",
            "state 2: Box cannot be read",
        ]

    def test_a_life_that_leads_to_nothing(self):
        code = replace(BOX, begin=made(lambda event: None))
        assert misread(code, replace(BOX_V1, states=())) == ["life leads to no state"]


def made(act):
    def begin(event: Made):
        return act(event)

    return begin
