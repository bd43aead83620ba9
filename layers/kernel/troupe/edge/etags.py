"""ETags of what is read: the version, which `If-Match` takes, and a digest of what was answered.

What is read shows more than its aggregate: counts, names of others, what the caller may see. So the version
alone does not tell whether it is the same. A list has no version and a weak ETag.
"""

import json
import re
from hashlib import sha256

from troupe.store.scope import Answer

DIGITS = 12  # of the digest, 48 bits: it tells apart what one caller gets from one address
_TAG = re.compile(r'(?:W/)?("[^"]*")')


def tagged(answer: Answer, if_none_match: str | None) -> Answer:
    """The answer with its ETag; 304 without a body where the caller has that already."""
    if answer.status != 200 or answer.raw is not None:  # noqa: PLR2004 -- HTTP's own
        return answer
    etag = _etag(answer)
    headers = {**answer.headers, "etag": etag}
    if if_none_match is not None and _names(if_none_match, etag):
        return Answer(status=304, body={}, headers={"etag": etag})
    return Answer(status=200, body=answer.body, headers=headers)


def _etag(answer: Answer) -> str:
    digest = sha256(json.dumps(answer.body, sort_keys=True).encode()).hexdigest()[:DIGITS]
    version = answer.headers.get("etag", "").strip('"')
    return f'"{version}.{digest}"' if version else f'W/"{digest}"'


def _names(if_none_match: str, etag: str) -> bool:
    """By weak comparison (RFC 9110, 8.8.3.2): a proxy that packs what it passes on makes an ETag weak."""
    if if_none_match.strip() == "*":
        return True
    return etag.removeprefix("W/") in _TAG.findall(if_none_match)
