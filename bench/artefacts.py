"""What the stack was built of: the layers, the artefacts, and every function's handler."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from local.places import state_folder

LAYERS = ("RuntimeLayer",)  # of the root, and of every function


class Loader(yaml.SafeLoader):
    """CloudFormation's YAML: its tags are read as plain values."""


Loader.add_multi_constructor("!", lambda loader, _tag, node: _plain(loader, node))


def _plain(loader: yaml.SafeLoader, node: yaml.Node) -> object:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True) if isinstance(node, yaml.MappingNode) else None


@dataclass(frozen=True, slots=True, order=True)
class Handler:
    """A function as it was built: name, handler, the layer of its context, and the layers of its own."""

    name: str
    entry: str
    context: Path
    layers: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        return self.entry.rpartition(".")[0]

    @property
    def paths(self) -> list[Path]:
        """Where it imports from."""
        return [self.context, *(built() / name / "python" for name in (*LAYERS, *self.layers))]


def built() -> Path:
    return state_folder() / "build"


def handlers() -> list[Handler]:
    """Every function of every template, each handler once."""
    found = {handler.entry: handler for handler in _handlers(built() / "template.yaml")}
    return sorted(found.values())


def _handlers(template: Path) -> Iterator[Handler]:
    document = yaml.load(template.read_text(encoding="utf-8"), Loader)
    for name, resource in document["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            entry = properties["Handler"]
            own = tuple(layer["Ref"] for layer in properties.get("Layers", ()))
            layer = f"{entry.partition('.')[0].capitalize()}Layer"
            folder = document["Resources"][layer]["Properties"]["ContentUri"]
            yield Handler(name, entry, template.parent / folder / "python", own)
        elif resource["Type"] == "AWS::Serverless::Application":
            yield from _handlers(template.parent / properties["Location"])
