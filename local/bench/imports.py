"""What a cold start imports: a fresh interpreter per run, with the built layers and the artefact alone."""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from local.bench.artefacts import Handler, handlers
from local.bench.report import Section
from local.places import REPOSITORY, state_folder
from local.stack import Stack

RUNS = 3
COOKBOOK = REPOSITORY / "local" / "bench" / "cookbook"
SCRIPT = """
import sys, time, json, importlib
sys.path[:0] = json.loads(sys.argv[2])
before, wall = time.process_time(), time.perf_counter()
importlib.import_module(sys.argv[1])
cpu, wall = time.process_time() - before, time.perf_counter() - wall
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(json.dumps([cpu * 1000, wall * 1000, len(sys.modules), int(peak) / 1024]))
"""
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_LAMBDA_FUNCTION_NAME": "measured",
    "AWS_XRAY_SDK_ENABLED": "true",
    "POWERTOOLS_METRICS_NAMESPACE": "troupe",
    "POWERTOOLS_SERVICE_NAME": "measured",
    "TABLE_NAME": "t",
}


def once(module: str, paths: Sequence[Path]) -> list[float]:
    """CPU milliseconds, wall milliseconds, modules, MiB at the peak."""
    command = [sys.executable, "-I", "-S", "-c", SCRIPT, module, json.dumps([str(path) for path in paths])]
    environment = {"PATH": os.environ["PATH"], **ENVIRONMENT}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    figures: list[float] = json.loads(run.stdout.splitlines()[-1])
    return figures


def medians(module: str, paths: Sequence[Path]) -> list[float]:
    once(module, paths)  # the files are in the cache from here on
    return [
        statistics.median(column) for column in zip(*(once(module, paths) for _ in range(RUNS)), strict=True)
    ]


def cookbook() -> list[Path]:
    """The cookbook's handler with its packages, byte-compiled as ours are."""
    folder = state_folder() / "cookbook"
    lock = COOKBOOK / "requirements.txt"
    stamp = folder / "stamp"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != lock.read_text(encoding="utf-8"):
        shutil.rmtree(folder, ignore_errors=True)
        uv = Path(sys.executable).with_name("uv")
        install = [
            uv,
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--target",
            folder,
            "--requirement",
            lock,
        ]
        subprocess.run(install, check=True)
        compiling = [
            sys.executable,
            "-m",
            "compileall",
            "-qq",
            "--invalidation-mode",
            "unchecked-hash",
            folder,
        ]
        subprocess.run(compiling, check=False)  # some packages carry files for other Pythons
        stamp.write_text(lock.read_text(encoding="utf-8"), encoding="utf-8")
    return [folder, COOKBOOK]


def measured(_: Stack) -> Section:
    rows: list[tuple[object, ...]] = [_row("the cookbook's SuspendUser", medians("suspend_user", cookbook()))]
    rows += [_ours(handler) for handler in handlers()]
    said = (
        f"Median of {RUNS} fresh interpreters that import the handler from the built layers and its "
        "artefact. The first row is SuspendUser as the AWS Lambda Handler Cookbook writes it (resolver with "
        "validation, Tracer, Idempotency), its packages byte-compiled likewise. Budget: 200 ms of CPU, and "
        "no more than the cookbook's."
    )
    columns = ("handler", "CPU ms", "wall ms", "modules", "MiB at the peak")
    return Section(title="Imports at a cold start", said=said, columns=columns, rows=rows)


def _ours(handler: Handler) -> tuple[object, ...]:
    return _row(handler.name, medians(handler.module, handler.paths))


def _row(name: str, figures: list[float]) -> tuple[object, ...]:
    cpu, wall, modules, peak = figures
    return name, cpu, wall, int(modules), peak
