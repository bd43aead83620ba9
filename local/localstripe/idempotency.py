# SPDX-License-Identifier: GPL-3.0-or-later
# This file extends localstripe, which is GPL-3, and so is GPL-3 too: a process of its own, imported by none.
"""Idempotency-Key: the first answer again, or an error for other parameters.

localstripe ignores the header.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web
from localstripe import server

SERVER_ERROR = 500
REUSED = (
    "Keys for idempotent requests can only be used with the same parameters they were first used with. "
    "Try using a key other than the one given if you meant to execute a different request."
)

answered: dict[tuple[str | None, ...], tuple[tuple[str, bytes], int, bytes]] = {}
"""By account and key: what was asked, and the status and body it got."""


def replayed(asked: tuple[str, bytes], before: tuple[tuple[str, bytes], int, bytes]) -> web.Response:
    was, status, body = before
    if was != asked:
        error = {"error": {"type": "idempotency_error", "message": REUSED}}
        return web.json_response(error, status=400)
    headers = {"Idempotent-Replayed": "true"}
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)


@web.middleware
async def idempotent(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.Response]]
) -> web.StreamResponse:
    key = request.headers.get("Idempotency-Key")
    if request.method != "POST" or not key:
        return await handler(request)
    account = request.headers.get("Authorization"), request.headers.get("Stripe-Account")
    asked = request.path, await request.read()
    if before := answered.get((*account, key)):
        return replayed(asked, before)
    response = await handler(request)
    if response.status < SERVER_ERROR:
        answered[*account, key] = asked, response.status, response.body
    return response


server.app.middlewares.insert(0, idempotent)
