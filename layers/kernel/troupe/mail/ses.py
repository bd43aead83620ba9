"""Outbound mail through SES: each one claimed in the table, sent, and marked as sent.

What happens to one mail, by what fails:

- Redelivered after it was sent: nothing; the claim says so.
- Two deliveries at once: one holds the claim, the other is told to come back.
- Refused or throttled by SES, or SES out of reach: the claim is given back, and the next delivery sends.
- The process dies before SES is called: the claim ends in a minute, then a delivery sends. Late, not never.
- SES accepts, and the process dies or loses the answer before that is noted: it is sent twice. SES takes no
  idempotency key, so this window cannot be closed, only kept small. A mail that is sent `never_twice` is
  marked just before SES is called, and then rather not sent at all: what became of it stays `unsure`.

A mail is one call with all its parts, so none is sent in half. It is never sent when no delivery comes any
more: who calls this is the consumer of a queue, and its dead-letter queue is watched.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.exceptions import ConnectionError as NeverReached

from troupe.aws import sdk
from troupe.aws.outage import Postponed
from troupe.clock import now
from troupe.domain.instants import rfc3339
from troupe.ids import new_id
from troupe.mail.suppressions import is_suppressed, tag
from troupe.observability import outcome
from troupe.store import keys, table
from troupe.store.attributes import pack, unpack
from troupe.store.commit import single
from troupe.store.keys import Key

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

LEASE_SECONDS = 60  # longer than SES and the table can take together
KEPT_SECONDS = 400 * 86_400  # so that a replay of the archived bus sends nothing again

# One attempt: to repeat is to send a second mail.
_CONFIG = sdk.CONFIG.merge(Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 1}))
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

_GIVEN_BACK: Mapping[str, Any] = {"status": "claimed", "lease_until": 0}

type Outcome = Literal["sent", "suppressed", "repeated", "unsure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What is sent to one address for one tenant (`@`: for none)."""

    tenant_id: str
    to: str
    subject: str
    text: str
    html: str
    sender_name: str | None = None  # shown before our address
    reply_to: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Sent(NamedTuple):
    """What became of a mail: `sent`, `suppressed`, or `claimed` or `sending` just now. The id is SES's."""

    status: str
    message_id: str | None


class MailFailed(Exception):  # noqa: N818 -- the root of what can come of sending
    """The mail is not known to be sent."""


class MailLater(MailFailed, Postponed):
    """Not sent, or perhaps sent and not known: deliver it again."""


class MailRefused(MailFailed):
    """SES does not take this mail, or none from us: to deliver it again helps when that has been mended."""


def send(mail: Mail, *, once: str, never_twice: bool = False) -> Outcome:
    """Send it, unless a mail of this tenant was sent under the key `once`, or the address is suppressed.

    `once` names the mail, not the attempt: `{event id}` or `{event id}-{recipient id}`. Raises `MailFailed`.
    """
    if not _ADDRESS.fullmatch(mail.to):
        raise MailRefused("not one address")
    request = _request(mail)
    key, claim = keys.mail(mail.tenant_id, once), new_id()
    if before := _before(key, claim):
        return before
    if is_suppressed(mail.tenant_id, mail.to):
        _note(key, {"status": "suppressed"})
        outcome("mail_suppressed", tenant_id=mail.tenant_id, once=once)
        return "suppressed"
    if never_twice:
        _mark(key, claim)
    message_id = _send(request, key)
    _note(key, {"status": "sent", "message_id": message_id})
    outcome("mail_sent", tenant_id=mail.tenant_id, once=once, message_id=message_id)
    return "sent"


def sent(tenant_id: str, once: str) -> Sent | None:
    """The outcome of the mail with that key; None if no attempt to send it has begun."""
    found = _found(keys.mail(tenant_id, once))
    return Sent(found["status"], found.get("message_id")) if found else None


def _before(key: Key, claim: str) -> Outcome | None:
    """What was done of it before; None when this delivery now holds the claim."""
    instant = now()
    seconds = int(instant.timestamp())
    item = {"PK": key.pk, "SK": key.sk, "status": "claimed", "claim": claim, "at": rfc3339(instant)}
    free = "attribute_not_exists(PK) OR (#status = :claimed AND lease_until <= :now)"
    times = {"lease_until": seconds + LEASE_SECONDS, "expires_at": seconds + KEPT_SECONDS}
    try:
        single(
            lambda: table.client().put_item(
                TableName=table.name(),
                Item=pack(item | times),
                ConditionExpression=free,
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues=pack({":claimed": "claimed", ":now": seconds}),
            )
        )
    except ClientError as failed:
        if failed.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return _done(key, claim, seconds)
    return None


