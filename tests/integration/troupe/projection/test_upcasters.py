"""Events of an older release in a read model whose code knows the newer form alone."""

from dataclasses import dataclass, replace

import pytest

from support.kernel.rebuild_job import START, job
from support.spec import LAMBDA, TENANT
from support.stream_events import NOON, batch, failed, happened, rows, shelf
from troupe.projection.inbound import inbound
from troupe.projection.projection import part, projection
from troupe.projection.view import Increment, Source, View
from troupe.store import reads
from troupe.store.keys import Key

UPCASTERS = {("box.made", 1): lambda old: {"title": old["name"]}}
pytestmark = pytest.mark.usefixtures("own_time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled:
    title: str


def project(was, event):
    return Titled(title=event.data["title"]) if event.type == "box.made" else was


def count(event, _at):
    if event.type == "box.made":
        yield Increment(place=shelf(event), field="letters", by=len(event.data["title"]))


TITLES = Source[Titled](kind="box", shape=Titled, place=shelf, project=project)
VIEW = View(name="shelf", sources=(TITLES,), count=count, upcasters=UPCASTERS)
keep = projection(VIEW)


def row() -> dict:
    return reads.one(Key(f"{TENANT}#SHELF#b", "CARD")) or {}


def test_a_message_is_upcast_for_its_row_and_for_what_is_counted(table):
    assert failed(keep(batch(happened("box", "b", 1, "made", name="blue")), LAMBDA)) == []
    assert (part(TITLES, row()), row()["letters"]) == (Titled(title="blue"), 4)


def test_a_missing_one_is_upcast_when_it_is_read(table):
    happened("box", "b", 1, "made", name="blue")
    assert failed(keep(batch(happened("box", "b", 2, "filled", with_what="sand")), LAMBDA)) == []
    assert part(TITLES, row()) == Titled(title="blue")


def test_a_rebuild_upcasts_them_too(table, later):
    assert failed(keep(batch(happened("box", "b", 1, "made", name="blue")), LAMBDA)) == []
    job(START, views=(VIEW,))
    assert rows() == rows(view="shelf~2") != {}


def test_one_of_a_newer_release_is_taken_as_it_is(table):
    newer = replace(happened("box", "b", 1, "made", title="blue", colour="red", at=NOON), schema_version=2)
    assert failed(keep(batch(newer), LAMBDA)) == []
    assert part(TITLES, row()) == Titled(title="blue")


def test_a_reaction_is_given_the_newest_form(table):
    told = []
    react = inbound(reactions={"box.made": (told.append,)}, upcasters=UPCASTERS)
    assert failed(react(batch(happened("box", "b", 1, "made", name="blue")), LAMBDA)) == []
    assert [(event.schema_version, event.data) for event in told] == [(2, {"title": "blue"})]
