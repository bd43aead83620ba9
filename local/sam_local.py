"""python -m local.sam_local [BUILD]: a built template that `sam local` can run.

In Docker, sam looks for a nested stack's layers in that stack alone, and fails on those that come as
parameters from the root (https://github.com/aws/aws-sam-cli/issues/2820). So beside each built template.yaml
this writes a local.yaml, in which every nested stack has the layers as resources of its own.
"""

import sys
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_dump, yaml_parse

from local.places import REPOSITORY

NAME = "local.yaml"
APPLICATION, LAYER = "AWS::Serverless::Application", "AWS::Serverless::LayerVersion"

type Resources = dict[str, dict[str, Any]]


def write(build: Path) -> Path:
    """Write them below a folder that sam build has filled; the root's is what to give to sam local."""
    root: dict[str, Any] = yaml_parse((build / "template.yaml").read_text(encoding="utf-8"))
    resources: Resources = root["Resources"]
    layers = {name: each for name, each in resources.items() if each["Type"] == LAYER}
    for application in (each["Properties"] for each in resources.values() if each["Type"] == APPLICATION):
        template = build / application["Location"]
        given: dict[str, Any] = application["Parameters"]
        passed = {
            name: value["Ref"]
            for name, value in given.items()
            if isinstance(value, dict) and value.get("Ref") in layers
        }
        application["Parameters"] = {name: value for name, value in given.items() if name not in passed}
        application["Location"] = str(_nested(template, layers, passed, build).relative_to(build))
    (build / NAME).write_text(yaml_dump(root), encoding="utf-8")
    return build / NAME


def _nested(template: Path, layers: Resources, passed: dict[str, str], build: Path) -> Path:
    """A nested stack with its own copies of the layers that were passed to it."""
    nested: dict[str, Any] = yaml_parse(template.read_text(encoding="utf-8"))
    for parameter, layer in passed.items():
        del nested["Parameters"][parameter]
        properties = layers[layer]["Properties"]
        folder = (build / properties["ContentUri"]).resolve()
        nested["Resources"][parameter] = {
            "Type": LAYER,
            "Properties": {"ContentUri": str(folder), "CompatibleRuntimes": ["python3.13"]},
        }
    target = template.with_name(NAME)
    target.write_text(yaml_dump(nested), encoding="utf-8")
    return target


if __name__ == "__main__":
    print(write(Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / ".aws-sam/build"))
