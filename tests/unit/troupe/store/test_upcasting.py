"""Events of older and newer releases, as the code of now reads them."""

from dataclasses import replace

import pytest

from support.kernel.box import BOX, Filled
from support.kernel.box import Made as OldMade
from support.kernel.newer_box import NEWER_BOX, Made
from support.stream_events import envelope
from troupe.domain.upcasting import upcast_event, upcast_state
from troupe.store.aggregates import Unreadable, event_in

OLD = envelope("box", "b", 1, "made", name="blue")
NEW = replace(OLD, schema_version=2, data={"name": "blue", "title": "Blue"})
STEPS = {("box.made", 1): lambda old: {**old, "b": 1}, ("box.made", 2): lambda old: {**old, "c": old["b"]}}


class TestEvents:
    def test_one_step_after_the_other(self):
        assert upcast_event(STEPS, "box.made", 1, {"a": 0}) == (3, {"a": 0, "b": 1, "c": 1})
        assert upcast_event(STEPS, "box.made", 2, {"b": 5}) == (3, {"b": 5, "c": 5})
        assert upcast_event(STEPS, "box.filled", 1, {}) == (1, {})

    def test_an_older_one_is_upcast(self):
        assert event_in(NEWER_BOX, OLD) == Made(name="blue", title="blue")
        assert OLD.upcast(NEWER_BOX.event_upcasters).schema_version == 2

    def test_one_that_was_upcast_stays(self):
        once = OLD.upcast(NEWER_BOX.event_upcasters)
        assert once.upcast(NEWER_BOX.event_upcasters) is once

    def test_a_newer_one_is_read_without_what_is_not_known(self):
        assert event_in(BOX, NEW) == OldMade(name="blue")
        assert NEW.upcast(BOX.event_upcasters) is NEW

    def test_a_type_that_only_a_newer_release_has(self):
        assert event_in(BOX, envelope("box", "b", 2, "painted", colour="red")) is None

    def test_one_that_is_broken(self):
        with pytest.raises(Unreadable, match="with_what: missing"):
            event_in(BOX, envelope("box", "b", 2, "filled"))
        assert event_in(BOX, envelope("box", "b", 2, "filled", with_what="sand")) == Filled(with_what="sand")


def test_a_state_takes_the_steps_from_its_number_on():
    steps = {1: lambda old: {**old, "b": 1}, 3: lambda old: {**old, "d": old["b"]}}
    assert upcast_state(steps, {"a": 0}, 1, 4) == {"a": 0, "b": 1, "d": 1}
    assert upcast_state(steps, {"a": 0}, 4, 4) == {"a": 0}
