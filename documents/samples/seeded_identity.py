"""What identity writes beside its aggregates: standing, quotas, guards, counts and passwords."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from documents.samples.sample_ids import PERSON, TENANT, sample_id
from documents.samples.seeding import AnyChange, left, of_kind, put, remove
from identity.api_key import transactions as api_key_transactions
from identity.feature import catalogue
from identity.role import transactions
from identity.sign_in import accounts
from identity.tenant import transactions as tenant_transactions
from identity.user import owners
from identity.user.decider import User
from identity.verification import links
from troupe.quota import daily, quota
from troupe.security import api_keys, passwords, sessions, tokens
from troupe.security.secrets import signing_keys
from troupe.store import keys, reads, writes
from troupe.store.commit import commit
from troupe.store.transact import Snapshot

PASSWORD = "a long walk by the sea"
REFRESH = sessions.RefreshToken(  # the one in the examples of RefreshToken and LogOut
    tenant_id=TENANT,
    principal_id=PERSON,
    session_id=sample_id("f1"),
    secret="a-secret-that-opens-nothing",
)
ROOM = 100_000
LINKS: Mapping[str, tokens.LinkPurpose] = {"VerifyUser": "verify", "ResetPassword": "reset"}

type Changes = Sequence[AnyChange]


def seed(at: Snapshot, changes: Changes) -> None:
    _tenant(at, changes)
    _role(changes)
    _api_key(changes)
    _person(at, changes)
    flag = left(changes, "feature_flag")
    put([writes.put(catalogue.CATALOGUE, {"flags": {flag.id: asdict(flag.state.definition)}})])


def secrets(name: str, at: Snapshot, changes: Changes) -> Mapping[str, Any]:
    """What is in the body of a sample and can be signed only here."""
    if name not in LINKS:
        return {}
    now = at.scope.context.now
    link = links.bound(LINKS[name], TENANT, left(changes, "credential"), now)
    fresh = replace(link, expires_at=now + links.LASTS[link.purpose])  # the golden credential is an old one
    return {"token": tokens.issue_link_token(fresh, signing_keys())}


def _tenant(at: Snapshot, changes: Changes) -> None:
    remove(keys.unique("slug", "acme"), keys.unique("domain", "creators.acme.example"))
    remove(keys.email("olivia@acme.example"), keys.email("bob@acme.example"))
    remove(keys.standing(TENANT))
    put(tenant_transactions.actions_of(at, of_kind(changes, "tenant")))
    put([writes.put(owners.counter(TENANT), {"owners": 2})])
    put(action for name in ("users", "organizations") for action in quota.opened(TENANT, name, ROOM, 1))
    put([daily.opened(TENANT, "mails", ROOM)])


def _role(changes: Changes) -> None:
    role, user = left(changes, "role"), left(changes, "user").state
    remove(transactions.name(TENANT, "Editors"))
    if not role.version or reads.one(keys.standing(TENANT)) is None:
        return
    holders = int(isinstance(user, User) and role.id in user.roles)
    put(
        [
            transactions.claim(TENANT, role.state.name, role.id),
            *(writes.put(part, {"holders": 0}) for part in transactions.holders(TENANT, role.id)),
            writes.put(transactions.holders_with(TENANT, role.id, PERSON), {"holders": holders}),
        ]
    )
    publish = transactions.published(TENANT, role.id, sorted(role.state.permissions))
    commit([publish])


def _api_key(changes: Changes) -> None:
    key = left(changes, "api_key")
    remove(api_key_transactions.counter(TENANT), api_keys.place(TENANT, key.id))
    if key.version:
        put([api_keys.opened(api_keys.fresh(TENANT, key.id), key.state.permissions, None)])


def _person(at: Snapshot, changes: Changes) -> None:
    user, credential = left(changes, "user"), left(changes, "credential")
    put(
        [
            writes.put(keys.email(user.state.email), {"tenant_id": TENANT, "principal_id": PERSON}),
            accounts.hashed(TENANT, PERSON, passwords.hash(PASSWORD)),
            sessions.opened(REFRESH, credential.state.epoch, at.scope.context.now),
        ]
    )
