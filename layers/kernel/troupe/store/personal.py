"""Personal fields of events: encrypted beside the event's data, under a key of each subject.

`data` shows them blank, so that it is a whole event without any key. What was blanked stands beside it as one
AES-SIV blob for each subject (RFC 5297), bound to its place in the stream. A subject is erased when its key
is gone: every event about it then reads as its data.
"""

import json
import os
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from troupe.domain.decider import Context, Rejected
from troupe.domain.instants import rfc3339
from troupe.domain.personal import blanked, declared
from troupe.observability import outcome
from troupe.store import keys, reads, writes
from troupe.store.attributes import unpack
from troupe.store.envelope import Envelope
from troupe.store.keys import Key
from troupe.store.writes import Action

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

KEY_BYTES = 64  # AES-256-SIV takes two keys of 32

type Items = Mapping[Key, Mapping[str, Any]]
type Fields = Mapping[str, Mapping[str, Any]]  # by subject


class Keys:
    """The keys of the subjects that a transaction writes about: those that were read, and new ones."""

    def __init__(self, tenant_id: str, items: Items) -> None:
        self._tenant_id = tenant_id
        self._items = items
        self._made: dict[Key, bytes] = {}

    def of(self, subject: str) -> bytes:
        """The subject's key. One that was not read is taken to be new; if it is not, nothing is written."""
        at = keys.subject(self._tenant_id, subject)
        if at not in self._items:
            return self._made.setdefault(at, os.urandom(KEY_BYTES))
        if (found := _key(self._items[at])) is None:
            raise Rejected("personal_data_erased", "This person's data was erased, and none is taken again.")
        return found

    def actions(self) -> list[Action]:
        """The puts of the new keys."""
        return [writes.put(at, {"key": key}, absent=True) for at, key in self._made.items()]


def parted(event: Any, subjects: Mapping[str, str], whole: Callable[[], str]) -> tuple[Any, Fields]:
    """The event as it reads without any key, and by subject the fields that a key shows.

    `whole`: the event as JSON.
    """
    shown, hidden = blanked(event), dict[str, dict[str, Any]]()
    for name, mark in declared(type(event)).items():
        if getattr(shown, name) != getattr(event, name):
            hidden.setdefault(subjects[mark.of], {})[name] = json.loads(whole())[name]
    return shown, hidden


def encrypted(place: Sequence[str], hidden: Fields, known: Keys) -> dict[str, str]:
    """The fields of each subject as a blob that opens in this place of the stream alone."""
    return {
        subject: b64encode(
            _cipher(known.of(subject)).encrypt(json.dumps(values).encode(), _bound(place, subject))
        ).decode()
        for subject, values in hidden.items()
    }


def opened(
    envelopes: Sequence[Envelope], known: dict[Key, Mapping[str, Any]] | None = None
) -> list[Envelope]:
    """The events with their personal fields, as far as there are keys.

    `known`: items that were read, which is kept up with those that had to be read now.
    """
    held = {} if known is None else known
    missing = [key for key in subjects(envelopes) if key not in held]
    if missing:
        found = reads.many(missing)
        held.update((key, found.get(key, {})) for key in missing)
    return [_opened(each, held) for each in envelopes]


def subjects(envelopes: Iterable[Envelope]) -> dict[Key, None]:
    """Where the keys stand that open these events."""
    return {keys.subject(each.tenant_id, subject): None for each in envelopes for subject in each.personal}


def found(items: Iterable[Mapping[str, Any]]) -> dict[Key, Mapping[str, Any]]:
    """The keys that a transaction found in the place of new ones, because it had not read them."""
    plain = (unpack(item) for item in items)
    known: dict[Key, Mapping[str, Any]] = {
        Key(each["PK"], each["SK"]): each for each in plain if each.get("SK") == keys.SUBJECT
    }
    if known:
        outcome("subjects_not_read", count=len(known))
    return known


def erased(context: Context, subject: str) -> tuple[Action, ...]:
    """Destroy the subject's key, for good, and record that it was done."""
    tenant_id, at = context.tenant_id, rfc3339(context.now)
    record = {"subject": subject, "erased_at": at, "by": context.actor}
    return (
        writes.update(
            keys.subject(tenant_id, subject),
            "SET erased_at = if_not_exists(erased_at, :at) REMOVE #key",
            {"at": at},
            names={"#key": "key"},
        ),
        writes.put(Key(keys.erasures(tenant_id), f"{at}#{subject}"), record),
    )


def _opened(envelope: Envelope, items: Items) -> Envelope:
    data = dict(envelope.data)
    place = (envelope.tenant_id, envelope.aggregate, envelope.aggregate_id, str(envelope.version))
    for subject, blob in envelope.personal.items():
        key = _key(items.get(keys.subject(envelope.tenant_id, subject), {}))
        if key:
            data |= json.loads(_cipher(key).decrypt(b64decode(blob), _bound(place, subject)))
    return replace(envelope, data=data, personal={})


def _key(item: Mapping[str, Any]) -> bytes | None:
    return bytes(item["key"]) if "key" in item else None


def _bound(place: Sequence[str], subject: str) -> list[bytes]:
    return [part.encode() for part in (*place, subject)]


def _cipher(key: bytes) -> "AESSIV":
    return implementation()(key)


@cache
def implementation() -> "type[AESSIV]":
    """It stands beside the path in the runtime layer, for PyJWT loads it wherever it finds it."""
    beside = (Path(each).parent / "encryption" for each in sys.path)
    sys.path += [str(each) for each in beside if each.is_dir()]
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV  # noqa: PLC0415 -- 42 ms and 15 MB

    return AESSIV
