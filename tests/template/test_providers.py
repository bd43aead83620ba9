"""sam's own providers find every function, layer and route, as written and as built, without Docker."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from local.places import LocalError
from local.stack import sam_local
from support.sam_build import HERE, built
from support.templates import (
    CONTEXTS,
    ROOT,
    TEMPLATES,
    functions,
    of_type,
    resources,
    routes,
    served,
    transformed,
    written,
)

LIMIT = 500  # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
FUNCTION = "AWS::Serverless::Function"
DEFAULT = "$default"


def prefix(template: Path) -> str:
    """What the functions of a template have before their name."""
    return "" if template == TEMPLATES[0] else template.parent.name.capitalize() + "/"


def method(event):
    return event["Properties"].get("Method", "X-AMAZON-APIGATEWAY-ANY-METHOD")


def path(event):
    return event["Properties"].get("Path", DEFAULT)


def without_preflights(found):
    """sam has OPTIONS for every route of an API with CORS."""
    return {key: each for key, each in found.items() if "OPTIONS " not in key}


WRITTEN = {
    f"{prefix(template)}{name}": properties
    for template in TEMPLATES
    for name, properties in of_type(resources(template), FUNCTION).items()
}
ROUTES = {
    f"{prefix(template).rstrip('/')} {method(event)} {path(event)}": name
    for template in TEMPLATES
    for name, properties in of_type(resources(template), FUNCTION).items()
    for event in properties.get("Events", {}).values()
    if event["Type"] == "HttpApi"
}


@pytest.fixture(params=["written", "built"])
def template(request):
    return ROOT / "template.yaml" if request.param == "written" else built() / "template.yaml"


def test_there_is_a_nested_stack_for_every_context():
    nested = of_type(resources(TEMPLATES[0]), "AWS::Serverless::Application").values()
    assert {ROOT / each["Location"] for each in nested} == set(CONTEXTS)


def test_sam_finds_every_function(template):
    found = functions(template)
    assert found.keys() == WRITTEN.keys()
    for name, function in found.items():
        assert function.handler == WRITTEN[name]["Handler"]
        assert Path(function.codeuri).is_dir()
        assert function.runtime == "python3.13"


def test_sam_finds_every_route(template):
    found = without_preflights(routes(template))
    assert {key: route.function_name for key, route in found.items()} == ROUTES
    assert len(ROUTES) > 50


def test_an_anonymous_route_has_no_authorizer_and_every_other_one_has(template):
    for key, route in routes(template).items():
        events = WRITTEN[f"{route.stack_path}/{route.function_name}".lstrip("/")]["Events"].values()
        own = [each for each in events if each["Type"] == "HttpApi" and path(each) == route.path]
        documents = route.stack_path == ""
        (anonymous,) = {each["Properties"].get("Auth") == {"Authorizer": "NONE"} or documents for each in own}
        assert (route.authorizer_name is None) == anonymous, key


def test_what_is_built_is_for_this_machine():
    layers = {
        layer.name: layer.codeuri
        for each in functions(built() / "template.yaml").values()
        for layer in each.layers
        if layer.codeuri
    }
    contexts = {f"{path.parent.name.capitalize()}Layer" for path in TEMPLATES[1:]}
    assert set(layers) == {*contexts, "RootLayer", "RuntimeLayer", "SwaggerUiLayer"}
    assert all(Path(folder, "python").is_dir() for folder in layers.values())
    assert HERE in {"arm64", "x86_64"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.parent.name)
def test_a_stack_stays_below_the_limit_of_resources(template):
    made = len(transformed(template))
    assert len(resources(template)) < made < LIMIT


def test_every_parameter_of_a_context_comes_from_the_root():
    nested = of_type(resources(TEMPLATES[0]), "AWS::Serverless::Application")
    for application in nested.values():
        declared = written(ROOT / application["Location"])["Parameters"]
        assert set(application["Parameters"]) == set(declared)
        assert "Outputs" not in str(application["Parameters"]), "a context takes nothing of another context"


def test_cfn_lint_finds_no_error_in_sam_local_s_copy_of_any_context():
    root = sam_local.write(built())
    copies = [root, *sorted(path for path in built().glob(f"*/{sam_local.NAME}"))]
    assert len(copies) == len(TEMPLATES)
    command = [Path(sys.executable).with_name("cfn-lint"), "--format", "json", "--ignore-checks", "W", "--"]
    done = subprocess.run(
        [*map(str, [*command, *copies])], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert json.loads(done.stdout) == []


def test_sam_local_says_what_to_do_where_nothing_is_built(tmp_path):
    with pytest.raises(LocalError, match="run 'sam build' first"):
        sam_local.write(tmp_path)


def test_sam_local_gets_a_sample_of_every_function():
    written = sam_local.write_samples(built())
    assert len(written) == len(WRITTEN)
    assert built() / "events/identity/suspend_user.json" in written


def test_sam_local_finds_the_layers_of_nested_stacks():
    found = functions(sam_local.write(built()))
    assert found.keys() == WRITTEN.keys()
    for function in found.values():
        own = f"{function.handler.partition('.')[0].capitalize()}Layer"
        assert [layer.name for layer in function.layers][:2] == ["RuntimeLayer", own]
        assert all(Path(layer.codeuri, "python").is_dir() for layer in function.layers)


def test_sam_local_serves_every_route_of_every_context():
    """One host for all, without mappings: of two routes that are alike, one would not be served."""
    found = without_preflights(served(sam_local.write(built())))
    assert len(found) == len([key for key in ROUTES if DEFAULT not in key]) + 1
    assert {each.rpartition("/")[2] for each in found.values()} == set(ROUTES.values())
    webhooks = {key: function for key, function in found.items() if key.endswith("/webhooks/stripe")}
    assert webhooks == {
        "POST /v1/commerce/webhooks/stripe": "Commerce/StripeWebhook",
        "POST /v1/recovery/webhooks/stripe": "Recovery/StripeWebhook",
    }
