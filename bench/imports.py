"""What a cold start costs to the first byte to DynamoDB: fresh interpreters, built layers, clients made."""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.artefacts import Handler, handlers
from bench.report import Section
from local.places import REPOSITORY, state_folder
from local.stack.stack import Stack

RUNS = 9
BUDGET = 0.7  # of the cookbook's
MEASURED = frozenset(
    {
        *("CommentOnPost", "CreatePost", "FollowUser", "LogIn", "PayOrder", "PlaceOrder"),
        *("ReactToPost", "RefreshToken", "SuspendUser", "UpdateProfile"),
    }
)
COOKBOOK = REPOSITORY / "bench" / "cookbook"
# No server answers the first calls: STS's is answered here with credentials, DynamoDB's ends the measurement.
SCRIPT = """
import time
wall = time.perf_counter()
import importlib, json, os, sys
sys.path[:0] = json.loads(sys.argv[2])
TENANT = "0192f0c1-0000-7000-8000-000000000001"
STS = b'''<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>a</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>'''

def finish():
    cpu, passed = time.process_time(), time.perf_counter() - wall
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
    print(json.dumps([cpu * 1000, passed * 1000, len(sys.modules), int(peak) / 1024]), flush=True)
    os._exit(0)

def send(self, request):
    if "//sts." not in request.url:
        finish()
    answer = sys.modules["botocore.awsrequest"].AWSResponse(request.url, 200, {}, None)
    answer._content = STS
    return answer

name, _, function = sys.argv[1].rpartition(".")
handler = getattr(importlib.import_module(name), function)
if "botocore.httpsession" in sys.modules:
    sys.modules["botocore.httpsession"].URLLib3Session.send = send
if "troupe.store.reads" in sys.modules:
    with sys.modules["troupe.store.table"].confined(TENANT):
        sys.modules["troupe.store.reads"].one(sys.modules["troupe.store.keys"].standing(TENANT))
elif "troupe.store.table" in sys.modules:
    table, key = sys.modules["troupe.store.table"], {"PK": {"S": "a"}, "SK": {"S": "b"}}
    with table.confined(TENANT):
        table.client().get_item(TableName="t", Key=key)
elif "troupe" not in sys.modules:
    handler(json.loads(sys.argv[3]), type("Context", (), json.loads(sys.argv[4])))
finish()
"""
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_LAMBDA_FUNCTION_NAME": "measured",
    "AWS_XRAY_SDK_ENABLED": "true",
    "POWERTOOLS_METRICS_NAMESPACE": "troupe",
    "POWERTOOLS_SERVICE_NAME": "measured",
    "REQUEST_ROLE_ARN": "arn:aws:iam::000000000000:role/request",
    "TABLE_NAME": "t",
}
REQUEST = {  # to the cookbook's handler, which makes its clients in the first request
    "version": "2.0",
    "rawPath": "/users/u1/suspend",
    "routeKey": "POST /users/{user_id}/suspend",
    "headers": {"content-type": "application/json"},
    "body": json.dumps({"reason": "To be measured."}),
    "isBase64Encoded": False,
    "requestContext": {
        "requestId": "r",
        "stage": "$default",
        "http": {"method": "POST", "path": "/users/u1/suspend", "sourceIp": "127.0.0.1"},
    },
}
CONTEXT = {
    "function_name": "measured",
    "memory_limit_in_mb": 512,
    "invoked_function_arn": "arn:aws:lambda:us-east-1:000000000000:function:measured",
    "aws_request_id": "r",
}


def once(entry: str, paths: Sequence[Path]) -> list[float]:
    """CPU milliseconds, wall milliseconds, modules, MiB at the peak. No bytecode is left behind."""
    given = [entry, json.dumps([str(path) for path in paths]), json.dumps(REQUEST), json.dumps(CONTEXT)]
    environment = {"PATH": os.environ["PATH"], **ENVIRONMENT, "_HANDLER": entry}
    command = [sys.executable, "-B", "-I", "-S", "-c", SCRIPT, *given]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        raise LookupError(f"{entry}: {run.stderr.splitlines()[-1]}")
    figures: list[float] = json.loads(run.stdout.splitlines()[-1])
    return figures


