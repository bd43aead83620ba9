"""Every handler loads from the built layers and its artefact alone, and loads nothing heavy by accident.

A handler pays at every cold start for what it imports, so each heavy import is a decision, and listed here.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from building import built
from stacks import CONTEXTS, ROOT, functions, of_type, resources, routes

HEAVY = {
    "anyio",
    "babel",
    "bcrypt",
    "cryptography",
    "httpx",
    "jsonschema",
    "jwt",
    "liquid",
    "moto",
    "requests",
    "stripe",
}
HASHING = {  # passwords: they have a whole vCPU, and a throttle of their own
    "Commerce/RegisterSupplier",
    "Identity/ChangeEmail",
    "Identity/ChangePassword",
    "Identity/CreateOperator",
    "Identity/LogIn",
    "Identity/ProvisionTenant",
    "Identity/RegisterUser",
    "Identity/ResetPassword",
    "Identity/VerifyUser",
}
LETTERS = {"babel", "liquid"}
STRIPE = {"anyio", "httpx", "requests", "stripe"}  # Stripe's library, and what it looks for at its import
CALLS_STRIPE = {
    "Commerce/CancelOrder",
    "Commerce/ConfirmPayment",
    "Commerce/ExpireOrder",
    "Commerce/PayOrder",
    "Commerce/PaySupplier",
    "Commerce/ProcessWebhook",
    "Commerce/RefundLines",
    "Commerce/SweepOrders",
    "Commerce/OpenPayoutAccount",
    "Recovery/ConnectStripeAccount",
    "Recovery/DisconnectStripeAccount",
    "Recovery/ProcessWebhook",
    "Recovery/RetryPayment",
    "Recovery/ScanCardExpiry",
    "Recovery/StartRecoveryAttempt",
}
ALLOWED = {
    **{name: {"bcrypt"} for name in HASHING},
    **dict.fromkeys(CALLS_STRIPE, STRIPE),
    "Commerce/Mail": LETTERS,
    "Identity/Mail": LETTERS,
    "Recovery/CreateDunningSequence": LETTERS,
    "Recovery/ScanCardExpiry": LETTERS | STRIPE,
    "Recovery/SendDunningStep": LETTERS | STRIPE,
    "Recovery/UpdateDunningSequence": LETTERS,
}
WHOLE_CPU = 1769  # MB; https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
LAYERS = {"RuntimeLayer", "KernelLayer", "StripeLayer", "SwaggerUiLayer"}
LAMBDAS_OWN = {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1", "LAMBDA_TASK_ROOT": "/var/task"}
LOAD = """
import importlib, json, sys
*folders, handler = sys.argv[1:]
sys.path[:0] = folders
module, _, name = handler.rpartition(".")
assert callable(getattr(importlib.import_module(module), name))
files = {name: getattr(each, "__file__", None) for name, each in sys.modules.items()}
print(json.dumps(files))
"""
FUNCTIONS = sorted(functions(ROOT / "template.yaml"))


def layers(function: str) -> list[Path]:
    """The built layers of a function. sam does not follow a parameter from a nested stack to the root's layer."""
    found = [layer.name if layer.codeuri else layer.arn for layer in _built(function).layers]
    assert set(found) <= LAYERS
    return [built() / name / "python" for name in found]


def _built(function: str):
    return functions(built() / "template.yaml")[function]


def loaded(function: str) -> dict[str, str | None]:
    """The modules that a fresh interpreter holds after the handler is loaded, and the files they came from."""
    what = _built(function)
    environment = {name: str(value) for name, value in what.environment["Variables"].items()}
    folders = [what.codeuri, *map(str, layers(function))]
    done = subprocess.run(
        [sys.executable, "-B", "-I", "-S", "-c", LOAD, *folders, what.handler],
        env=LAMBDAS_OWN | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_handler_loads_from_what_is_deployed_alone(function):
    files = loaded(function)
    outside = {name for name, file in files.items() if file and "site-packages" in file}
    assert outside == set()
    assert files["troupe"].startswith(str(built())), "the kernel is not the built one"
    heavy = {name.partition(".")[0] for name in files} & HEAVY
    assert heavy == ALLOWED.get(function, set())


def test_what_is_allowed_is_of_functions_that_there_are():
    assert set(ALLOWED) <= set(FUNCTIONS)


def test_what_hashes_passwords_has_a_whole_cpu_and_a_throttle():
    template = ROOT / "template.yaml"
    assert {name for name in HASHING if functions(template)[name].memory != WHOLE_CPU} == set()
    for context in CONTEXTS:
        stack = context.parent.name.capitalize()
        (api,) = of_type(resources(context), "AWS::Serverless::HttpApi").values()
        hashing = {
            f"{method} {route.path}"
            for route in routes(template).values()
            for method in route.methods
            if f"{route.stack_path}/{route.function_name}" in HASHING and route.stack_path == stack
        }
        assert hashing <= set(api.get("RouteSettings", {}))


def test_what_calls_stripe_has_its_layer_and_nothing_else_has():
    having = {name for name in FUNCTIONS if any(path.parent.name == "StripeLayer" for path in layers(name))}
    assert having == CALLS_STRIPE | {
        "Recovery/RecordStepClicked",
        "Recovery/SendDunningStep",
    }  # when a mail is old


def test_an_artefact_holds_nothing_that_a_tool_left_behind():
    for function in functions(built() / "template.yaml").values():
        hidden = {path.name for path in Path(function.codeuri).rglob("*") if path.name.startswith(".")}
        assert hidden == set(), function.full_path
