"""How large the layers and the artefacts are, unzipped."""

from functools import cache
from pathlib import Path

from bench.artefacts import built, handlers
from bench.report import Section
from local.stack.stack import Stack

BOTO3 = ("boto3", "botocore", "s3transfer")


@cache
def size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def megabytes(count: int) -> float:
    return count / 1e6


def measured(_: Stack) -> Section:
    """Budget: a function and its layers without boto3 at most 60 MB; Lambda's own limit is 250 MB with it."""
    parts = {name: built() / name for name in ("RuntimeLayer", "StripeLayer")}
    parts |= {f"layer of {one.module.partition('.')[0]}, with the kernel": one.context for one in handlers()}
    sizes = {name: size(folder) for name, folder in parts.items()}
    runtime = built() / "RuntimeLayer" / "python"
    boto3 = sum(size(folder) for name in BOTO3 for folder in (runtime / name,))
    rows = [(name, megabytes(octets)) for name, octets in sorted(sizes.items())]
    largest = max(sum(map(size, one.paths)) for one in handlers())
    rows += [
        ("of it boto3", megabytes(boto3)),
        ("the largest function with its layers", megabytes(largest)),
        ("the same without boto3 (budget 60)", megabytes(largest - boto3)),
    ]
    return Section(title="Sizes", said="Unzipped, as Lambda counts them.", columns=("part", "MB"), rows=rows)
