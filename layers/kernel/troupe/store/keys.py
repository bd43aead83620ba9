"""Every key the table knows. Each begins with the tenant, which is what IAM confines a request by.

IAM checks neither the keys of an index nor the shape of the session tag, so both are checked here.
"""

import re
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

SYSTEM = "@"  # the tenant of what belongs to no tenant
STATE = "STATE"
EVENT = "EVENT#"
INBOX = "INBOX"
SUBJECT = "SUBJECT"
HELD = "HELD#"
DUE_SHARDS = 8
DUE_BUCKET_SECONDS = 3600

_TENANT = re.compile(r"@|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Key(NamedTuple):
    """The primary key of one item."""

    pk: str
    sk: str


class ForeignKey(ValueError):  # noqa: N818 -- the key is at fault, not the program that refuses it
    """A key that is malformed or belongs to another tenant."""


def tenant(text: str) -> str:
    """The tenant's id as it may stand in a key or a session tag: a lower-case UUID, or `@`."""
    if not _TENANT.fullmatch(text):
        raise ForeignKey("a tenant is a UUID or @")
    return text


def tenant_of(pk: str) -> str:
    """The tenant that a partition key belongs to."""
    return tenant(pk.partition("#")[0])


def _part(text: str) -> str:
    if not text or "#" in text:
        raise ForeignKey("a part of a key is neither empty nor contains #")
    return text


def _pk(tenant_id: str, *parts: str) -> str:
    return "#".join((tenant(tenant_id), *map(_part, parts)))


def aggregate(tenant_id: str, kind: str, aggregate_id: str) -> str:
    return _pk(tenant_id, kind.upper(), aggregate_id)


def state(tenant_id: str, kind: str, aggregate_id: str) -> Key:
    return Key(aggregate(tenant_id, kind, aggregate_id), STATE)


def part(tenant_id: str, kind: str, aggregate_id: str, name: str) -> Key:
    """A piece of an aggregate that is kept apart from its state: large, immutable, or secret."""
    return Key(aggregate(tenant_id, kind, aggregate_id), name)


def event(version: int) -> str:
    return f"{EVENT}{version:012}"


def unique(what: str, value: str, tenant_id: str = SYSTEM) -> Key:
    """A uniqueness guard; under `@` it holds across the whole system."""
    return Key(_pk(tenant_id, "UNIQUE", what.upper(), value), "UNIQUE")


def email(address: str, tenant_id: str = SYSTEM) -> Key:
    """The guard of an e-mail address: by its hash, so that no key shows a person.

    Under `@` it stands for who has proved the address, under a tenant for who has it or is to prove it there.
    """
    return unique("email", sha256(address.strip().lower().encode()).hexdigest(), tenant_id)


def email_unproved(address: str) -> Key:
    """Beside the guard under `@`: who was the last to be sent a link to the address, to prove it."""
    return Key(email(address).pk, "UNPROVED")


def counter(tenant_id: str, what: str, tally_id: str, bucket: str = "TALLY") -> Key:
    return Key(_pk(tenant_id, "TALLY", what.upper(), tally_id), bucket)


def inbox(source: str, event_id: str) -> Key:
    return Key(_pk(SYSTEM, INBOX, source, event_id), INBOX)


def idempotency(tenant_id: str, principal: str, key: str) -> Key:
    return Key(_pk(tenant_id, "IDEMPOTENCY", principal, sha256(key.encode()).hexdigest()), "IDEMPOTENCY")


def upload(tenant_id: str, file_id: str) -> Key:
    """A file that may be sent to a bucket: how large it is, and whether anything names it."""
    return Key(_pk(tenant_id, "UPLOAD", file_id), "UPLOAD")


def session(tenant_id: str, session_id: str) -> Key:
    """A sign-in that can be refreshed."""
    return Key(_pk(tenant_id, "SESSION", session_id), "SESSION")


def standing(tenant_id: str) -> Key:
    """What the tenant publishes of itself: status, plan, zone, settings, roles, limits."""
    return Key(_pk(tenant_id, "STANDING"), "STANDING")


def community_standing(tenant_id: str, community_id: str) -> Key:
    """What a community publishes of itself: its owner, whether it is there, and for whom."""
    return Key(_pk(tenant_id, "COMMUNITY_STANDING", community_id), "STANDING")


def community_member(tenant_id: str, community_id: str, user_id: str) -> Key:
    """What a community publishes of one person: status and role."""
    return Key(_pk(tenant_id, "COMMUNITY_MEMBER", community_id), _part(user_id))


def talent_standing(tenant_id: str, talent_id: str) -> Key:
    """What a talent publishes of itself: status, whether it is deleted, and its organization."""
    return Key(_pk(tenant_id, "TALENT_STANDING", talent_id), "STANDING")


def talent_bonds(tenant_id: str, talent_id: str) -> Key:
    """What contracts publish of a talent: how many are in force."""
    return Key(_pk(tenant_id, "TALENT_BONDS", talent_id), "BONDS")


def subject(tenant_id: str, subject_id: str) -> Key:
    """The key of one person's personal data, as `user:{id}`; without it their data reads as blank."""
    return Key(_pk(tenant_id, SUBJECT, subject_id), SUBJECT)


def held(tenant_id: str, subject_id: str, kind: str, aggregate_id: str) -> Key:
    """Beside the subject's key: an aggregate of another kind that holds something about the subject."""
    return Key(_pk(tenant_id, SUBJECT, subject_id), f"{HELD}{kind}#{aggregate_id}")


def erasures(tenant_id: str) -> str:
    """The partition of what was erased, by when it was."""
    return _pk(tenant_id, "ERASURES")


def feature_flag(name: str) -> Key:
    """A flag's definition, which every tenant may read."""
    return Key(_pk(SYSTEM, "FEATURE_FLAG", name), STATE)


def view(tenant_id: str, name: str, *parts: str) -> str:
    """The partition of a read model."""
    return _pk(tenant_id, name.upper(), *parts)


def counted(tenant_id: str, view: str, event_id: str) -> Key:
    """The mark that a view has counted an event."""
    return Key(_pk(tenant_id, "COUNTED", view.upper(), event_id), "COUNTED")


def generation(view: str) -> Key:
    """Which generation of a read model is the live one, for all tenants."""
    return Key(_pk(SYSTEM, "GENERATION", view.upper()), "GENERATION")


def progress(task: str, view: str, segment: int) -> Key:
    """How far a job has come with one segment of the table."""
    return Key(_pk(SYSTEM, "PROGRESS", task.upper(), view.upper()), f"SEGMENT#{segment:04}")


def swept(kind: str) -> Key:
    """Up to where what falls due has been seen to."""
    return Key(_pk(SYSTEM, "SWEPT", kind.upper()), "SWEPT")


def listing(tenant_id: str, name: str) -> str:
    """A collection or a queue of a tenant: the partition key of an index. `name` may have parts."""
    return _pk(tenant_id, *name.split("#"))


def due(kind: str, at: datetime, shard: int) -> str:
    """What falls due in the hour that begins at or before `at`, of all tenants."""
    bucket = int(at.timestamp()) // DUE_BUCKET_SECONDS * DUE_BUCKET_SECONDS
    return _pk(SYSTEM, "DUE", kind.upper(), str(bucket), str(shard))


def due_place(kind: str, at: datetime, now: datetime, thing_id: str) -> str:
    """Where it is written now: never into an hour that is over, since no sweep looks there again."""
    return due(kind, max(at, now), due_shard(thing_id))


def due_shard(aggregate_id: str) -> int:
    return int(sha256(aggregate_id.encode()).hexdigest(), 16) % DUE_SHARDS


def own(tenant_id: str, index_pk: str) -> str:
    """An index key as a tenant may write it: its own, or a due date."""
    if not index_pk.startswith((f"{tenant(tenant_id)}#", f"{SYSTEM}#DUE#")):
        raise ForeignKey("an index key of another tenant")
    return index_pk


def mail(tenant_id: str, once: str) -> Key:
    """The claim of one mail, by which it is sent once."""
    return Key(_pk(tenant_id, "MAIL", once), "MAIL")


def suppressed(tenant_id: str, digest: str) -> Key:
    """An address that gets no mail, by its hash."""
    return Key(_pk(tenant_id, "SUPPRESSED", digest), "SUPPRESSED")
