"""Who asks with an API key: a service principal, and what it may do now.

A suspended tenant's keys are refused altogether: its people can read meanwhile, its programs wait.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from troupe.edge.principal import Reason
from troupe.observability import logger
from troupe.security import api_keys
from troupe.security.api_keys import ApiKey
from troupe.security.roles import BUILT_IN
from troupe.store import keys, reads, table
from troupe.store.commit import single
from troupe.store.table import Unavailable

type Standing = Mapping[str, Any]
type Passed = dict[str, str | int | list[str]]

OPERATES = frozenset({"trial", "active"})


class KeyRefused(Exception):  # noqa: N818 -- an answer, not a fault
    """There is no principal; the code says why."""

    def __init__(self, code: Reason) -> None:
        super().__init__(code)
        self.code = code
        self.passed: Passed = {"refused": code}


def passed(token: str, at: datetime, standing_of: Callable[[Standing | None, datetime], Standing]) -> Passed:
    """What is passed on of a key, in one read; its first use of a day (UTC) is noted.

    Its permissions are those that it was made with, as far as a tenant still has them to give.
    """
    key = api_keys.read(token)
    if key is None:
        raise KeyRefused("api_key_invalid")
    place, standing_key = api_keys.place(key.tenant_id, key.id), keys.standing(key.tenant_id)
    found = reads.batch([place, standing_key])
    item = found.get(place)
    if item is None or not api_keys.admits(item, key, at):
        raise KeyRefused("api_key_invalid")
    if api_keys.expired(item, at):
        raise KeyRefused("api_key_expired")
    standing = standing_of(found.get(standing_key), at)
    if standing["status"] not in OPERATES:
        raise KeyRefused("tenant_suspended")
    _note(key, item, at.date().isoformat())
    return {
        "principal_id": key.id,
        "kind": api_keys.KIND,
        "tenant_id": key.tenant_id,
        "permissions": sorted(BUILT_IN["owner"].intersection(item["permissions"])),
        "standing": standing["status"],
        "zone": standing["zone"],
    }


def _note(key: ApiKey, item: Mapping[str, Any], day: str) -> None:
    """A day that cannot be noted now is noted by the next request."""
    if item.get(api_keys.DAY, "") >= day:
        return
    noted = api_keys.used(key, day)
    try:
        single(lambda: table.client().update_item(TableName=table.name(), **noted.parameters))
    except ClientError as failed:
        if failed.response["Error"]["Code"] != "ConditionalCheckFailedException":
            logger.warning("use_not_noted", exc_info=failed)
    except (BotoCoreError, Unavailable) as failed:
        logger.warning("use_not_noted", exc_info=failed)
