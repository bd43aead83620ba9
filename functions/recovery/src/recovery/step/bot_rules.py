"""Who opens a mail's link: a person, or a machine that looks at every link of every mail.

Security gateways and mail clients fetch links as soon as a mail arrives, or before a person clicks. What
they do is no sign of a customer's interest. A person who is taken for a machine loses nothing: the link leads
to the same page.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from recovery.attempt.state import Step

SOON = timedelta(seconds=10)  # after it was sent: too soon for a person to have read it
BURST = timedelta(seconds=2)  # after it was opened: all its links are fetched together

_MACHINES = re.compile(
    r"bot\b|crawl|spider|slurp|preview|scan|monitor|prefetch|headless|phantom|python-|curl|wget|okhttp"
    r"|go-http-client|java/|libwww|httpclient|axios|node-fetch"
    r"|barracuda|mimecast|proofpoint|safelinks|symantec|messagelabs|trendmicro|fireeye|forcepoint|sophos"
    r"|googleimageproxy|yahoomailproxy|facebookexternalhit|slackbot|twitterbot|whatsapp|skypeuripreview",
    re.IGNORECASE,
)
_AHEAD = ("purpose", "sec-purpose", "x-purpose", "x-moz")  # prefetch, preview, prerender


def machine(method: str, headers: Mapping[str, str]) -> str | None:
    """Why a request is taken for a machine's, by itself."""
    if method != "GET":
        return "method"
    agent = headers.get("user-agent", "")
    if not agent or _MACHINES.search(agent):
        return "user_agent"
    if any(headers.get(name) for name in _AHEAD):
        return "prefetch"
    return None


def too_soon(step: Step, now: datetime) -> str | None:
    """Why a click is taken for a machine's, by when it comes."""
    if step.sent_at is None or now - step.sent_at < SOON:
        return "after_sending"
    if step.opened_at is not None and step.clicked_at is None and timedelta() <= now - step.opened_at < BURST:
        return "burst"
    return None
