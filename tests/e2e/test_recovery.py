"""Recovery on the deployed stack: signed webhooks become cases, and the flow writes, charges and stops as it should."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from demo.api import wait_for
from demo.month import SUBSCRIBERS, Month
from demo.steps import play
from e2e.shop_client import Storefront, facts
from stripe_simulator.model import Shape

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def month(begin):
    """The demo's story of recovery; the first test here plays it, as its month passes for all shops."""
    story = begin()
    story.provision()
    month = Month(story)
    play(month.steps())
    return month


@pytest.fixture(scope="module")
def classic(open_shop):
    return open_shop("Classic", shape=Shape.CLASSIC)


@pytest.fixture(scope="module")
def dunned(open_shop):
    """A shop with a customer whose card always has insufficient funds, and who has got the first mail."""
    front = open_shop("Dunned")
    case = front.fail("Iris")
    front.live("the first mail", lambda: front.mails("Iris"))
    return front, case["id"]


def test_a_month_of_recovery_ends_as_it_was_counted_by_hand(month):
    assert {name: each["status"] for name, each in month.attempts.items()} == {
        each.name: each.ends for each in SUBSCRIBERS
    }
    assert {name: month.metrics[name] for name in month.expected()} == month.expected()
    assert month.mails() > len(SUBSCRIBERS)


def test_webhooks_of_all_shapes_become_the_same_case(classic, open_shop):
    fronts = [classic, open_shop("Acacia", shape=Shape.ACACIA), open_shop("Basil", shape=Shape.BASIL)]
    cases = [front.fail("Emily") for front in fronts]
    assert [each["body"]["api_version"] for front in fronts for each in front.events()[:1]] == list(Shape)
    first = facts(cases[0])
    assert (first["status"], first["decline_type"], first["amount_due_cents"]) == ("pending", "soft", 1900)
    assert first["charges"] == [("failed", 1900, "stripe", True)]
    assert facts(cases[1]) == facts(cases[2]) == first


def test_the_order_and_the_number_of_events_change_nothing(open_shop, held):
    fronts = [open_shop("Straight"), open_shop("Crooked")]
    invoices = []
    for front in fronts:
        front.shop.subscribe("Emily", 1900, {"declines": "insufficient_funds"})
        invoices.append(front.shop.renew("Emily"))
    cases = deliver(fronts, invoices, held)
    assert [each["status"] for each in cases] == ["pending", "pending"]
    for front, invoice in zip(fronts, invoices, strict=True):
        card = front.tell("cards", customer=front.shop.customers["Emily"], default=False)
        front.tell(f"invoices/{invoice}/pay", card=card["id"])
    ended = deliver(fronts, invoices, held)
    assert (ended[0]["status"], ended[0]["recovered_amount_cents"]) == ("recovered", 1900)
    assert facts(ended[0]) == facts(ended[1])
    kinds = [
        [each["type"] for each in front.timeline(case["id"])]
        for front, case in zip(fronts, ended, strict=True)
    ]
    assert kinds[0] == kinds[1]


def deliver(fronts, invoices, held):
    """Of one shop once and in order; of the other all that there ever was, thrice and backwards, four at a time."""
    straight, crooked = fronts
    held(repeat=1, workers=1)
    straight.tell("deliver", ids=[each["id"] for each in straight.events() if not each["statuses"]])
    held(repeat=3, workers=4)
    told = crooked.tell("deliver", ids=[each["id"] for each in crooked.events()], reversed=True)
    assert {status for each in told for status in each["statuses"]} == {200}
    for front in fronts:
        front.shop.settled()
    return [front.case_of(invoice) for front, invoice in zip(fronts, invoices, strict=True)]


def test_a_mail_is_sent_and_a_charge_is_made_when_they_are_due(open_shop, flows):
    """Stripe takes the first charge and its answer is lost on the way.

    It is asked for again with the same key, unless the webhook tells of it before that.
    """
    front = open_shop("Retried")
    case = front.fail("Fred", **front.for_a_minute("processing_error"))
    invoice = case["stripe_invoice_id"]
    front.tell("fault", kind="lost", path=f"/v1/invoices/{invoice}/pay", method="POST", calls=1)
    front.live("the end of it", lambda: front.case(case["id"])["status"] != "pending")
    ended = front.case(case["id"])
    assert (ended["status"], ended["recovered_amount_cents"]) == ("recovered", 1900)
    assert ended["attribution"] == "our_retry"
    (charge,) = front.charged("Fred")
    assert charge["amount"] == 1900
    asked = front.payments(invoice)
    assert [each["status"] for each in asked] in ([None], [None, 200])
    assert len({each["idempotency_key"] for each in asked}) == 1
    assert len(front.mails("Fred")) == front.happened(case["id"], "step_sent") <= 1
    wait_for("the flow's end", lambda: set(flows.of(case["id"]).values()) == {"SUCCEEDED"})


