"""What openapi.yaml says of answers that come over HTTP."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import yaml

PROBLEM = "application/problem+json"
DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.yaml"
UNROUTED = {(404, "not_found"), (405, "method_not_allowed")}  # of what no operation is


def undocumented(answer: httpx.Response) -> str:
    """What is wrong with an answer: a problem that its operation does not name."""
    if not answer.headers.get("content-type", "").startswith(PROBLEM) or answer.request.method == "HEAD":
        return ""
    method, path = answer.request.method, answer.request.url.path
    body = answer.json()
    seen = (answer.status_code, body["code"])
    named = _named(method, path)
    return (
        "" if seen in (UNROUTED if named is None else named) else f"{method} {path}: {seen} is not documented"
    )


def _named(method: str, path: str) -> set[tuple[int, str]] | None:
    """Status and code of each problem of the operation that the gateway takes a request to."""
    found = [(len(each.groupindex), codes) for each, codes in _operations(method) if each.fullmatch(path)]
    return min(found, key=lambda each: each[0])[1] if found else None


@cache
def _operations(method: str) -> list[tuple[re.Pattern[str], set[tuple[int, str]]]]:
    document = yaml.load(DOCUMENT.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    verb = "get" if method == "HEAD" else method.lower()
    return [
        (
            re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))),
            _codes(document, methods[verb]),
        )
        for path, methods in document["paths"].items()
        if verb in methods
    ]


def _codes(document: Any, operation: Any) -> set[tuple[int, str]]:
    return {
        (int(status), code)
        for status, answer in operation["responses"].items()
        for code in _examples(document, answer)
    }


def _examples(document: Any, answer: Any) -> list[str]:
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return [*answer.get("content", {}).get(PROBLEM, {}).get("examples", {})]
