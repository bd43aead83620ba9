"""docs/openapi.yaml is current, valid, complete, and true: every example in it is one."""

import re

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from documents.api.own import paths
from documents.api.refusals import Refusals
from documents.contexts import contexts, routes
from documents.files import generated, stale
from documents.places import KERNEL, ROOT
from root.documents import ROUTES, VERSION
from support.openapi import committed, misfits, nodes, references, resolve

METHODS = ("get", "post", "put", "patch", "delete")
OPENAPI = committed("openapi.yaml")
EVERY = [route for context in contexts() for route in routes(context)]
REFUSALS = Refusals([KERNEL, *(context.package for context in contexts())])
OPERATIONS = [
    pytest.param(path, method, item[method], id=item[method]["operationId"])
    for path, item in OPENAPI["paths"].items()
    for method in METHODS
    if method in item
]


def test_what_is_committed_is_what_the_code_says():
    assert [str(path.relative_to(ROOT)) for path in stale(generated())] == [], "run make generate"


def test_it_is_openapi():
    assert [error.message for error in OpenAPIV31SpecValidator(OPENAPI).iter_errors()] == []


def test_every_reference_leads_somewhere():
    found = references(OPENAPI)
    assert found
    for reference in set(found):
        resolve(OPENAPI, reference)


def test_every_component_is_used():
    used = set(references(OPENAPI))
    for kind, each in OPENAPI["components"].items():
        if kind != "securitySchemes":
            assert {f"#/components/{kind}/{name}" for name in each} - used == set()


def test_every_example_is_one():
    shown = 0
    for path, node in nodes(OPENAPI):
        if "schema" not in node or path[-2:] == ("properties", "schema"):
            continue
        values = [example["value"] for example in map(followed, node.get("examples", {}).values())]
        for value in [*values, *([node["example"]] if "example" in node else [])]:
            assert misfits(value, node["schema"], OPENAPI) == [], "/".join(path)
            shown += 1
    assert shown > len(OPERATIONS)


def followed(node):
    return resolve(OPENAPI, node["$ref"]) if "$ref" in node else node


@pytest.mark.parametrize("route", [pytest.param(route, id=route.name) for route in EVERY])
def test_the_models_take_the_examples(route):
    operation = OPENAPI["paths"][route.path][route.method.lower()]
    if "requestBody" in operation:
        route.operation.body.model_validate(
            operation["requestBody"]["content"]["application/json"]["example"]
        )
    success = operation["responses"][str(route.operation.status)]
    if route.operation.media is None:
        route.operation.reply.model_validate(success["content"]["application/json"]["example"])
    else:
        assert list(success.get("content", ())) == [each for each in [route.operation.media] if each]


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_says_what_is_to_be_known(path, method, operation):
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"][0] in {tag["name"] for tag in OPENAPI["tags"]}
    named = [each["name"] for each in operation.get("parameters", []) if each.get("in") == "path"]
    assert named == re.findall(r"{(\w+)}", path)
    permission, strangers = operation["x-permission"], operation.get("security") == []
    assert not (permission and strangers)
    assert (permission is None) == ("Takes the permission" not in operation["description"])
    own = path in paths(VERSION)
    assert {"429", "500", "503"} <= operation["responses"].keys()
    assert ("401" in operation["responses"]) >= (not strangers)
    assert ("403" in operation["responses"]) >= (permission is not None)
    assert ("404" in operation["responses"]) == ("{" in path or "/me/" in f"{path}/")
    assert ("409" in operation["responses"]) >= (method != "get" and not own and "/webhooks/" not in path)


def test_operations_have_names_of_their_own():
    names = [each.values[2]["operationId"] for each in OPERATIONS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("route", [pytest.param(route, id=route.name) for route in EVERY])
def test_every_refusal_that_is_named_is_made(route):
    assert [code for code in route.operation.refusals if REFUSALS.of(route.sources, code) is None] == []


class _Template(yaml.SafeLoader):
    """Reads a template and makes nothing of its functions."""


_Template.add_multi_constructor("!", lambda _loader, _suffix, _node: None)


def deployed(template):
    """The routes of a template's functions, but for those of what no route takes."""
    resources = yaml.load(template.read_text(), Loader=_Template)["Resources"]
    events = [
        event["Properties"]
        for resource in resources.values()
        for event in resource.get("Properties", {}).get("Events", {}).values()
        if event["Type"] == "HttpApi"
    ]
    routed = [event for event in events if event.get("Method", "HEAD") != "HEAD"]
    return {f"{event['Method'].upper()} {event['Path']}" for event in routed}


@pytest.mark.parametrize("context", [pytest.param(context, id=context.name) for context in contexts()])
def test_what_is_documented_is_what_is_deployed(context):
    prefix = f"/v1/{context.name}"
    documented = {
        f"{method.upper()} {path.removeprefix(prefix)}"
        for path, item in OPENAPI["paths"].items()
        for method in item
        if path.startswith(f"{prefix}/")
    }
    assert documented == deployed(context.package.parents[1] / "template.yaml")


def test_the_documents_own_routes_are_documented():
    documented = {f"GET {path}" for path in paths(VERSION)}
    assert documented == ROUTES.keys() == deployed(ROOT / "template.yaml")
    assert OPENAPI["info"]["version"] == VERSION
