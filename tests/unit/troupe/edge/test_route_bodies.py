"""The request body of a declared command, and when its model is built."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

from support.kernel.box import BOX
from troupe.edge import fields, routes
from troupe.edge.routes import Routes


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelBox:
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    times: int = 1


def decide(command: LabelBox, state, context):
    return ()


LABELLED = replace(BOX, decide=decide)


def test_defaults_of_the_command_are_those_of_the_body():
    body = Routes(LABELLED).started("a timer", LabelBox).operation.body
    assert body().model_dump() == {"labels": {}, "times": 1}


def test_the_function_of_a_command_has_its_body_built_at_once(monkeypatch):
    monkeypatch.setenv("_HANDLER", "support.kernel.routes.label_box")
    built = []

    def body(*given, **options):
        built.append(given[0])
        return made(*given, **options)

    made = routes._body
    monkeypatch.setattr(routes, "_body", body)
    Routes(LABELLED).started("a timer", LabelBox)
    assert built == [LabelBox]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PutLabels:
    box_id: str
    first: Label
    others: tuple[Label, ...]


class LabelForm(fields.Form):
    text: str

    def value(self) -> Label:
        return Label(text=self.text)


class LabelsBody(fields.Body):
    first: LabelForm
    others: tuple[LabelForm, ...] = ()
    in_whose_name: str = ""


def test_a_command_is_made_of_its_fields_in_path_and_body_and_of_the_values_of_forms():
    labelled = Routes(LABELLED, permission="user:read", run=lambda _request, command: command)
    put = labelled.put("/boxes/{box_id}/labels", PutLabels, body=LabelsBody, status=201)
    body = put.operation.body(first=LabelForm(text="a"), others=(LabelForm(text="b"),), in_whose_name="ann")
    request = SimpleNamespace(body=body, path={"box_id": "1"}, id=lambda name: {"box_id": "1"}[name])
    assert put._handle(request) == PutLabels(box_id="1", first=Label(text="a"), others=(Label(text="b"),))
    assert put.operation.status == 201
