"""The scan for cards that expire before their next charge, against the simulated Stripe and moto's SES."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from recovery.card_expiry import scan_card_expiry as card_expiry_scan
from recovery.card_expiry import scans, warn
from recovery.contact.decider import CONTACT, ContactKey, NoteMail, OptOut, id_of
from recovery.inbound import REACTIONS
from recovery.risk import transactions
from recovery.risk.decider import SUBSCRIPTION_AT_RISK, AtRisk, FlagSubscriptionAtRisk
from recovery.risk.decider import id_of as risk_id
from stripe_simulator import subscribers
from stripe_simulator.model import Card, Customer
from support.dynamodb import stored_events
from support.recovery.dunning_flow import dunning, failed, mails
from troupe.clock import now
from troupe.ids import new_id
from troupe.mail.ses import MailLater
from troupe.mail.suppressions import digest
from troupe.store import keys, reads, writes
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.transact import Decision, execute, load, transact

LAMBDA = SimpleNamespace(get_remaining_time_in_millis=lambda: 900_000)


@pytest.fixture
def place(tenant, tmp_path, monkeypatch):
    monkeypatch.setattr("troupe.store.due.FIRST", timedelta(minutes=5))
    with dunning(tenant, tmp_path) as opened:
        (connected,) = stored_events("stripe_account.connected")
        for react in REACTIONS["stripe_account.connected"]:
            react(connected)
        yield opened


def scan(context=LAMBDA):
    return card_expiry_scan.handler({}, context)


def armed(place):
    """When the account is looked through next."""
    item = reads.one(scans.key(place.tenant.tenant_id, place.account))
    return item and datetime.fromisoformat(item["GSI2SK"].partition("#")[0])


def due(place):
    """Have it looked through now."""
    scans.note(place.tenant.tenant_id, place.account, now(), None)


def subscribed(place, expires_in: int, renews_in: int, **fields):
    """A customer whose card expires after so many days, at the end of that month, and who pays after so many."""
    customer = place.stripe.customer(**fields)
    last = now() + timedelta(days=expires_in)
    place.stripe.card(customer, exp_month=last.month, exp_year=last.year)
    subscription = subscribers.subscribe(place.stripe.world, customer, 2_000)
    subscription.period_end = int((now() + timedelta(days=renews_in)).timestamp())
    return subscription


def risk(place, subscription):
    state = load(
        place.tenant.tenant_id,
        SUBSCRIPTION_AT_RISK,
        risk_id(place.workspace, subscription.id, "card_expiring"),
    ).state
    return state if isinstance(state, AtRisk) else None


def counts(told):
    return told["flagged"], told["resolved"], told["mailed"]


def test_a_card_that_will_have_expired_is_flagged_and_told_once(place):
    danger = subscribed(place, -40, 10)
    subscribed(place, 400, 10)
    assert counts(scan()) == (1, 0, 1)
    flagged = risk(place, danger)
    assert flagged is not None
    assert flagged.open
    assert (mails()[0].subject, len(mails())) == ("Your card expires before your next payment to Acme", 1)
    assert armed(place) > now() + timedelta(hours=23)
    due(place)
    assert counts(scan()) == (0, 0, 0)
    assert len(mails()) == 1


def test_it_waits_for_its_lead_time_s53(place):
    """S-53: a charge that is months away is none yet."""
    far = subscribed(place, -40, 100)
    assert counts(scan()) == (0, 0, 0)
    assert risk(place, far) is None


def test_an_updated_card_is_no_danger_any_more_s54(place):
    """S-54: the network renewed the card before our webhook came; no more mails."""
    danger = subscribed(place, -40, 10)
    scan()
    for each in _cards(place, danger):
        subscribers.update_automatically(place.stripe.world, each, 8, 2035, None)
    due(place)
    assert counts(scan()) == (0, 1, 0)
    resolved = risk(place, danger)
    assert resolved is not None
    assert (resolved.open, resolved.resolution) == (False, "card_changed")


def _cards(place, subscription):
    customer = place.stripe.world.get(Customer, subscription.customer)
    return [place.stripe.world.get(Card, each) for each in customer.cards]


def test_who_has_cancelled_is_not_told_s55(place):
    """S-55: and what was flagged before is resolved."""
    danger = subscribed(place, -40, 10)
    scan()
    subscribers.cancel_at_period_end(place.stripe.world, danger)
    due(place)
    assert counts(scan()) == (0, 1, 0)
    assert risk(place, danger).resolution == "cancelled"


def test_who_opted_out_is_flagged_and_not_told(place):
    danger = subscribed(place, -40, 10)
    contact_key = ContactKey(workspace_id=place.workspace, stripe_customer_id=danger.customer)
    person = Ref(decider=CONTACT, id=id_of(place.workspace, danger.customer), creates=True)
    execute(place.tenant.scope(now()), person, OptOut(contact_key=contact_key))
    assert counts(scan()) == (1, 0, 0)
    assert mails() == []


def test_the_cap_is_shared_and_the_mail_waits_s51_s56(place):
    """S-51, S-56: a mail about a payment went out today; the warning is sent when it may be."""
    danger = subscribed(place, -40, 10)
    contact_key = ContactKey(workspace_id=place.workspace, stripe_customer_id=danger.customer)
    person = Ref(decider=CONTACT, id=id_of(place.workspace, danger.customer), creates=True)
    execute(
        place.tenant.scope(now()), person, NoteMail(contact_key=contact_key, about="x", kind="payment_failed")
    )
    assert counts(scan()) == (1, 0, 0)
    assert armed(place) <= now() + timedelta(hours=25)
    place.forward(hours=25)
    due(place)
    assert counts(scan()) == (0, 0, 1)


def test_a_case_has_it_in_hand_s56(place):
    """S-56: the renewal fails with the expired card: the case is linked, and only it writes."""
    case = failed(place, "expired_card")
    case.run()
    sent_by_case = len(mails())
    assert sent_by_case == 1
    due(place)
    assert counts(scan())[2] == 0
    assert len(mails()) == sent_by_case


def test_a_suppressed_address_is_noted_s47(place):
    """S-47: it is on the contact, and the mail does not count."""
    danger = subscribed(place, -40, 10, email="gone@customer.example")
    key = keys.suppressed(place.tenant.tenant_id, digest("gone@customer.example"))
    commit([writes.put(key, {"reason": "bounce", "at": "2026-01-01T00:00:00Z"})])
    assert counts(scan()) == (1, 0, 0)
    contact = load(place.tenant.tenant_id, CONTACT, id_of(place.workspace, danger.customer)).state
    assert (contact.mails, contact.suppressed_reason) == ((), "bounce_or_complaint")
    due(place)
    assert counts(scan()) == (0, 0, 0)


def test_one_run_does_what_it_has_time_for(place, monkeypatch):
    """The next scan goes on at the bookmark, and no customer is left out or written to twice."""
    monkeypatch.setattr(card_expiry_scan, "PAGE", 2)
    dangers = [subscribed(place, -40, 10, email=f"c{n}@customer.example") for n in range(5)]
    hurried = SimpleNamespace(get_remaining_time_in_millis=lambda: 1_000)
    assert [counts(scan(hurried))[2] for _ in range(4)] == [2, 2, 1, 0]
    assert all(risk(place, each) for each in dangers)
    assert len(mails()) == 5


def test_page_after_page_while_there_is_time(place, monkeypatch):
    monkeypatch.setattr(card_expiry_scan, "PAGE", 2)
    for number in range(5):
        subscribed(place, -40, 10, email=f"c{number}@customer.example")
    assert counts(scan()) == (5, 0, 5)


def test_a_customer_without_an_address_gets_no_mail(place):
    danger = subscribed(place, -40, 10, email=None)
    assert counts(scan()) == (1, 0, 0)
    assert risk(place, danger).open


def test_a_risk_that_a_case_has_in_hand_is_the_case_s_to_tell_s56(place):
    """S-56: of the same subscription there is a case already, and only it writes."""
    danger = subscribed(place, -40, 10)
    ref = transactions.ref(place.workspace, danger.id, "card_expiring")
    flag = FlagSubscriptionAtRisk(
        workspace_id=place.workspace,
        stripe_customer_id=danger.customer,
        stripe_subscription_id=danger.id,
        reason="card_expiring",
        expiration_date=now().date(),
        recovery_attempt_id=new_id(),
    )
    scope = place.tenant.scope(now())
    transact(scope, (ref,), lambda at: Decision(changes=(transactions.decided(at, ref, (flag,)),)))
    assert counts(scan()) == (0, 0, 0)
    assert mails() == []


def test_an_account_that_refuses_us_is_asked_again_a_day_later(place):
    """Stripe ended the connection, and its event has not come yet."""
    subscribed(place, -40, 10)
    place.stripe.account.connected = False
    assert (scan()["failed"], armed(place) > now() + timedelta(hours=23)) == (0, True)
    place.stripe.account.connected = True
    due(place)
    assert counts(scan()) == (1, 0, 1)


def test_a_call_that_is_wrong_is_a_failure(place, monkeypatch):
    """Anything else that Stripe refuses is a fault of ours, and is told."""
    monkeypatch.setattr(card_expiry_scan, "PAGE", 2)
    for _ in range(3):
        subscribed(place, -40, 100)
    commit([scans._item(place.tenant.tenant_id, place.account, now(), "sub_nobody")])
    assert scan()["failed"] == 1


def test_where_stripe_is_down_the_next_run_goes_on(place):
    danger = subscribed(place, -40, 10)
    place.fails("down")
    assert scan()["failed"] == 1
    place.mends()
    assert counts(scan()) == (1, 0, 1)
    assert risk(place, danger)


def test_ses_that_does_not_answer(place, monkeypatch):
    subscribed(place, -40, 10)

    def later(*_args, **_given):
        raise MailLater("not now")

    with monkeypatch.context() as broken:
        broken.setattr(warn.ses, "send", later)
        assert counts(scan()) == (1, 0, 0)
    due(place)
    assert counts(scan()) == (0, 0, 1)


def test_a_disconnected_account_is_not_asked(place):
    subscribed(place, -40, 10)
    place.tenant.deauthorize(place.account, now() + timedelta(seconds=1))
    asked = len(place.calls())
    assert scan()["flagged"] == 0
    assert len(place.calls()) == asked
    assert armed(place) is None


def test_nor_is_one_of_an_inactive_workspace(place):
    subscribed(place, -40, 10)
    place.tenant.deactivate(place.workspace)
    assert scan()["flagged"] == 0
    assert armed(place) > now() + timedelta(hours=23)
    assert mails() == []


def test_nor_is_one_of_a_suspended_tenant(place):
    subscribed(place, -40, 10)
    commit(
        [
            writes.update(
                keys.standing(place.tenant.tenant_id),
                "SET #s = :s",
                {"s": "suspended"},
                names={"#s": "status"},
            )
        ]
    )
    assert scan()["flagged"] == 0
    assert armed(place) > now() + timedelta(hours=23)


def test_to_be_armed_twice_is_once(place):
    (connected,) = stored_events("stripe_account.connected")
    before = armed(place)
    scans.arm(connected)
    assert armed(place) == before
    assert before <= now().astimezone(UTC)
