"""moto without what it does again and again for each test and each action; tests end the same, and sooner."""

import copy
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.model import StructureShape
from moto import mock_aws
from moto.core.base_backend import AccountSpecificBackend
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models import DynamoDBBackend, Table
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser

_one_at_a_time = threading.RLock()  # moto itself has none
_session = cache(boto3.Session)


@contextmanager
def quick_moto(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty account."""
    _light_copies(patch)
    _short_answers(patch)
    _known_nodes(patch)
    patch.setattr(AccountSpecificBackend, "_generate_regions", lambda _, service: list(_regions(service)))
    patch.setattr("moto.core.models.RESPONSES_METHODS", [])  # nobody asks it but by botocore
    with mock_aws():
        patch.setattr(boto3, "DEFAULT_SESSION", _session())  # another one reads all descriptions anew
        yield


def _short_answers(patch: pytest.MonkeyPatch) -> None:
    """An attribute has one of ten members; moto looks for each of the others under seven names."""
    whole = BaseJSONSerializer._serialize_type_structure

    def serialize(
        self: BaseJSONSerializer, serialized: Any, value: Any, shape: StructureShape, key: str
    ) -> None:
        if shape.name == "AttributeValue" and isinstance(value, dict) and key:
            wrapper: dict[str, Any] = {}
            for member, each in value.items():
                self._serialize(wrapper, each, shape.members[member], member)
            self._default_serialize(serialized, wrapper, shape, key)
        else:
            whole(self, serialized, value, shape, key)

    patch.setattr(BaseJSONSerializer, "_serialize_type_structure", serialize)


@cache
def _regions(service: str) -> tuple[str, ...]:
    """moto reads them anew for each account, and each test has its own."""
    session = _session()
    partitions = session.get_available_partitions()
    return tuple(region for name in partitions for region in session.get_available_regions(service, name))


def _known_nodes(patch: pytest.MonkeyPatch) -> None:
    """Which nodes of an expression a traverser processes depends on its class; moto asks at each node."""
    asked, known = DepthFirstTraverser.nodes_to_be_processed, dict[type, tuple[type, ...]]()

    def nodes_to_be_processed(self: DepthFirstTraverser) -> tuple[type, ...]:
        kind = type(self)
        if kind not in known:
            known[kind] = asked(self)
        return known[kind]

    patch.setattr(DepthFirstTraverser, "nodes_to_be_processed", nodes_to_be_processed)


def _light_copies(patch: pytest.MonkeyPatch) -> None:
    """moto copies a whole table, its stream too, for each action of a transaction, to roll back to.

    What a transaction can change is copied here, and the rest is shared: it is replaced, never changed in
    place, but for the items that an update names. Transactions of several threads follow one another, as they
    would at AWS.
    """
    transact, updated = DynamoDBBackend.transact_write_items, list[dict[str, Any]]()

    def transact_write_items(self: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        with _one_at_a_time:
            updated[:] = [each["Update"]["Key"] for each in transact_items if "Update" in each]
            transact(self, transact_items)

    def deepcopy(value: Any) -> Any:
        return _copied(value, updated) if isinstance(value, Table) else copy.deepcopy(value)

    patch.setattr(DynamoDBBackend, "transact_write_items", transact_write_items)
    patch.setattr("moto.dynamodb.models.copy", SimpleNamespace(deepcopy=deepcopy, copy=copy.copy))


def _copied(table: Table, updated: list[dict[str, Any]]) -> Table:
    """A table of one range key with the same items, those that will be updated as they are now."""
    clone = copy.copy(table)
    clone.items = defaultdict(dict, {of: dict(rows) for of, rows in table.items.items()})
    for key in updated:
        of, place = DynamoType(key["PK"]), DynamoType(key["SK"])
        if place in table.items.get(of, {}):
            clone.items[of][place] = copy.deepcopy(table.items[of][place])
    if table.stream_shard is not None:
        clone.stream_shard = copy.copy(table.stream_shard)
        clone.stream_shard.items = list(table.stream_shard.items)
    return clone
