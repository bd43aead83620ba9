"""moto without what it does again and again for each test and each call; tests end the same, and sooner."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.model import StructureShape
from moto import mock_aws
from moto.core.base_backend import AccountSpecificBackend
from moto.core.serialize import BaseJSONSerializer
from moto.kms.utils import generate_private_key

from support.fast_moto import expressions, shared_clients, tables, unsent_calls
from support.shared_items import Made

_session = cache(boto3.Session)
_private_key = cache(generate_private_key)
unsent_calls.install()


@contextmanager
def quick_moto(patch: pytest.MonkeyPatch) -> Iterator[list[Made]]:
    """An empty account, and the transactions that contexts make in it."""
    made = tables.quicken(patch)
    expressions.quicken(patch)
    shared_clients.quicken(patch)
    _short_answers(patch)
    patch.setattr(AccountSpecificBackend, "_generate_regions", lambda _, service: list(_regions(service)))
    patch.setattr("moto.core.models.RESPONSES_METHODS", [])  # only botocore calls it
    patch.setattr("moto.kms.models.generate_private_key", _private_key)  # symmetric keys have one too
    with mock_aws():
        patch.setattr(boto3, "DEFAULT_SESSION", _session())  # another one reads all descriptions anew
        yield made


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
