"""Stripe's form encoding: `expand[0]=payments&invoice_settings[default_payment_method]=pm_1`."""

import re
from typing import Any
from urllib.parse import parse_qsl

_PART = re.compile(r"[^\[\]]+")


def parsed(encoded: str) -> dict[str, Any]:
    """Nested dictionaries of texts; what is numbered or has `[]` becomes a list."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        _put(tree, [*_PART.findall(name), *([""] if name.endswith("[]") else [])], value)
    return {name: _lists(value) for name, value in tree.items()}


def _put(tree: dict[str, Any], path: list[str], value: str) -> None:
    for part in path[:-1]:
        tree = tree.setdefault(part, {})
    last = path[-1] or str(len(tree))
    tree[last] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    tree: dict[str, Any] = {name: _lists(each) for name, each in value.items()}
    return list(tree.values()) if all(name.isdecimal() for name in tree) else tree


def flag(value: str) -> bool:
    return value == "true"
