"""Functions run in an interpreter that has the AWS SDK and nothing else, as on AWS.

MiniStack starts its workers with its own interpreter, so a function can import everything in MiniStack's
environment, and what its layers lack is noticed on AWS only.
"""

import importlib.util
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime

BARE = getattr(sys, "_base_executable", sys.executable)
SDK = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")
"""What a Python runtime of Lambda ships; a layer's own come before it."""

detect_runtime = lambda_runtime._detect_runtime_binary


def runtime_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="runtime-"))
    for name in SDK:
        found = importlib.util.find_spec(name)
        if found and found.origin:
            source = Path(found.origin)
            package = source.parent if source.name == "__init__.py" else source
            (folder / package.name).symlink_to(package)
    return folder


def detect_bare(runtime: str) -> Any:
    binary, script = detect_runtime(runtime)
    return (BARE if binary == sys.executable else binary), script


os.environ["PYTHONPATH"] = str(runtime_folder())  # workers inherit it
lambda_runtime._detect_runtime_binary = detect_bare