def medians(entry: str, paths: Sequence[Path]) -> list[float]:
    once(entry, paths)  # the files are in the cache from here on
    runs = [once(entry, paths) for _ in range(RUNS)]
    return [statistics.median(column) for column in zip(*runs, strict=True)]


def cookbook() -> list[Path]:
    """The cookbook's handler with its packages, byte-compiled as ours are."""
    folder, lock = state_folder() / "cookbook", COOKBOOK / "requirements.txt"
    stamp = folder / "stamp"
    wanted = lock.read_text(encoding="utf-8") + (COOKBOOK / "suspend_user.py").read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        uv = [Path(sys.executable).with_name("uv"), "pip", "install", "--quiet", "--require-hashes"]
        subprocess.run([*uv, "--target", folder, "--requirement", lock], check=True)
        shutil.copy(COOKBOOK / "suspend_user.py", folder)
        compiling = [sys.executable, "-m", "compileall", "-qq", "--invalidation-mode", "unchecked-hash"]
        subprocess.run([*compiling, folder], check=False)  # some packages carry files for other Pythons
        stamp.write_text(wanted, encoding="utf-8")
    return [folder]


def measured(_: Stack) -> Section:
    theirs = medians("suspend_user.handler", cookbook())
    with TemporaryDirectory() as folder:
        found = [_copied(each, Path(folder)) for each in handlers()]
        rows = [_row(name, medians(entry, paths), theirs[0]) for name, entry, paths in _chosen(found)]
    said = (
        f"Median of {RUNS} fresh interpreters from their start to the first byte to DynamoDB: the handler "
        "imported from a copy of the built layers, clients made, the role assumed (STS answers at once), the "
        "request signed. No bytecode is written. The first row is SuspendUser as the AWS Lambda Handler "
        "Cookbook writes it (resolver with validation, Tracer, Idempotency), measured likewise. Measured "
        f"are {len(MEASURED)} commands, and of all {len(found)} functions, each started once, the slowest "
        f"and the one in the middle. Budget: {BUDGET:.2f} of the cookbook's CPU."
    )
    columns = ("handler", "CPU ms", "of the cookbook's", "wall ms", "modules", "MiB at the peak")
    rows = [_row("the cookbook's SuspendUser", theirs, theirs[0]), *rows]
    return Section(title="Cold start to the first byte", said=said, columns=columns, rows=rows)


type Copied = tuple[str, str, list[Path]]


def _copied(handler: Handler, folder: Path) -> Copied:
    """Its layers where nothing was run from before."""
    copies = [folder / path.parent.name for path in handler.paths]
    for path, copy in zip(handler.paths, copies, strict=True):
        if not copy.exists():
            shutil.copytree(path, copy)
    return handler.name, handler.entry, copies


def _chosen(found: Sequence[Copied]) -> list[Copied]:
    """Those that are named; the one in the middle and the slowest by CPU when each was started once."""
    ranked = sorted(found, key=lambda one: once(one[1], one[2])[0])
    middle, slowest = ranked[len(ranked) // 2], ranked[-1]
    named = [each for each in found if each[0] in MEASURED]
    return [*named, _called("in the middle", middle), _called("the slowest", slowest)]


def _called(place: str, one: Copied) -> Copied:
    name, entry, paths = one
    return f"{place}: {name} of {entry.partition('.')[0]}", entry, paths


def _row(name: str, figures: Sequence[float], theirs: float) -> tuple[object, ...]:
    cpu, wall, modules, peak = figures
    return name, cpu, f"{cpu / theirs:.2f}", wall, int(modules), peak
