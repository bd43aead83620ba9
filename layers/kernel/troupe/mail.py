"""Outbound mail through SES: each one claimed in the table, sent, and marked as sent.

What happens to one mail, by what fails:

- Redelivered after it was sent: nothing; the claim says so.
- Two deliveries at once: one holds the claim, the other is told to come back.
- Refused or throttled by SES, or SES out of reach: the claim is given back, and the next delivery sends.
- The process dies before SES is called: the claim ends in a minute, then a delivery sends. Late, not never.
- SES accepts, and the process dies or loses the answer before that is noted: it is sent twice. SES takes no
  idempotency key, so this window cannot be closed, only kept small.

A mail is one call with all its parts, so none is sent in half. It is never sent when no delivery comes any
more: who calls this is the consumer of a queue, and its dead-letter queue is watched.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.exceptions import ConnectionError as NeverReached

from troupe import keys, table
from troupe.attributes import pack, unpack
from troupe.clock import now, rfc3339
from troupe.ids import new_id
from troupe.keys import Key
from troupe.observability import outcome
from troupe.suppressions import is_suppressed, tag

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

LEASE_SECONDS = 60  # longer than SES and the table can take together
KEPT_SECONDS = 400 * 86_400  # so that a replay of the archived bus sends nothing again

# One attempt: to repeat is to send a second mail.
_CONFIG = Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 1})
_FAULT = 500
_ADDRESS = re.compile(r"[^\s@,;:<>\"]+@[^\s@,;:<>\"]+")
_NOT_NOW = frozenset(
    {
        "TooManyRequestsException",
        "LimitExceededException",
        "SendingPausedException",
        "AccountSuspendedException",
        "ThrottlingException",
        "Throttling",
        "ServiceUnavailable",
    }
)

type Outcome = Literal["sent", "suppressed", "repeated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What is sent to one address for one tenant (`@`: for none)."""

    tenant_id: str
    to: str
    subject: str
    text: str
    html: str


class MailFailed(Exception):  # noqa: N818 -- the root of what can come of sending
    """The mail is not known to be sent."""


class MailLater(MailFailed):
    """Not sent, or perhaps sent and not known: deliver it again."""


class MailRefused(MailFailed):
    """SES does not take this mail, or none from us: to deliver it again helps when that has been mended."""


def send(mail: Mail, *, once: str) -> Outcome:
    """Send it, unless a mail of this tenant was sent under the key `once`, or the address is suppressed.

    `once` names the mail, not the attempt: `{event id}` or `{event id}-{recipient id}`. Raises `MailFailed`.
    """
    if not _ADDRESS.fullmatch(mail.to):
        raise MailRefused("not one address")
    key = keys.mail(mail.tenant_id, once)
    if not _claimed(key):
        return "repeated"
    if is_suppressed(mail.tenant_id, mail.to):
        _note(key, {"status": "suppressed"})
        outcome("mail_suppressed", tenant_id=mail.tenant_id, once=once)
        return "suppressed"
    message_id = _send(mail, key)
    _note(key, {"status": "sent", "message_id": message_id})
    outcome("mail_sent", tenant_id=mail.tenant_id, once=once, message_id=message_id)
    return "sent"


def _claimed(key: Key) -> bool:
    """Whether this delivery now holds the claim; not so when the mail was dealt with before."""
    claim, instant = new_id(), now()
    seconds = int(instant.timestamp())
    item = {"PK": key.pk, "SK": key.sk, "status": "claimed", "claim": claim, "at": rfc3339(instant)}
    times = {"lease_until": seconds + LEASE_SECONDS, "expires_at": seconds + KEPT_SECONDS}
    try:
        table.client().put_item(
            TableName=table.name(),
            Item=pack(item | times),
            ConditionExpression="attribute_not_exists(PK) OR (#status = :claimed AND lease_until <= :now)",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues=pack({":claimed": "claimed", ":now": seconds}),
        )
    except ClientError as failed:
        if failed.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return _ours(key, claim)
    return True


def _ours(key: Key, claim: str) -> bool:
    """Of a claim that is there already: ours after all, when it was made and only the answer was lost."""
    answer = table.client().get_item(TableName=table.name(), Key=_key(key), ConsistentRead=True)
    found = unpack(answer.get("Item", {}))
    if found.get("status") in {"sent", "suppressed"}:
        return False
    if found.get("claim") != claim:
        raise MailLater("another delivery is sending it")
    return True


def _key(key: Key) -> Any:
    return pack({"PK": key.pk, "SK": key.sk})


def _note(key: Key, values: Mapping[str, Any]) -> None:
    table.client().update_item(
        TableName=table.name(),
        Key=_key(key),
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
        ExpressionAttributeNames={f"#{name}": name for name in values},
        ExpressionAttributeValues=pack({f":{name}": value for name, value in values.items()}),
    )


@cache
def _ses() -> "SESV2Client":
    return boto3.client("sesv2", config=_CONFIG)  # pyright: ignore[reportUnknownMemberType] -- boto3


def _send(mail: Mail, key: Key) -> str:
    """The id that SES gave it. The claim is given back where it is certain that SES did not take the mail."""
    try:
        return _ses().send_email(**_request(mail))["MessageId"]
    except ClientError as failed:
        code = failed.response["Error"]["Code"]
        if failed.response["ResponseMetadata"]["HTTPStatusCode"] >= _FAULT and code not in _NOT_NOW:
            raise MailLater("SES failed, and may have sent it") from failed
        _note(key, {"lease_until": 0})
        raise (MailLater if code in _NOT_NOW else MailRefused)(code) from failed
    except NeverReached as failed:
        _note(key, {"lease_until": 0})
        raise MailLater("SES is out of reach") from failed
    except BotoCoreError as failed:
        raise MailLater("no answer: it may be sent") from failed


def _request(mail: Mail) -> dict[str, Any]:
    """SES's request. The tag comes back with a bounce, and says whose mail it was."""

    def written(text: str) -> dict[str, str]:
        return {"Data": text, "Charset": "UTF-8"}

    body = {"Text": written(mail.text), "Html": written(mail.html)}
    configured = os.environ.get("MAIL_CONFIGURATION_SET")
    return {
        "FromEmailAddress": os.environ["MAIL_FROM"],
        "Destination": {"ToAddresses": [mail.to]},
        "Content": {"Simple": {"Subject": written(mail.subject), "Body": body}},
        "EmailTags": [{"Name": "tenant", "Value": tag(mail.tenant_id)}],
        **({"ConfigurationSetName": configured} if configured else {}),
    }


def forget() -> None:
    """Drop the client; for tests, which change the environment under it."""
    _ses.cache_clear()