def test_a_click_leads_to_the_invoice_and_nowhere_else(dunned):
    front, case_id = dunned
    (mail,) = front.mails("Iris")
    click = front.token(mail, "clicks")
    page = f"https://invoice.stripe.com/i/{front.shop.account}/{front.case(case_id)['stripe_invoice_id']}"
    front.shop.world.travel_to(front.shop.world.now + HOUR)
    scanned = front.request("GET", f"clicks/{click}", headers={"user-agent": "Barracuda Sentinel"})
    assert (scanned.status_code, scanned.headers["location"]) == (302, page)
    assert front.happened(case_id, "step_clicked") == 0
    for added in ({"url": "https://evil.example", "utm_source": "mail"}, {}):
        clicked = front.request("GET", f"clicks/{click}", params=added)
        assert (clicked.status_code, clicked.headers["location"]) == (302, page)
        assert front.happened(case_id, "step_clicked") == 1
    assert front.case(case_id)["steps"][0]["status"] == "clicked"


def test_no_other_token_leads_anywhere(dunned):
    front, case_id = dunned
    (mail,) = front.mails("Iris")
    click, opened, out = (front.token(mail, kind) for kind in ("clicks", "opens", "opt-outs"))
    before = front.timeline(case_id)
    body, _, mac = click.rpartition(".")
    wrong = [f"{body}x.{mac}", f"{body}.{mac[:-1]}{'A' if mac[-1] != 'A' else 'B'}", opened, out, "x", body]
    answers = [front.request("GET", f"clicks/{token}") for token in wrong]
    assert [each.status_code for each in answers] == [404] * len(wrong)
    assert len({each.json()["code"] for each in answers}) == 1
    assert not any("location" in each.headers for each in answers)
    assert front.timeline(case_id) == before


def test_who_opts_out_gets_no_more_mails(dunned):
    front, case_id = dunned
    (mail,) = front.mails("Iris")
    token = front.token(mail, "opt-outs")
    asked = front.request("GET", f"opt-outs/{token}")
    assert (asked.status_code, "<form" in asked.text) == (200, True)
    one_click = {"content-type": "application/x-www-form-urlencoded"}
    done = front.request("POST", f"opt-outs/{token}", content="List-Unsubscribe=One-Click", headers=one_click)
    assert done.status_code == 200
    front.live("the second step", lambda: front.case(case_id)["steps"][1]["skipped_reason"])
    assert front.case(case_id)["steps"][1]["skipped_reason"] == "opted_out"
    assert front.mails("Iris") == [mail]


def test_who_disconnects_stripe_is_left_alone(open_shop):
    front = open_shop("Disconnected")
    case = front.fail("Dan")
    front.shop.settled()  # what Stripe is asked after that it refuses, until we know why
    front.tell(f"accounts/{front.shop.account}/deauthorize")
    wait_for("the hold", lambda: front.case(case["id"])["held_at"])
    (account,) = front.shop.api.all(f"/workspaces/{front.shop.workspace_id}/stripe-accounts")
    assert account["disconnected_reason"] == "deauthorized"
    front.live("the end of the grace", lambda: front.case(case["id"])["status"] != "pending")
    ended = front.case(case["id"])
    assert (ended["status"], ended["end_reason"]) == ("abandoned", "account_disconnected")
    assert front.mails("Dan") == []
    assert front.payments(case["stripe_invoice_id"]) == []


def test_a_day_that_is_over_is_reported_once(open_shop, backstage):
    """By the calendar of the workspace's zone."""
    front: Storefront = open_shop("Tokyo", zone="Asia/Tokyo")
    front.fail("Emi", 3100)
    listed = f"/workspaces/{front.shop.workspace_id}/metric-snapshots"
    assert front.shop.api.all(listed) == []
    tomorrow = (front.shop.world.now + 9 * HOUR).date() + timedelta(days=1)
    due = datetime(tomorrow.year, tomorrow.month, tomorrow.day, 1, tzinfo=ZoneInfo("Asia/Tokyo"))
    front.shop.world.travel_to(due + HOUR / 6)
    front.shop.settled()
    for _ in range(2):
        swept = backstage.sweep("Recovery/PublishDueSnapshots", "recovery_report", due - HOUR / 6)
        assert swept["failed"] == 0
        daily = [each for each in front.shop.api.all(listed) if each["granularity"] == "daily"]
        (report,) = [each for each in daily if each["failed_revenue_cents"]]
        assert (report["failed_revenue_cents"], report["currency"]) == (3100, "EUR")
        assert (report["recovered_revenue_cents"], report["recovery_rate"]) == (0, 0)
        assert report["period_start"].endswith(("T15:00:00Z", "T15:00:00+00:00"))
