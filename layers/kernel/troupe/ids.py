"""Identifiers: UUIDv7, which sort by the moment they were made."""

import re
from datetime import UTC, datetime, timedelta

import uuid_utils

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id() -> str:
    """A UUIDv7 (RFC 9562, 5.7) in its canonical form; of two made in one process the later sorts last."""
    return str(uuid_utils.uuid7())


def is_uuid(text: str) -> bool:
    """Whether it is a UUID of any version in its canonical form: lower case, with hyphens."""
    return _UUID.fullmatch(text) is not None


def time_of(id: str) -> datetime:  # noqa: A002 -- what it is called everywhere
    """The instant (UTC, whole milliseconds) at which a UUIDv7 was made; ValueError for any other text."""
    if not is_uuid(id) or id[14] != "7":
        raise ValueError("not a UUIDv7")
    return _EPOCH + timedelta(milliseconds=int(id[:8] + id[9:13], 16))
