"""An answer as the HTTP API takes it, with security headers and the id that quotes the request."""

import base64
import json
from typing import Any

from troupe.store.scope import Answer

SECURITY_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "vary": "origin",  # the gateway names the caller's origin in each answer
    "x-content-type-options": "nosniff",
}
BODILESS = {204, 304}
PROBLEMS = 400  # from this status on an answer is a problem

type Response = dict[str, Any]


def response(answer: Answer, request_id: str) -> Response:
    """The response; `request_id` is the gateway's, which the logs carry too."""
    headers = {
        "content-type": "application/json",
        "x-request-id": request_id,
        **SECURITY_HEADERS,
        **answer.headers,
    }
    if answer.raw is not None:
        body = base64.b64encode(answer.raw).decode()
        return {"statusCode": answer.status, "headers": headers, "body": body, "isBase64Encoded": True}
    if answer.status in BODILESS:
        del headers["content-type"]
        return {"statusCode": answer.status, "headers": headers, "body": ""}
    quoted = {"instance": f"urn:troupe:request:{request_id}"} if answer.status >= PROBLEMS else {}
    return {"statusCode": answer.status, "headers": headers, "body": json.dumps({**answer.body, **quoted})}
