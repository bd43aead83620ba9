"""The request body of a declared command, and when its model is built."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from support.kernel.box import BOX
from troupe.edge import routes
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