def _done(key: Key, claim: str, seconds: int) -> Outcome | None:
    """Of a claim that is there already: ours after all, when it was made and only the answer was lost."""
    match _found(key):
        case {"status": "sent" | "suppressed"}:
            return "repeated"
        case {"status": "sending", "lease_until": until} if until <= seconds:
            return "unsure"
        case {"claim": found} if found == claim:
            return None
        case _:
            raise MailLater("another delivery is sending it")


def _mark(key: Key, claim: str) -> None:
    """From here on it may have been sent; not if our claim has ended and another delivery has it."""
    try:
        _note(key, {"status": "sending"}, claim)
    except ClientError as failed:
        if failed.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        raise MailLater("another delivery is sending it") from failed


def _found(key: Key) -> Mapping[str, Any]:
    answer = table.client().get_item(TableName=table.name(), Key=_key(key), ConsistentRead=True)
    return unpack(answer.get("Item", {}))


def _key(key: Key) -> Any:
    return pack({"PK": key.pk, "SK": key.sk})


def _note(key: Key, values: Mapping[str, Any], claim: str | None = None) -> None:
    """Set attributes of the claim; where `claim` is given, only while it is that one."""
    condition: Any = {"ConditionExpression": "claim = :its_claim"} if claim else {}
    named = {f":{name}": value for name, value in values.items()}
    single(
        lambda: table.client().update_item(
            TableName=table.name(),
            Key=_key(key),
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
            ExpressionAttributeNames={f"#{name}": name for name in values},
            ExpressionAttributeValues=pack(named | ({":its_claim": claim} if claim else {})),
            **condition,
        )
    )


@cache
def _ses() -> "SESV2Client":
    made: SESV2Client = sdk.client("sesv2", _CONFIG)
    return made


def _send(request: Mapping[str, Any], key: Key) -> str:
    """The id that SES gave it. The claim is given back where it is certain that SES did not take the mail."""
    try:
        return _ses().send_email(**request)["MessageId"]
    except ClientError as failed:
        code = failed.response["Error"]["Code"]
        if failed.response["ResponseMetadata"]["HTTPStatusCode"] >= _FAULT and code not in _NOT_NOW:
            raise MailLater("SES failed, and may have sent it") from failed
        _note(key, _GIVEN_BACK)
        raise (MailLater if code in _NOT_NOW else MailRefused)(code) from failed
    except NeverReached as failed:
        _note(key, _GIVEN_BACK)
        raise MailLater("SES is out of reach") from failed
    except BotoCoreError as failed:
        raise MailLater("no answer: it may be sent") from failed


def _request(mail: Mail) -> dict[str, Any]:
    """SES's request. The tag comes back with a bounce, and says whose mail it was."""

    def written(text: str) -> dict[str, str]:
        return {"Data": text, "Charset": "UTF-8"}

    body = {"Text": written(mail.text), "Html": written(mail.html)}
    headers = [{"Name": name, "Value": _line(value)} for name, value in mail.headers.items()]
    configured = os.environ.get("MAIL_CONFIGURATION_SET")
    return {
        "FromEmailAddress": _sender(mail.sender_name),
        "Destination": {"ToAddresses": [mail.to]},
        **({"ReplyToAddresses": [_address(mail.reply_to)]} if mail.reply_to else {}),
        "Content": {
            "Simple": {
                "Subject": written(mail.subject),
                "Body": body,
                **({"Headers": headers} if headers else {}),
            }
        },
        "EmailTags": [{"Name": "tenant", "Value": tag(mail.tenant_id)}],
        **({"ConfigurationSetName": configured} if configured else {}),
    }


def _sender(name: str | None) -> str:
    """Our address, after the name of who has it written; a name is one line and holds no address."""
    ours = os.environ["MAIL_FROM"]
    shown = " ".join("".join(each if each.isprintable() else " " for each in name or "").split())
    return formataddr((shown.replace("@", " "), parseaddr(ours)[1])) if shown else ours


def _line(value: str) -> str:
    """A header's value; one with a line break would be two headers."""
    if not (value.isprintable() and value.isascii()):
        raise MailRefused("a header is one line of ASCII")
    return value


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise MailRefused("not one address to reply to")
    return text


def forget() -> None:
    """Drop the client; for tests, which change the environment under it."""
    _ses.cache_clear()
