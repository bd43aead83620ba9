"""Every handler loads from the built layers and its artefact alone, and loads nothing heavy by accident.

A handler pays at every cold start for what it imports, so each heavy import is a decision, and listed here.
"""

import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from samcli.lib.utils.hash import dir_checksum

from support.sam_build import built
from support.templates import CONTEXTS, ROOT, functions, of_type, resources, routes

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
    "Commerce/VerifySupplierAddress",
    "Identity/ChangeEmail",
    "Identity/ChangePassword",
    "Identity/CreateOperator",
    "Identity/LogIn",
    "Identity/ResetPassword",
    "Identity/VerifyUser",
}
LETTERS = {"babel", "liquid"}
CALLS_STRIPE = {  # and loads its library when it does
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
    "Commerce/Mail": LETTERS,
    "Identity/Mail": LETTERS,
    "Recovery/CreateDunningSequence": LETTERS,
    "Recovery/ScanCardExpiry": LETTERS,
    "Recovery/SendDunningStep": LETTERS,
    "Recovery/UpdateDunningSequence": LETTERS,
}
WHOLE_CPU = 1769  # MB; https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
SHARED = {"RuntimeLayer", "StripeLayer", "SwaggerUiLayer"}
LAMBDAS_OWN = {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1", "LAMBDA_TASK_ROOT": "/var/task"}
COMMON = ("botocore.session", "pydantic")
"""What most functions load, and so is loaded once for all that have the same layers."""
LOAD = """
import importlib, importlib.util, json, os, sys, traceback
layers, common, functions = json.load(sys.stdin)
sys.path[:0] = layers
for name in common:
    if importlib.util.find_spec(name.partition(".")[0]):
        importlib.import_module(name)
for function, (folder, handler, environment) in functions.items():
    if os.fork():
        os.wait()
        continue
    try:
        os.environ.update(environment)
        sys.path.insert(0, folder)
        module, _, name = handler.rpartition(".")
        assert callable(getattr(importlib.import_module(module), name))
        answer = {name: getattr(each, "__file__", None) for name, each in sys.modules.items()}
    except BaseException:
        answer = traceback.format_exc()
    print(json.dumps([function, answer]), flush=True)
    os._exit(0)
"""
FUNCTIONS = sorted(functions(ROOT / "template.yaml"))


def layers(function: str) -> list[Path]:
    """The built layers of a function. sam does not follow a parameter from a nested stack to the root's layer."""
    what = _built(function)
    own = f"{what.handler.partition('.')[0].capitalize()}Layer"
    found = {layer.name if layer.codeuri else layer.arn: layer.codeuri for layer in what.layers}
    assert own in found
    assert set(found) <= {own, *SHARED}
    return [Path(folder or built() / name) / "python" for name, folder in found.items()]


def _names(function: str) -> list[str]:
    return [path.parent.name for path in layers(function)]


def _built(function: str):
    return functions(built() / "template.yaml")[function]


def loaded(function: str) -> dict[str, str | None]:
    """The modules that an interpreter holds after the handler alone is loaded, and the files they came from."""
    found = _loaded(tuple(map(str, layers(function))))[function]
    assert isinstance(found, dict), found
    return found


@cache
def _loaded(folders: tuple[str, ...]) -> dict[str, dict[str, str | None] | str]:
    """Of each function with these layers; the error, where it does not load."""
    having = [each for each in FUNCTIONS if tuple(map(str, layers(each))) == folders]
    asked = {
        each: (what.codeuri, what.handler, {k: str(v) for k, v in what.environment["Variables"].items()})
        for each in having
        for what in (_built(each),)
    }
    done = subprocess.run(
        [sys.executable, "-B", "-I", "-S", "-c", LOAD],
        input=json.dumps([folders, COMMON, asked]),
        env=LAMBDAS_OWN,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(line) for line in done.stdout.splitlines())


def test_what_is_loaded_for_all_is_not_heavy():
    assert {name.partition(".")[0] for name in COMMON} & HEAVY == set()
    for files in _loaded(tuple(map(str, layers("Identity/SuspendUser")))).values():
        assert not isinstance(files, str)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_handler_loads_from_what_is_deployed_alone(function):
    files = loaded(function)
    outside = {name for name, file in files.items() if file and "site-packages" in file}
    assert outside == set()
    assert files["troupe"].startswith(str(built())), "the kernel is not the built one"
    heavy = {name.partition(".")[0] for name in files} & HEAVY
    assert heavy == ALLOWED.get(function, set())
    assert "troupe.stripe.client" not in files or "StripeLayer" in _names(function), "it may call Stripe"


def test_stripe_loads_from_its_layer_alone():
    call = (
        "import troupe.stripe.client as payments; assert payments._client('sk_test', 'http://localhost').v1"
    )
    folders = [_built("Commerce/PayOrder").codeuri, *map(str, layers("Commerce/PayOrder"))]
    script = f"import sys; sys.path[:0] = {folders}; {call}"
    subprocess.run([sys.executable, "-B", "-I", "-S", "-c", script], check=True)


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
            for method in set(route.methods) - {"OPTIONS"}  # the gateway's own answer, as sam reads CORS
            if f"{route.stack_path}/{route.function_name}" in HASHING and route.stack_path == stack
        }
        assert hashing <= set(api.get("RouteSettings", {}))


def test_what_calls_stripe_has_its_layer_and_nothing_else_has():
    having = {name for name in FUNCTIONS if "StripeLayer" in _names(name)}
    assert having == CALLS_STRIPE | {
        "Recovery/RecordStepClicked",
        "Recovery/SendDunningStep",
    }  # when a mail is old


def test_an_artefact_is_one_line_and_its_context_is_in_a_layer():
    """So a function is changed in one call for kernel and context alike, and all that it loads is compiled."""
    for function in functions(built() / "template.yaml").values():
        (only,) = [path for path in Path(function.codeuri).rglob("*") if path.is_file()]
        assert len(only.read_text("utf-8").splitlines()) == 1, function.full_path
    for path in {each for function in FUNCTIONS for each in layers(function)}:
        assert {each.name for each in path.rglob("*") if each.name.startswith(".")} == set()


def test_a_context_is_built_once():
    contexts = {function.partition("/")[0] if "/" in function else "root" for function in FUNCTIONS}
    own = {path for function in FUNCTIONS for path in layers(function) if path.parent.name not in SHARED}
    assert len(own) == len(contexts)


def test_a_changed_line_of_the_kernel_changes_the_layer_that_every_function_names(tmp_path):
    """sam builds a layer anew when its folder has changed, and follows the folder's links."""
    copy = tmp_path / "copy"
    for folder in (*ROOT.glob("functions/*/layer"), ROOT / "layers/kernel"):
        shutil.copytree(folder, copy / folder.relative_to(ROOT), symlinks=True)
    for source in ROOT.glob("functions/*/src"):
        shutil.copytree(source, copy / source.relative_to(ROOT))
    folders = sorted(copy.glob("functions/*/layer"))
    before = [dir_checksum(str(folder)) for folder in folders]
    with (copy / "layers/kernel/troupe/store/keys.py").open("a") as kernel:
        kernel.write("# changed\n")
    after = [dir_checksum(str(folder)) for folder in folders]
    assert len(folders) == len(CONTEXTS) + 1
    assert not set(before) & set(after)
