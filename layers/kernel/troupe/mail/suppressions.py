"""Addresses that get no mail of a tenant any more: they bounced for good, or the person complained.

SES tells it by an event, through EventBridge or SNS
(https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html). The tenant is in
the tag that `mail` gave the mail; events carry tags when they come of a configuration set.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from functools import partial
from hashlib import sha256
from typing import Any, Literal

from troupe.observability import outcome
from troupe.store import keys, table
from troupe.store.attributes import pack
from troupe.store.commit import single

NO_TENANT = "none"

type Reason = Literal["bounce", "complaint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One address of one tenant; only its hash is kept. `at` is SES's own instant (RFC 3339)."""

    tenant_id: str
    digest: str
    reason: Reason
    at: str


def digest(address: str) -> str:
    """The SHA-256 of an address in lower case, without a name or brackets around it."""
    return sha256(parseaddr(address)[1].strip().lower().encode()).hexdigest()


def tag(tenant_id: str) -> str:
    """How a mail's tag names the tenant: a tag has letters, digits, `_` and `-` alone."""
    return NO_TENANT if tenant_id == keys.SYSTEM else tenant_id


def is_suppressed(tenant_id: str, address: str) -> bool:
    key = keys.suppressed(tenant_id, digest(address))
    given: Any = pack({"PK": key.pk, "SK": key.sk})
    return "Item" in table.client().get_item(TableName=table.name(), Key=given, ConsistentRead=True)


def record(event: Mapping[str, Any]) -> int:
    """Suppress the addresses of a bounce or a complaint; how many. To be told twice changes nothing.

    The event is as EventBridge gives it (`detail`) or SNS (`Records`, each with a JSON `Message`). Other
    events, bounces that may pass and complaints taken back are none of this.
    """
    found = [each for notice in _notices(event) for each in suppressions(notice)]
    for each in found:
        key = keys.suppressed(each.tenant_id, each.digest)
        item = pack({"PK": key.pk, "SK": key.sk, "reason": each.reason, "at": each.at})
        single(partial(table.client().put_item, TableName=table.name(), Item=item))
        outcome("mail_address_suppressed", tenant_id=each.tenant_id, reason=each.reason)
    return len(found)


def suppressions(notice: Mapping[str, Any]) -> tuple[Suppression, ...]:
    """The addresses that one notice of SES suppresses: none without our tag, which names the tenant."""
    match notice.get("eventType", notice.get("notificationType")):
        case "Bounce" if notice["bounce"]["bounceType"] == "Permanent":
            return _of(notice, "bounce", notice["bounce"]["bouncedRecipients"])
        case "Complaint" if notice["complaint"].get("complaintFeedbackType") != "not-spam":
            return _of(notice, "complaint", notice["complaint"]["complainedRecipients"])
        case _:
            return ()


def _of(
    notice: Mapping[str, Any], reason: Reason, recipients: list[Mapping[str, str]]
) -> tuple[Suppression, ...]:
    try:
        (named,) = notice["mail"].get("tags", {}).get("tenant", [""])
        tenant_id = keys.SYSTEM if named == NO_TENANT else keys.tenant(named)
    except ValueError:
        outcome("mail_notice_without_tenant", reason=reason)
        return ()
    at = notice[reason]["timestamp"]
    return tuple(
        Suppression(tenant_id=tenant_id, digest=digest(each["emailAddress"]), reason=reason, at=at)
        for each in recipients
    )


def _notices(event: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "Records" in event:
        for each in event["Records"]:
            yield json.loads(each["Sns"]["Message"])
    else:
        yield event["detail"]
