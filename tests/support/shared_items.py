"""The items of a transaction that many principals share: two who write at the same moment would meet in them.

A key belongs to one principal or one aggregate if it contains the id of the caller, or of an aggregate that the
transaction writes an event of. All other keys in a context's transaction must be copies or buckets.
"""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from troupe.store.copies import COPY
from troupe.store.keys import Key
from troupe.store.scope import Scope

BUCKET = re.compile(r"(.+#)?\d\d")
OF_ONE = {  # kinds of keys in which only a few can meet, and why
    "API_KEYS": "administrators make a few keys, and the bound is exact",
    "IDEMPOTENCY": "one request has the key",
    "SIGN_IN": "the wrong passwords of one account",
    "SESSION": "one sign-in has it",
    "SUBJECT": "the key of one person; the one of the month's source addresses is written once and then read",
    "SUPPRESSED": "one address",
    "UPLOAD": "one file",
    "UNIQUE": "one name; of several who want it, one gets it",
    "INBOX": "one message has the number",
    "COUNTED": "one event or delivery is counted",
    "SWEPT": "one sweep of a kind runs at a time",
    "CARD": "one card, of one customer",
    "CREDENTIAL": "of one principal; who owns a workspace is held to be active",
    "CUSTOMER_ATTEMPTS": "one customer",
    "INVOICE_ATTEMPT": "one invoice",
    "RETRYING": "a lease of one retry, of several on an account",
    "MAIL_ASKED": "one address asks for a mail",
    "INVENTORY": "of one product, whose supplier counts it; orders move the stock beside it",
    "OWNERS": "who owns the tenant alone moves it; of the last two who go at once one has to stay",
    "LED_COMMUNITIES": "of one leader",
    "PARKED": "one payment, which came before its invoice",
    "FEED_ITEMS": "of a read model, which is written behind a queue that delivers again",
    "POST": "one post, whose flow waits for its token",
    "PRODUCT": "of one supplier, whose own commands alone check the state; orders check standing and stock",
    "PUBLISHED_PRODUCTS": "of one supplier",
    "RUNNING_PROMOTIONS": "of one supplier",
}
MAILS_OF_A_DAY = "#QUOTA#mails"  # staff invites; the limit of a day is exact, and small
PUBLISHED = {"STANDING", "FEATURE_FLAG"}  # administrators write them, and nothing else is held to them
SERIAL = {"INVOICE_NUMBERS"}  # a series without gaps has one item that gives the next number


@dataclass(frozen=True)
class Made:
    """A transaction, and who acts, where its code says so."""

    actions: list[dict[str, Any]]
    actor: str | None


def by_a_context(actions: list[dict[str, Any]]) -> Made | None:
    """The transaction, if a context's own code makes it, rather than a test that prepares something."""
    frame, actor = sys._getframe(1), None
    while frame is not None:
        file, scope = frame.f_code.co_filename, frame.f_locals.get("scope")
        if isinstance(scope, Scope):
            actor = scope.context.actor
        if "/functions/" in file:
            return Made(actions, actor)
        if "/troupe/projection/" in file or ("/tests/" in file and "/support/" not in file):
            return None
        frame = frame.f_back
    return None


def shared(made: Made) -> list[Key]:
    """The keys that are neither of one principal or aggregate, nor a copy, nor a bucket.

    A transaction of one action may name any item.
    """
    if len(made.actions) == 1:
        return []
    named = [(kind, each) for action in made.actions for kind, each in action.items()]
    owners = {owner for _, each in named for owner in _owners(each.get("Item", {}))} | {made.actor}
    own = {owner for owner in owners if owner and is_owner(owner)}
    found = [(kind, _key(each.get("Item") or each["Key"])) for kind, each in named]
    return [key for kind, key in found if not _allowed(kind, key, own)]


def is_owner(owner: str) -> bool:
    return owner not in {"system", "anonymous", "setup"}


def _owners(item: Mapping[str, Any]) -> set[str]:
    """Who acts, and what changes, as an event has it; of an id with parts the last is what it is."""
    if not item.get("SK", {}).get("S", "").startswith("EVENT#"):
        return set()
    changes = item["aggregate_id"]["S"]
    return {item["actor"]["S"], changes, re.split("[.:]", changes)[-1]}


def _key(item: Mapping[str, Any]) -> Key:
    return Key(item["PK"]["S"], item["SK"]["S"])


def _allowed(kind: str, key: Key, owners: set[str]) -> bool:
    kinds = {part.partition("~")[0] for part in key.pk.split("#")[1:3]}
    if key.sk.startswith(COPY) or BUCKET.fullmatch(key.sk) or kinds & (OF_ONE.keys() | SERIAL):
        return True
    if key.pk.endswith(MAILS_OF_A_DAY):
        return True
    if kinds & PUBLISHED and kind != "ConditionCheck":
        return True
    return any(owner in part for owner in owners for part in key)
