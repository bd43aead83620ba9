"""The table as it was at a moment, to be had again at once."""

import copy
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import Table, dynamodb_backends


def rewinding() -> Callable[[], None]:
    """Brings the table back to how it is now, as often as wished."""
    kept = _copied(_table().items)

    def rewind() -> None:
        _table().items = _copied(kept)

    return rewind


def _table() -> Table:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"].tables["t"]


def _copied(items: dict[Any, dict[Any, Any]]) -> defaultdict[Any, dict[Any, Any]]:
    """An update changes an item in place, so each is another one; keys are never changed."""
    return defaultdict(
        dict, {of: {at: copy.deepcopy(row) for at, row in rows.items()} for of, rows in items.items()}
    )
