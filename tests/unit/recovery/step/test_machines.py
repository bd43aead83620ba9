"""Which requests are a machine's: by what they say of themselves, and by when they come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from recovery.attempt.state import Step
from recovery.step.bot_rules import BURST, SOON, machine, too_soon

SENT = datetime(2026, 3, 1, 12, tzinfo=UTC)
STEP = Step(id="s1", delay_hours=0, due_at=SENT, status="sent", sent_at=SENT)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


@pytest.mark.parametrize("agent", [FIREFOX, IPHONE])
def test_a_browser(agent):
    assert machine("GET", {"user-agent": agent}) is None


@pytest.mark.parametrize(
    ("method", "headers", "why"),
    [
        ("HEAD", {"user-agent": FIREFOX}, "method"),
        ("GET", {}, "user_agent"),
        ("GET", {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, "user_agent"),
        ("GET", {"user-agent": "Barracuda Sentinel (EE)"}, "user_agent"),
        ("GET", {"user-agent": "curl/8.5.0"}, "user_agent"),
        ("GET", {"user-agent": "python-requests/2.32"}, "user_agent"),
        ("GET", {"user-agent": FIREFOX, "sec-purpose": "prefetch;prerender"}, "prefetch"),
        ("GET", {"user-agent": FIREFOX, "purpose": "prefetch"}, "prefetch"),
        ("GET", {"user-agent": FIREFOX, "x-moz": "prefetch"}, "prefetch"),
    ],
)
def test_machines_by_what_they_say(method, headers, why):
    assert machine(method, headers) == why


def test_a_click_sooner_than_the_mail_can_be_read():
    assert too_soon(STEP, SENT + SOON - timedelta(seconds=1)) == "after_sending"
    assert too_soon(STEP, SENT + SOON) is None
    assert too_soon(replace(STEP, sent_at=None, status="scheduled"), SENT) == "after_sending"


def test_a_click_together_with_the_first_opening():
    opened = SENT + timedelta(hours=1)
    step = replace(STEP, opened_at=opened)
    assert too_soon(step, opened + BURST - timedelta(milliseconds=1)) == "burst"
    assert too_soon(step, opened + BURST) is None
    assert too_soon(replace(step, clicked_at=opened), opened) is None
