"""python -m local.stack.sam_local [BUILD]: a built template that `sam local` can run.

In Docker, sam looks for a nested stack's layers in that stack alone, and fails on those that come as
parameters from the root (https://github.com/aws/aws-sam-cli/issues/2820). So beside each built template.yaml
this writes a local.yaml, in which every nested stack has the layers as resources of its own.

`sam local start-api` has one host for all contexts, without their mappings, and serves one of two routes that
are alike. So each of those gets its context's mapping in the copy: POST /v1/commerce/webhooks/stripe. Of the
default routes the root's alone is left.

`sam local invoke -e` needs a file: the sample invocation of each function is written to events/ beside them.
"""

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_dump, yaml_parse

from documents.places import importable
from local.places import REPOSITORY, LocalError

NAME = "local.yaml"
APPLICATION, LAYER = "AWS::Serverless::Application", "AWS::Serverless::LayerVersion"
FUNCTION = "AWS::Serverless::Function"
ROUTE = "HttpApi"

type Resources = dict[str, dict[str, Any]]


def write(build: Path) -> Path:
    """Write them below a folder that sam build has filled; the root's is what to give to sam local."""
    if not (build / "template.yaml").exists():
        raise LocalError(f"nothing is built in {build}: run 'sam build' first")
    root = _parsed(build / "template.yaml")
    resources: Resources = root["Resources"]
    layers = {name: each for name, each in resources.items() if each["Type"] == LAYER}
    applications = {
        name.lower(): each["Properties"] for name, each in resources.items() if each["Type"] == APPLICATION
    }
    nested = {context: _parsed(build / each["Location"]) for context, each in applications.items()}
    _tell_apart(nested)
    for context, application in applications.items():
        given: dict[str, Any] = application["Parameters"]
        passed = {
            name: value["Ref"]
            for name, value in given.items()
            if isinstance(value, dict) and value.get("Ref") in layers
        }
        _give(nested[context], layers, passed, build)
        target = (build / application["Location"]).with_name(NAME)
        target.write_text(yaml_dump(nested[context]), encoding="utf-8")
        application["Parameters"] = {name: value for name, value in given.items() if name not in passed}
        application["Location"] = str(target.relative_to(build))
    (build / NAME).write_text(yaml_dump(root), encoding="utf-8")
    return build / NAME


def _parsed(template: Path) -> dict[str, Any]:
    parsed: dict[str, Any] = yaml_parse(template.read_text(encoding="utf-8"))
    return parsed


def _without_default(nested: Mapping[str, dict[str, Any]]) -> None:
    """Without the contexts' default routes, of which one host has one."""
    for template in nested.values():
        for each in template["Resources"].values():
            events = each.get("Properties", {}).get("Events", {})
            for name in [name for name, event in events.items() if _is_default(event)]:
                del events[name]


def _is_default(event: Mapping[str, Any]) -> bool:
    return event["Type"] == ROUTE and "Path" not in event["Properties"]


def _tell_apart(nested: Mapping[str, dict[str, Any]]) -> None:
    """What several contexts have under one path gets the path that it has under the domain."""
    _without_default(nested)
    found = [
        (context, event["Properties"])
        for context, template in nested.items()
        for each in template["Resources"].values()
        for event in each.get("Properties", {}).get("Events", {}).values()
        if event["Type"] == ROUTE
    ]
    owners = Counter((route["Method"], route["Path"]) for _, route in found)
    for context, route in found:
        if owners[route["Method"], route["Path"]] > 1:
            route["Path"] = f"/v1/{context}{route['Path']}"


def _give(template: dict[str, Any], layers: Resources, passed: Mapping[str, str], build: Path) -> None:
    """Copies of the layers that were passed to a nested stack, as its own."""
    for parameter, layer in passed.items():
        del template["Parameters"][parameter]
        properties = layers[layer]["Properties"]
        folder = (build / properties["ContentUri"]).resolve()
        template["Resources"][parameter] = {
            "Type": LAYER,
            "Properties": {"ContentUri": str(folder), "CompatibleRuntimes": ["python3.13"]},
        }


def write_samples(build: Path) -> list[Path]:
    """Write the sample invocation of every function to events/<context>/<function>.json."""
    importable()
    from documents.samples.invocations import sample, snake  # noqa: PLC0415 -- once the contexts are importable

    root = _parsed(build / "template.yaml")["Resources"]
    owners = {"root": root}
    for name, each in root.items():
        if each["Type"] == APPLICATION:
            owners[name.lower()] = _parsed(build / each["Properties"]["Location"])["Resources"]
    written = list[Path]()
    for owner, resources in owners.items():
        for name in (name for name, each in resources.items() if each["Type"] == FUNCTION):
            target = build / "events" / owner / f"{snake(name)}.json"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(sample(f"{owner}.{name}"), indent=2) + "\n", encoding="utf-8")
            written.append(target)
    return written


def main(given: list[str]) -> None:
    build = Path(given[0]) if given else REPOSITORY / ".aws-sam/build"
    print(write(build))
    print(f"{len(write_samples(build))} sample invocations in {build / 'events'}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except LocalError as error:
        sys.exit(f"failed: {error}")
