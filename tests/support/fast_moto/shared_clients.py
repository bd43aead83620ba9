"""Clients of botocore that tests share: to make one costs as much as ten calls."""

import os
from typing import Any, NamedTuple

import pytest
from botocore.client import BaseClient
from botocore.session import Session


class _Made(NamedTuple):
    client: BaseClient
    untouched: object


_made: dict[tuple[object, ...], _Made] = {}
_create = Session.create_client


def quicken(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Session, "create_client", _create_client)


def _create_client(self: Session, service_name: str, **given: Any) -> BaseClient:
    """The client that another test had of this session and environment, if no hook was put into it since."""
    config = given.pop("config", None)
    key = (
        self,
        self._credentials,
        service_name,
        repr(config and config._user_provided_options),
        repr(sorted(given.items())),
        repr(sorted((name, value) for name, value in os.environ.items() if name.startswith("AWS_"))),
    )
    made = _made.get(key)
    if made is None or made.untouched is not _hooks(made.client):
        client = _create(self, service_name, config=config, **given)
        made = _made[key] = _Made(client, _hooks(client))
    return made.client


def _hooks(client: BaseClient) -> object:
    """Which object that is changes with each hook that is put in or taken out."""
    return client.meta.events._emitter._lookup_cache
