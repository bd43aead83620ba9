"""Plain commands by their declarations: body, path, target, what is written along, and the permission."""

from dataclasses import dataclass, replace
from typing import Annotated

import pytest

from support.kernel.box import BOX, MAKE, Command, fill
from support.kernel.box import create as create_box
from support.kernel.box import decide as decide_box
from support.spec import LAMBDA, TENANT, request, send
from troupe.domain.limits import Name, Text
from troupe.edge.endpoint import NoBody
from troupe.edge.routes import Routes, me, new
from troupe.security.roles import SELF
from troupe.store import keys, reads, writes
from troupe.store.transact import Decision, load

ONE_WORD = Annotated[str, Text(strip_whitespace=True, min_length=1, max_length=5)]
BESIDE = keys.counter(TENANT, "boxes", "filled")


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeBox:
    name: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class FillBox:
    """Put a thing into a box."""

    word: ONE_WORD
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrowBox:
    pass


def create(command: MakeBox, context):
    return create_box(replace(MAKE, word=command.name), context)


def decide(command: FillBox | ThrowBox, state, context):
    match command:
        case FillBox():
            return decide_box(fill(command.word), state, context)
        case ThrowBox():
            return decide_box(Command(verb="throw"), state, context)


def counted(at, change):
    return Decision(changes=(change,), actions=(writes.put(BESIDE, {"filled": change.after.version}),))


BOXES = replace(BOX, create=create, decide=decide)
routes = Routes(BOXES, permission="user:read")
make_box = routes.post("/boxes", MakeBox, target=new)
fill_box = routes.put("/boxes/{box_id}/things", FillBox, also=counted, refusals=("box_full",))
put_word = routes.put("/boxes/{box_id}/things/{word}", FillBox)
throw_box = routes.delete("/boxes/{box_id}", ThrowBox, deleted=True)


def made(name="Toys"):
    reply = send(make_box, request(body={"name": name}))
    assert reply.status == 201, reply.body
    return reply.body["id"]


def stored(box_id):
    return load(TENANT, BOXES, box_id)


def test_a_new_one_has_a_location(table):
    reply = send(make_box, request(body={"name": "  Toys "}))
    box_id = reply.body["id"]
    assert reply.headers["location"].endswith(f"/boxes/{box_id}")
    assert stored(box_id).state.name == "Toys"


def test_the_body_is_the_commands_fields_with_their_limits(table):
    path = {"box_id": made()}
    reply = send(fill_box, request(path=path, body={"word": " red "}))
    assert (reply.status, stored(path["box_id"]).state.contents) == (200, ("red",))
    for wrong in (
        {"word": "purple"},
        {"word": " "},
        {},
        {"word": "red", "size": 1},
        {"word": "red", "times": "x"},
    ):
        assert send(fill_box, request(path=path, body=wrong)).status == 422


def test_what_the_path_has_is_not_in_the_body(table):
    path = {"box_id": made(), "word": "blue"}
    assert "word" not in put_word.operation.body.model_fields
    assert send(put_word, request(path=path, body={})).status == 200
    assert stored(path["box_id"]).state.contents == ("blue",)


def test_what_is_written_along_is_written_if_something_happened(table):
    path = {"box_id": made()}
    for _ in range(2):
        assert send(fill_box, request(path=path, body={"word": "red"})).status == 200
    assert reads.one(BESIDE)["filled"] == 2


def test_a_deleted_one_is_asked_only_where_that_is_said(table):
    path = {"box_id": made()}
    assert send(throw_box, request(path=path)).status == 200
    assert send(throw_box, request(path=path)).status == 200
    assert send(fill_box, request(path=path, body={"word": "red"})).status == 404


def test_a_direct_invocation_answers_with_the_body_alone(table):
    event = {"tenant_id": TENANT, "path": {"box_id": made()}, "body": {"word": "red"}}
    assert fill_box(event, LAMBDA)["version"] == 2


def test_ones_own_is_by_the_caller(table):
    mine = Routes(BOXES, target=me, permission=SELF).put("/me/box", FillBox)
    assert send(mine, request(body={"word": "red"})).status == 404  # the caller has none
    assert mine.operation.required is None


def test_a_route_names_its_permission():
    with pytest.raises(ValueError, match="ThrowBox names its permission"):
        Routes(BOXES).delete("/boxes/{box_id}", ThrowBox)
    with pytest.raises(ValueError, match="not in the catalogue"):
        Routes(BOXES).delete("/boxes/{box_id}", ThrowBox, permission="box:throw")
    assert Routes(BOXES).started("a timer", ThrowBox).operation.permission is None


def test_a_body_is_built_when_it_is_needed_or_for_the_function_that_is_loaded(monkeypatch):
    assert "operation" not in vars(routes.put("/boxes/{box_id}/lid", FillBox))
    monkeypatch.setenv("_HANDLER", "shop.box_routes.fill_box")
    assert "operation" in vars(routes.put("/boxes/{box_id}/lid", FillBox))
    assert routes.delete("/boxes/{box_id}", ThrowBox).operation.body is NoBody
