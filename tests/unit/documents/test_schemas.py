from dataclasses import dataclass

from pydantic import BaseModel

from documents.api.schemas import COMPONENTS, Schemas, alone


@dataclass(frozen=True)
class Part:
    size: int


@dataclass(frozen=True)
class Told:
    """Says what it is."""

    part: Part


class Box(BaseModel):
    part: Part
    title: str = "box"


def made(name, **fields):
    return type(name, (BaseModel,), {"__annotations__": fields, "__module__": f"m_{'_'.join(fields)}"})


def test_a_model_is_called_as_its_class_or_as_it_is_named():
    other = made("Body", y=int)
    schemas = Schemas([(Box, "serialization"), (other, "validation")], {other: "SuspendBody"})
    assert schemas.ref(Box, "serialization") == {"$ref": f"{COMPONENTS}Box"}
    assert schemas.ref(other, "validation") == {"$ref": f"{COMPONENTS}SuspendBody"}
    assert schemas.components.keys() == {"Box", "Part", "SuspendBody"}
    assert schemas.components["Box"]["properties"]["part"] == {"$ref": f"{COMPONENTS}Part"}


def test_two_that_differ_have_two_names():
    one, two = made("Row", x=int), made("Row", y=str)
    schemas = Schemas([(one, "serialization"), (two, "serialization")], {})
    names = {schemas.name(one, "serialization"), schemas.name(two, "serialization")}
    assert len(names) == 2 == len(schemas.components)
    assert all(name.isalnum() for name in names)


def test_what_comes_in_and_goes_out_alike_is_one():
    schemas = Schemas([(Box, "validation"), (Box, "serialization"), (Box, "validation")], {})
    assert schemas.components.keys() == {"Box", "Part"}


def test_titles_and_signatures_are_left_out():
    box = Schemas([(Box, "validation")], {}).components
    assert "title" not in box["Box"]
    assert box["Box"]["properties"]["title"] == {"default": "box", "type": "string"}
    assert "description" not in box["Part"]


def test_a_schema_alone_has_what_it_refers_to():
    schema = alone(Told)
    assert schema["description"] == "Says what it is."
    assert schema["properties"]["part"] == {"$ref": "#/$defs/Part"}
    assert schema["$defs"]["Part"]["properties"] == {"size": {"type": "integer"}}
    assert alone(Part) == {
        "type": "object",
        "properties": {"size": {"type": "integer"}},
        "required": ["size"],
    }
