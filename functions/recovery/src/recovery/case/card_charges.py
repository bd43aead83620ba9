"""The charges of one card, of all invoices and both retry engines: what ceilings are counted from.

A card's partition holds its charges, what is about to be charged (`RESERVED`), and a head whose version moves
with each of them. A retry that is claimed holds to the version that it read, so two attempts never both take
the last charge that a ceiling allows. The head also keeps the charge after which the card is never to be
tried again: that holds longer than any ceiling looks back (S-06).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from recovery.policy.ceilings import LOOK_BACK, CardCharge
from troupe.domain.instants import rfc3339
from troupe.store import aggregates, keys, reads, writes
from troupe.store.keys import Key
from troupe.store.writes import Action

_CHARGE, _HEAD, _RESERVED, _LAST = "CHARGE#", "HEAD", "RESERVED#", "RESERVED#~"
KEPT = LOOK_BACK + timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A card's charges of late and the one that forbids all others, oldest first; and the version as read."""

    fingerprint: str
    version: int = 0
    charges: tuple[CardCharge, ...] = ()


def read(tenant_id: str, fingerprint: str | None, now: datetime) -> Ledger:
    """One consistent query. Of a card without a fingerprint nothing is known."""
    if not fingerprint:
        return Ledger(fingerprint="")
    since = f"{_CHARGE}{rfc3339(now - LOOK_BACK)}"
    items = reads.between(_pk(tenant_id, fingerprint), since, _LAST)
    version = next((item["version"] for item in items if item["SK"] == _HEAD), 0)
    found = [aggregates.parse(CardCharge, item["charge"]) for item in items if "charge" in item]
    charges = {each.charge_id: each for each in found}.values()
    ordered = sorted(charges, key=lambda each: (each.at, each.charge_id))
    return Ledger(fingerprint=fingerprint, version=version, charges=tuple(ordered))


def recorded(tenant_id: str, fingerprint: str, charges: Iterable[CardCharge]) -> tuple[Action, ...]:
    """Charges that were made. A charge is put under its own instant and id, so twice is once."""
    made = tuple(charges)
    puts = (
        writes.put(
            Key(_pk(tenant_id, fingerprint), f"{_CHARGE}{rfc3339(charge.at)}#{charge.charge_id}"),
            _item(charge),
        )
        for charge in made
    )
    return (*puts, _moved(tenant_id, fingerprint, made)) if made else ()


def reserved(tenant_id: str, ledger: Ledger, charge: CardCharge) -> tuple[Action, ...]:
    """A charge that is about to be made; it counts until it is known, or is given back.

    Holds to the version that was read (another worker's claim makes the decision stale).
    """
    if not ledger.fingerprint:
        return ()
    key = Key(_pk(tenant_id, ledger.fingerprint), f"{_RESERVED}{charge.charge_id}")
    values = {"one": 1, "read": ledger.version} if ledger.version else {"one": 1}
    held = writes.update(
        _head(tenant_id, ledger.fingerprint),
        "ADD version :one",
        values,
        condition="version = :read" if ledger.version else "attribute_not_exists(version)",
    )
    return (writes.put(key, _item(charge)), held)


def given_back(tenant_id: str, fingerprint: str, charge_id: str) -> tuple[Action, ...]:
    """What was reserved is known by now, or was never charged."""
    key = Key(_pk(tenant_id, fingerprint), f"{_RESERVED}{charge_id}")
    gone = Action(kind="Delete", parameters={"Key": {"PK": {"S": key.pk}, "SK": {"S": key.sk}}})
    return (gone,)


def reservation(attempt_id: str, number: int) -> str:
    """What a retry is called in the ledger before its charge has an id."""
    return f"{attempt_id}:{number}"


def _pk(tenant_id: str, fingerprint: str) -> str:
    return keys.view(tenant_id, "card", fingerprint)


def _head(tenant_id: str, fingerprint: str) -> Key:
    return Key(_pk(tenant_id, fingerprint), _HEAD)


def _moved(tenant_id: str, fingerprint: str, made: Iterable[CardCharge]) -> Action:
    head, never = _head(tenant_id, fingerprint), [each for each in made if each.never_rule]
    if not never:
        return writes.update(head, "ADD version :one", {"one": 1})
    values = {"one": 1, "never": aggregates.dump(CardCharge, never[-1])}
    return writes.update(head, "ADD version :one SET charge = :never", values)


def _item(charge: CardCharge) -> dict[str, object]:
    return {
        "charge": aggregates.dump(CardCharge, charge),
        "expires_at": int((charge.at + KEPT).timestamp()),
    }
