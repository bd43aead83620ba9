"""The raw body of a webhook as the inbox can hold it: an item of the table has at most 400 KB.

Most bodies stand there as they came. A large one, such as of an invoice with hundreds of lines, is deflated.
"""

import base64
import zlib
from collections.abc import Mapping

from troupe.messaging.inbox import Webhook

LARGEST_BODY = 1_000_000  # bytes; no event of Stripe's comes near
LARGEST_PLAIN = 256_000
LARGEST_STORED = 380_000  # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html

ENCODING = "content-encoding"
DEFLATED = "deflate+base64"


class TooLarge(Exception):  # noqa: N818 -- an answer, not a fault
    """Even deflated it does not fit."""


def packed(body: bytes) -> tuple[str, Mapping[str, str]]:
    """The text to be stored, and the header that says how; ValueError for a body that is not UTF-8."""
    if len(body) <= LARGEST_PLAIN:
        return body.decode(), {}
    stored = base64.b64encode(zlib.compress(body, 6)).decode()
    if len(stored) > LARGEST_STORED:
        raise TooLarge("more than the inbox holds")
    return stored, {ENCODING: DEFLATED}


def unpacked(webhook: Webhook) -> bytes:
    """The body, byte for byte as it came."""
    if webhook.headers.get(ENCODING) != DEFLATED:
        return webhook.body.encode()
    return zlib.decompressobj().decompress(base64.b64decode(webhook.body), LARGEST_BODY)
