"""A command has one name: its file, its function, its route, its sample invocation, its test, its permission."""

import ast
import importlib
import json
import re

import pytest
from pydantic import ValidationError

from documents import commands as known
from documents.contexts import pascal
from documents.samples import invocations
from support.templates import CONTEXTS, ROOT, TEMPLATES, of_type, resources, transformed
from troupe.edge.endpoint import NoBody
from troupe.edge.routes import CommandEndpoint
from troupe.security import roles

COMMANDS = {
    f"{name}.{command}": found
    for name in (template.parent.name for template in CONTEXTS)
    for command, found in known.commands(name).items()
}
DECLARED = [name for name, found in COMMANDS.items() if isinstance(found.endpoint, CommandEndpoint)]
FILED = [name for name in COMMANDS if name not in DECLARED]
STARTED_BY = {  # commands in files of their own without a route, and what starts them
    "community.remind_administrators": "the flow of a request for global distribution",
    "commerce.expire_order": "the timer of its hold",
    "commerce.pay_supplier": "the sweep of what falls due",
    "identity.close_usage_period": "the hourly schedule",
    "identity.create_operator": "an operator's hand",
    "identity.expire_user": "the hourly schedule",
    "recovery.close_reporting_day": "the hourly schedule",
}
MAILING = {"identity.request_password_reset", "identity.resend_verification"}  # for anonymous callers
API = "AWS::Serverless::HttpApi"

ONESELF_OR = {"identity.delete_user": "user:delete"}  # and about others with this permission


def context(command: str) -> str:
    return command.partition(".")[0]


def snake(command: str) -> str:
    return command.partition(".")[2]


def file(command: str) -> str:
    return str(COMMANDS[command].file.relative_to(ROOT))


def function(command: str) -> dict:
    template = f"functions/{context(command)}/template.yaml"
    found = of_type(resources(ROOT / template), "AWS::Serverless::Function")
    name = pascal(snake(command))
    assert name in found, (
        f"{template} has no function {name}. Of a route: run `make generate`. Of a handler file: add\n"
        f"  {name}:\n    Type: AWS::Serverless::Function\n    Properties:\n"
        f"      Handler: {COMMANDS[command].handler}\n      Role: !GetAtt CommandRole.Arn"
    )
    return found[name]


def route(command: str) -> dict | None:
    found = [
        each["Properties"]
        for each in function(command).get("Events", {}).values()
        if each["Type"] == "HttpApi"
    ]
    assert len(found) <= 1
    return found[0] if found else None


def key(command: str) -> str:
    http = route(command)
    return f"{http['Method']} {http['Path']}" if http else ""


def test_there_are_commands_and_only_those_listed_have_no_route():
    assert len(COMMANDS) > 40
    differing = {command for command in FILED if route(command) is None} ^ set(STARTED_BY)
    lines = [f'    "{command}": "what starts it",' for command in sorted(differing)]
    assert not lines, "\n".join(["STARTED_BY in tests/template/test_commands.py has or lacks:", *lines])


@pytest.mark.parametrize("command", DECLARED)
def test_a_plain_command_is_in_the_template_as_it_is_declared(command):
    said = COMMANDS[command].endpoint.declaration
    assert key(command) == f"{said.method} {said.path}".strip(), "run `make generate`"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_a_function_of_its_name(command):
    assert function(command)["Handler"] == COMMANDS[command].handler


@pytest.mark.parametrize("command", FILED)
def test_the_docstring_is_the_route(command):
    first = (ast.get_docstring(ast.parse(COMMANDS[command].file.read_text())) or "").partition("\n")[0]
    method, _, path = key(command).partition(" ")
    wanted = f"{method} /v1/{context(command)}{path}" if path else "No route: "
    right = first == wanted if path else first.startswith(wanted)
    assert right, f'{file(command)} begins with:\n"""{wanted}"""'


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_names_its_permission(command):
    operation, http = COMMANDS[command].endpoint.operation, route(command)
    anonymous = http is not None and http.get("Auth") == {"Authorizer": "NONE"}
    assert operation.anonymous == anonymous
    if command in ONESELF_OR:
        module = importlib.import_module(COMMANDS[command].handler.removesuffix(".handler"))
        assert ONESELF_OR[command] == module.OTHERS
    elif not anonymous and http is not None:
        verb, _, noun = snake(command).partition("_")
        assert operation.permission in {roles.SELF, *roles.NAMES}, (
            f"{file(command)}: give {snake(command)} a permission of troupe/permission_names.py, as\n"
            f'    permission="{noun}:{verb}",\nor permission=SELF where it concerns the caller alone'
        )
    else:
        assert operation.permission is None


