"""Faults of recovery on the deployed stack: no customer is charged or mailed twice, and no event is lost."""

import time
from datetime import timedelta

import pytest

from demo.api import wait_for
from local.ops.replay import main as command
from troupe.store import keys
from troupe.store.attributes import unpack

INBOX, DEAD = "Recovery/InboxQueue", "Recovery/InboxQueueDead"
RETRIED = "2"  # seconds until a webhook that failed comes again; five times make it a dead letter
MINUTE = timedelta(minutes=1)


@pytest.fixture
def impatient(backstage):
    """Webhooks that failed come again after seconds, not minutes."""
    url = backstage.url(INBOX)
    asked = {"QueueUrl": url, "AttributeNames": ["VisibilityTimeout"]}
    was = backstage.sqs.get_queue_attributes(**asked)["Attributes"]
    backstage.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": RETRIED})
    yield
    backstage.sqs.set_queue_attributes(QueueUrl=url, Attributes=was)


@pytest.fixture(scope="module")
def front(open_shop):
    return open_shop("Faulty")


@pytest.fixture(scope="module")
def failure(front):
    """An event of a failed renewal, as Stripe sent it, and the case that it opened."""
    case = front.fail("Emily")
    told = [each["body"] for each in front.events() if each["type"] == "invoice.payment_failed"]
    return told[-1], case


def stored(backstage, event):
    item = backstage.item(keys.inbox("stripe-connect", event["id"]))
    return unpack(item) if item else None


def renamed(event, **more):
    return {**event, "id": f"evt_{time.time_ns()}", **more}


def test_what_is_not_stripes_is_not_stored(front, failure, backstage):
    forged, late = (renamed(failure[0]) for _ in range(2))
    assert front.post(forged, secret="whsec_of_somebody_else") == 400
    assert front.post(late, late=301) == 400
    assert [stored(backstage, each) for each in (forged, late)] == [None, None]
    assert front.post(b"{") == 400
    assert front.post(b'{"id": "evt_x", "type": []}') == 400
    assert front.post(b" " * 1_000_001) == 413


@pytest.mark.parametrize(
    "change, reason",
    [
        ({"account": "acct_of_nobody"}, "unknown_account"),
        ({"account": "x#y"}, "unknown_account"),
        ({"livemode": True}, "wrong_livemode"),
        ({"account": None}, "platform_event"),
        ({"type": "invoice.unheard_of"}, "uninteresting_type"),
    ],
)
def test_what_does_not_concern_us_is_kept_with_the_reason(front, failure, backstage, change, reason):
    event, case = failure
    other, before = renamed(event, **change), front.timeline(case["id"])
    assert front.post(other) == 200
    found = wait_for("the reason", lambda: (stored(backstage, other) or {}).get("ignored"))
    assert found == reason
    assert front.timeline(case["id"]) == before


def test_an_account_speaks_of_its_own_invoices_alone(front, failure, open_shop, backstage):
    """The event is signed, and of an account that is connected; the invoice is another's."""
    event, case = failure
    other, before = open_shop("Meddler"), front.timeline(case["id"])
    mixed = renamed(event, account=other.shop.account)
    assert front.post(mixed) == 200
    assert wait_for("the reason", lambda: stored(backstage, mixed).get("ignored")) == "unknown_invoice"
    assert other.shop.attempts() == []
    assert front.timeline(case["id"]) == before


def test_a_poisonous_webhook_is_a_dead_letter_and_is_replayed_once(
    front, backstage, held, impatient, folder, monkeypatch
):
    """Stripe does not tell of one invoice; what it tells of another is taken in meanwhile."""
    monkeypatch.setenv("TROUPE_LOCAL_DIR", str(folder))
    front.shop.subscribe("Pat", 2300, {"declines": "insufficient_funds"})
    front.shop.subscribe("Quinn", 4200, {"declines": "insufficient_funds"})
    ill, well = front.shop.renew("Pat"), front.shop.renew("Quinn")
    front.tell("fault", kind="rate_limited", path=f"/v1/invoices/{ill}")
    try:
        front.tell("deliver", ids=[failed(front, each) for each in (ill, well)])
        wait_for("the case of another", lambda: front.case_of(well))
        wait_for("the dead letter", lambda: backstage.waiting(DEAD))
        assert front.case_of(ill) is None
    finally:
        front.tell("mend")
    assert [each["event_id"] for each in backstage.shown(DEAD)] == [failed(front, ill)]
    assert "RetryLater" in stored(backstage, {"id": failed(front, ill)})["failure"]["error"]
    assert command([]) == 0
    case = wait_for("the case", lambda: front.case_of(ill))
    front.tell("deliver")  # the rest of what Stripe tells of both
    front.shop.settled()
    assert backstage.waiting(DEAD) == 0
    assert front.happened(case["id"], "started") == 1
    assert [each["amount_cents"] for each in front.case(case["id"])["charges"]] == [2300]


def failed(front, invoice):
    """The event that tells of it."""
    told = [each for each in front.events() if each["type"] == "invoice.payment_failed"]
    (found,) = [each["id"] for each in told if each["body"]["data"]["object"]["id"] == invoice]
    return found


def test_a_flow_that_is_lost_is_begun_again(open_shop, flows, backstage):
    front = open_shop("Lost")
    case = front.fail("Olaf")
    wait_for("the flow", lambda: flows.of(case["id"]))
    flows.lose(case["id"])
    (due, *_) = front.shop.due()
    front.shop.world.travel_to(due + 16 * MINUTE)
    assert set(flows.of(case["id"]).values()) == {"ABORTED"}
    assert backstage.sweep("Recovery/SweepRecovery", "recovery_attempt", due - MINUTE)["begun"] >= 1
    front.live("the first mail", lambda: front.mails("Olaf"))
    assert len(front.mails("Olaf")) == front.happened(case["id"], "step_sent") == 1


def test_three_flows_of_one_case_charge_and_mail_once(open_shop, flows):
    front = open_shop("Thrice")
    case = front.fail("Dora", **front.for_a_minute("processing_error"))
    wait_for("the flow", lambda: flows.of(case["id"]))
    for name in ("second", "third"):
        flows.begin_another(case["id"], name)
    front.live("the end of it", lambda: front.case(case["id"])["status"] != "pending")
    assert front.case(case["id"])["status"] == "recovered"
    assert len(front.charged("Dora")) == 1
    ours = [each for each in front.case(case["id"])["charges"] if each["initiator"] == "troupe"]
    by_key = {each["idempotency_key"] for each in front.payments(case["stripe_invoice_id"])}
    assert len(ours) == len(by_key) == front.happened(case["id"], "retry_claimed")
    assert len(front.mails("Dora")) == front.happened(case["id"], "step_sent") <= 1
    front.shop.world.travel_to(front.shop.world.now + 6 * MINUTE)  # who was refused asks again in five
    wait_for("their ends", lambda: set(flows.of(case["id"]).values()) == {"SUCCEEDED"})
    assert len(flows.of(case["id"])) >= 3
