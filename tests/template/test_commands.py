"""A command has one name: its file, its function, its route, its sample invocation, its test, its permission."""

import ast
import importlib
import json
import re

import pytest
from pydantic import ValidationError

from documents import invocations
from documents.contexts import pascal
from stacks import CONTEXTS, ROOT, TEMPLATES, of_type, resources
from troupe import permissions
from troupe.http import NoBody

COMMANDS = {
    f"{template.parent.name}.{path.stem}": path
    for template in CONTEXTS
    for path in sorted(template.parent.glob("src/*/commands/*.py"))
    if path.stem != "__init__"
}
STARTED_BY = {  # commands without a route, and what starts them
    "community.remind_administrators": "the flow of a request for global distribution",
    "commerce.decide_promotion": "the approval flow",
    "commerce.end_promotion": "the timer of its window",
    "commerce.expire_order": "the timer of its hold",
    "commerce.pay_supplier": "the sweep of what falls due",
    "commerce.remind_approvers": "the approval flow",
    "commerce.start_promotion": "the timer of its window",
    "identity.close_usage_period": "the hourly schedule",
    "identity.create_operator": "an operator's hand",
    "identity.end_trial": "the hourly schedule",
    "recovery.close_reporting_day": "the hourly schedule",
}
ONESELF = {  # what any signed-in principal may do, about nobody else
    "identity.change_email",
    "identity.change_password",
    "identity.update_email_preferences",
    "identity.update_profile",
}

MAILING = {"identity.request_password_reset", "identity.resend_verification"}  # for whoever asks
API = "AWS::Serverless::HttpApi"

ONESELF_OR = {"identity.delete_user": "user:delete"}  # and about others with this permission


def context(command: str) -> str:
    return command.partition(".")[0]


def snake(command: str) -> str:
    return command.partition(".")[2]


def function(command: str) -> dict:
    name = pascal(snake(command))
    template = ROOT / "functions" / context(command) / "template.yaml"
    return of_type(resources(template), "AWS::Serverless::Function")[name]


def route(command: str) -> dict | None:
    found = [
        each["Properties"]
        for each in function(command).get("Events", {}).values()
        if each["Type"] == "HttpApi"
    ]
    assert len(found) <= 1
    return found[0] if found else None


def module(command: str):
    return importlib.import_module(f"{context(command)}.commands.{snake(command)}")


def test_there_are_commands_and_only_those_listed_have_no_route():
    assert len(COMMANDS) > 40
    assert {command for command in COMMANDS if route(command) is None} == set(STARTED_BY)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_a_function_of_its_name(command):
    assert function(command)["Handler"] == f"{context(command)}.commands.{snake(command)}.handler"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_docstring_is_the_route(command):
    docstring = ast.get_docstring(ast.parse(COMMANDS[command].read_text())) or ""
    http = route(command)
    if http is None:
        assert docstring.startswith("No route: ")
    else:
        assert docstring.splitlines()[0] == f"{http['Method']} /v1/{context(command)}{http['Path']}"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_names_its_permission(command):
    operation = module(command).handler.operation
    http = route(command)
    anonymous = http is not None and http.get("Auth") == {"Authorizer": "NONE"}
    assert operation.anonymous == anonymous
    if command in ONESELF_OR:
        assert ONESELF_OR[command] == module(command).OTHERS
    elif not anonymous and http is not None and command not in ONESELF:
        assert operation.permission in permissions.NAMES
    else:
        assert operation.permission is None


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_a_sample_invocation(command):
    sample = invocations.sample(f"{context(command)}.{pascal(snake(command))}")
    http = route(command)
    if http is None:
        assert "requestContext" not in sample
        assert sample["tenant_id"]
    else:
        assert sample["routeKey"] == f"{http['Method']} {http['Path']}"
        assert sample["pathParameters"].keys() == set(re.findall(r"{(\w+)}", http["Path"]))
        operation = module(command).handler.operation
        try:
            operation.body.model_validate_json(sample.get("body") or "{}")
        except ValidationError as invalid:
            add = f"add example={{...}} that the body accepts to the Operation of {module(command).__name__}"
            raise AssertionError(add) from invalid
        assert operation.example is None or operation.body is not NoBody, "it takes no body, so no example"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_an_integration_test(command):
    named = re.compile(rf"\b{snake(command)}\b")
    tests = (ROOT / "tests/integration" / context(command)).rglob("*.py")
    assert any(named.search(path.read_text()) for path in tests)


@pytest.mark.parametrize("template", CONTEXTS, ids=lambda path: path.parent.name)
def test_an_anonymous_route_has_a_throttle_of_its_own(template):
    """A stranger who floods one route leaves the others to everybody else."""
    events = [
        event["Properties"]
        for each in of_type(resources(template), "AWS::Serverless::Function").values()
        for event in each.get("Events", {}).values()
        if event["Type"] == "HttpApi"
    ]
    anonymous = {
        f"{http['Method']} {http['Path']}"
        for http in events
        if http.get("Auth", {}).get("Authorizer") == "NONE"
    }
    api = of_type(resources(template), API)["Api"]
    everyone, own = api["DefaultRouteSettings"], api.get("RouteSettings", {})
    assert anonymous <= own.keys() <= {f"{http['Method']} {http['Path']}" for http in events}
    for throttle in own.values():
        for limit in ("ThrottlingRateLimit", "ThrottlingBurstLimit"):
            assert 0 < throttle[limit] < everyone[limit]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.parent.name)
def test_no_route_has_metrics_of_its_own_that_no_alarm_reads(template):
    """Each would be six paid metrics; the access log answers what is asked of a route now and then."""
    assert "DetailedMetricsEnabled" not in template.read_text("utf-8")


@pytest.mark.parametrize("command", sorted(MAILING))
def test_a_route_that_mails_strangers_has_the_tightest_throttle(command):
    http = route(command)
    assert http
    api = of_type(resources(ROOT / "functions" / context(command) / "template.yaml"), API)["Api"]
    own = api["RouteSettings"]
    rate = own[f"{http['Method']} {http['Path']}"]["ThrottlingRateLimit"]
    assert rate == min(each["ThrottlingRateLimit"] for each in own.values())


def test_every_route_of_the_queries_is_in_the_template():
    for template in CONTEXTS:
        name = template.parent.name
        queries = importlib.import_module(f"{name}.queries").handler
        written = of_type(resources(template), "AWS::Serverless::Function")["Queries"].get("Events", {})
        assert {f"GET {each['Properties']['Path']}" for each in written.values()} == set(queries.routes)


def test_every_function_has_a_sample_invocation_and_every_sample_file_a_function():
    for template in TEMPLATES:
        owner = "root" if template == TEMPLATES[0] else template.parent.name
        names = of_type(resources(template), "AWS::Serverless::Function")
        assert all(isinstance(invocations.sample(f"{owner}.{name}"), dict) for name in names)
        files = {path.stem for path in (ROOT / f"events/{owner}/invocations").glob("*.json")}
        assert files <= {invocations.snake(name) for name in names}


def test_a_sample_is_a_file_only_where_no_route_can_make_it():
    files = [
        path
        for template in CONTEXTS
        for path in (ROOT / f"events/{template.parent.name}/invocations").glob("*.json")
    ]
    routed = {path.name for path in files if "requestContext" in json.loads(path.read_text())}
    assert routed == {"stripe_webhook.json"}, "delete the file: its sample is made from the route"


def test_the_key_of_a_sample_is_its_operation():
    for function, each in invocations.sampled().items():
        if not function.endswith(".Queries"):
            name = function.partition(".")[2]
            assert invocations.invocation(each)["headers"]["idempotency-key"] == name