@pytest.mark.parametrize("command", COMMANDS)
def test_what_concerns_the_caller_alone_is_below_me(command):
    if COMMANDS[command].endpoint.operation.permission == roles.SELF:
        assert " /me/" in key(command), f"{file(command)}: with SELF, a path begins with /me/"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_a_sample_invocation(command):
    sample = invocations.sample(f"{context(command)}.{pascal(snake(command))}")
    if not key(command):
        assert "requestContext" not in sample
        assert sample["tenant_id"]
        return
    assert sample["routeKey"] == key(command)
    assert sample["pathParameters"].keys() == set(re.findall(r"{(\w+)}", key(command)))
    operation = COMMANDS[command].endpoint.operation
    try:
        operation.body.model_validate_json(sample.get("body") or "{}")
    except ValidationError as invalid:
        wanted = ", ".join(f'"{name}": ...' for name in operation.body.model_fields)
        raise AssertionError(
            f"{file(command)}: give {snake(command)}\n    example={{{wanted}}},"
        ) from invalid
    assert operation.example is None or operation.body is not NoBody, "it takes no body, so no example"


@pytest.mark.parametrize("command", DECLARED)
def test_an_example_is_a_body_that_is_accepted(command):
    operation = COMMANDS[command].endpoint.operation
    if any(field.is_required() for field in operation.body.model_fields.values()):
        wanted = ", ".join(f'"{name}": ...' for name in operation.body.model_fields)
        assert operation.example, f"{file(command)}: give {snake(command)}\n    example={{{wanted}}},"
    assert operation.body.model_validate_json(json.dumps(operation.example or {}))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_an_integration_test(command):
    named = re.compile(rf"\b{snake(command)}\b")
    folder = f"tests/integration/{context(command)}"
    assert [path for path in (ROOT / folder).rglob("*.py") if named.search(path.read_text())], (
        f"write {folder}/test_{snake(command)}.py, which calls\n"
        f'    {snake(command)} = Call("{snake(command)}", "{key(command)}")'
    )


@pytest.mark.parametrize("template", CONTEXTS, ids=lambda path: path.parent.name)
def test_an_anonymous_route_has_a_throttle_of_its_own(template):
    """A flood of anonymous requests on one route does not block the others."""
    events = [
        event["Properties"]
        for each in of_type(resources(template), "AWS::Serverless::Function").values()
        for event in each.get("Events", {}).values()
        if event["Type"] == "HttpApi"
    ]
    anonymous = {route_key(http) for http in events if http.get("Auth", {}).get("Authorizer") == "NONE"}
    api = of_type(resources(template), API)["Api"]
    everyone, own = api["DefaultRouteSettings"], api.get("RouteSettings", {})
    assert anonymous <= own.keys() <= {route_key(http) for http in events}
    for throttle in own.values():
        for limit in ("ThrottlingRateLimit", "ThrottlingBurstLimit"):
            assert 0 < throttle[limit] < everyone[limit]


def route_key(http):
    return f"{http['Method']} {http['Path']}" if "Path" in http else "$default"


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
        keys = {route_key(each["Properties"]) for each in written.values()}
        assert {key for key in keys if key.startswith("GET ")} == set(queries.routes)


@pytest.mark.parametrize("template", CONTEXTS, ids=lambda path: path.parent.name)
def test_the_queries_answer_what_no_route_takes(template):
    written = of_type(resources(template), "AWS::Serverless::Function")["Queries"]["Events"]
    by_key = {route_key(each["Properties"]): each["Properties"] for each in written.values()}
    assert "Auth" not in by_key["HEAD /{proxy+}"]
    assert by_key["$default"]["Auth"] == {"Authorizer": "NONE"}
    (api,) = of_type(transformed(template), "AWS::ApiGatewayV2::Api").values()
    (default,) = api["Body"]["paths"]["/$default"].values()
    assert default["isDefaultRoute"]
    assert default["security"] == [{"NONE": []}]


@pytest.mark.parametrize("template", CONTEXTS, ids=lambda path: path.parent.name)
def test_an_anonymous_get_has_a_head_of_its_own(template):
    """`HEAD /{proxy+}` takes a token, which whoever follows a link in a mail does not have."""
    events = [
        each["Properties"]
        for function in of_type(resources(template), "AWS::Serverless::Function").values()
        for each in function.get("Events", {}).values()
        if each["Type"] == "HttpApi"
    ]
    open_keys = {route_key(http) for http in events if http.get("Auth") == {"Authorizer": "NONE"}}
    wanted = {key.replace("GET", "HEAD", 1) for key in open_keys if key.startswith("GET ")}
    assert wanted <= open_keys


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
