"""Stripe's webhooks, from the endpoint to the case, against the simulated Stripe over HTTP (process_webhook)."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Lock

import boto3
import pytest

from feed import failed
from local.stripe_world import connect, subscribers
from local.stripe_world.model import Card, Customer
from local.stripe_world.post import raw
from recovery import parked, risk_news
from recovery.charge_findings import payment_method
from recovery.dunning_sequence import DUNNING_SEQUENCE
from recovery.risk_news import Standing
from recovery.stripe_account import STRIPE_ACCOUNT
from recovery.subscription_at_risk import SUBSCRIPTION_AT_RISK, AtRisk, FlagSubscriptionAtRisk, id_of
from recovery.webhooks import hints, process
from spec import LAMBDA, OTHER
from stripe_town import Shape
from town import happened, items
from troupe import inbox_queue, keys, reads, table
from troupe.aggregates import Ref
from troupe.clock import now
from troupe.ids import new_id
from troupe.store import execute, load
from webhook_post import QUEUE, Office, posted
from webhook_post import office as opened

OPENED = [
    "recovery_attempt.started",
    "recovery_attempt.payment_attempted",
    "recovery_attempt.retry_scheduled",
]
RECOVERED = ["recovery_attempt.amount_changed", "recovery_attempt.recovered", "recovery_outcome.recorded"]


@pytest.fixture
def shut(rescue, tmp_path):
    """Nothing is connected yet."""
    with opened(rescue, tmp_path) as place:
        yield place


@pytest.fixture
def office(shut) -> Office:
    return shut.open()


def last(office, kind):
    return next(each for each in reversed(office.town.world.events) if each.type == kind)


class TestCases:
    def test_a_failed_renewal_opens_one_case(self, office):
        sequence = office.rescue.sequence(office.workspace)
        invoice = office.town.failed_renewal()
        assert office.deliver() == []
        assert office.happened() == OPENED
        attempt = office.attempt(invoice)
        edition = load(office.rescue.tenant_id, DUNNING_SEQUENCE, sequence).state.current
        assert (attempt.sequence.id, attempt.sequence.edition) == (sequence, edition.edition)
        assert [step.id for step in attempt.steps] == [step.id for step in edition.steps]
        assert attempt.workspace_id == office.workspace

    @pytest.mark.parametrize("shape", list(Shape))
    def test_a_month_in_every_shape(self, shut, shape):
        office = shut.open(shape=shape)
        invoice = office.town.failed_renewal("expired_card")
        office.deliver()
        office.forward(days=2)
        office.town.new_card(invoice)
        office.deliver()
        assert office.attempt(invoice).retry.at - office.town.now < timedelta(minutes=1)
        office.forward(hours=1)
        office.town.retried_by_stripe(invoice)
        office.deliver()
        office.forward(days=3)
        office.town.refunded(invoice, 700)
        office.deliver()
        attempt = office.attempt(invoice)
        assert (attempt.status, attempt.attribution) == ("recovered", "organic")
        assert (attempt.recovered_amount_cents, attempt.reversed_amount_cents) == (2_000, 700)

    def test_s_26_every_event_three_times_at_once(self, office, monkeypatch):
        monkeypatch.setattr("troupe.commit.CAP_SECONDS", 0.01)
        invoice = office.town.failed_renewal()
        events = office.events()
        for event in events:
            assert posted(raw(event)).status == 200
        one_at_a_time(monkeypatch)
        with ThreadPoolExecutor(6) as pool:
            lost = list(pool.map(lambda event: office.process(event.id), events * 3))
        assert not any(lost)
        assert office.happened() == OPENED
        assert len(office.attempt(invoice).charges) == 1

    @pytest.mark.parametrize("order", [1, -1])
    def test_s_27_what_comes_late_changes_nothing(self, office, order):
        invoice = office.town.failed_renewal()
        early = office.events()
        office.forward(hours=3)
        office.town.behave(office.town.card_of(invoice))
        office.town.retried_by_stripe(invoice)
        paid = office.events()
        office.deliver([*paid, *early][::order])
        office.deliver(early)
        attempt = office.attempt(invoice)
        assert (attempt.status, attempt.attribution) == ("recovered", "auto_retry")
        assert [
            each for each in office.happened() if each.endswith((".started", ".recovered", ".recorded"))
        ] == [
            "recovery_attempt.started",
            "recovery_attempt.recovered",
            "recovery_outcome.recorded",
        ]

    def test_s_34_another_livemode_is_ignored_and_counted(self, shut):
        office = shut.open(livemode=False)
        office.town.failed_renewal()
        office.deliver()
        assert office.ignored(last(office, "invoice.payment_failed").id) == "wrong_livemode"
        assert office.happened() == []

    def test_s_24_why_no_case_is_opened_stands_on_the_event(self, office):
        office.town.billed("insufficient_funds")
        office.deliver()
        assert office.ignored(last(office, "invoice.payment_failed").id) == "not_a_renewal"
        assert office.happened() == []

    def test_s_35_who_cancels_is_let_go_and_the_invoice_voided_where_that_is_the_policy(self, shut):
        office = shut.open(on_cancel_invoice="void")
        invoice = office.town.failed_renewal()
        office.deliver()
        office.forward(days=1)
        office.town.cancelled(invoice)
        office.deliver()
        assert office.attempt(invoice).end_reason == "cancelled"
        assert invoice.status == "void"
        assert len([path for path in office.calls("POST") if path.endswith("/void")]) == 1

    def test_s_35_what_was_paid_meanwhile_is_not_voided(self, shut):
        office = shut.open(on_cancel_invoice="void")
        invoice = office.town.failed_renewal()
        office.deliver()
        office.forward(days=1)
        office.town.cancelled(invoice)
        office.fails("broken", ".*/void")
        events = office.events()
        assert office.deliver(events) != []
        assert office.attempt(invoice).end_reason == "cancelled"
        office.mends()
        office.town.behave(office.town.card_of(invoice))
        office.town.paid_by_customer(invoice)
        assert office.process(*[event.id for event in events]) == []
        assert invoice.status != "void"

    def test_s_36_a_dispute_that_names_only_its_charge(self, office):
        invoice = office.town.failed_renewal()
        office.forward(hours=1)
        office.town.behave(office.town.card_of(invoice))
        office.town.retried_by_stripe(invoice)
        office.deliver()
        office.town.disputed(invoice)
        events = [_without_intent(each) for each in office.events()]
        assert office.deliver(events) == []
        assert office.attempt(invoice).reversed_amount_cents == 2_000


def _without_intent(event):
    body = json.loads(json.dumps(event.body))
    body["data"]["object"]["payment_intent"] = None
    return type(event)(id=event.id, account=event.account, type=event.type, created=event.created, body=body)


class TestWhose:
    def test_an_account_that_nobody_connected(self, shut):
        shut.town.failed_renewal()
        shut.deliver()
        assert shut.ignored(last(shut, "invoice.payment_failed").id) == "unknown_account"
        assert shut.calls() == []

    @pytest.mark.parametrize("account", ["acct#1", "acct_1#UNIQUE"])
    def test_an_account_that_is_none(self, office, account):
        body = {"id": "evt_1", "type": "invoice.paid", "account": account, "livemode": True}
        assert posted(json.dumps(body | {"data": {"object": {"id": "in_1"}}})).status in {200, 400}
        if reads.one(keys.inbox("stripe-connect", "evt_1")):
            assert office.process("evt_1") == []
            assert office.ignored("evt_1") == "unknown_account"

    def test_s_33_an_invoice_of_another_account(self, office):
        """The tenant is the event's account's, whatever the event says; and Stripe knows no such invoice there."""
        invoice = office.town.failed_renewal()
        office.deliver()
        before = office.happened()
        other = office.other_account()
        office.rescue.account(office.rescue.workspace("Other"), other.id, livemode=True)
        event = json.loads(raw(last(office, "invoice.payment_failed")))
        body = json.dumps(event | {"id": "evt_forged", "account": other.id})
        assert posted(body).status == 200
        assert office.process("evt_forged") == []
        assert office.ignored("evt_forged") == "unknown_invoice"
        assert office.happened() == before
        assert reads.one(keys.standing(OTHER)) is None
        assert office.attempt(invoice).stripe_account_id == office.town.account.id

    def test_a_platform_event_that_is_replayed_by_hand(self, office):
        body = {"id": "evt_1", "type": "invoice.paid", "livemode": True, "data": {"object": {"id": "in_1"}}}
        posted(json.dumps(body))
        assert office.process("evt_1") == []
        assert office.ignored("evt_1") == "platform_event"
        assert office.calls() == []

    def test_an_account_whose_guard_outlived_it(self, office):
        """Nothing of it is stored: there is nothing to be ended."""
        key = keys.state(office.rescue.tenant_id, "stripe_account", office.account)
        table.client().delete_item(TableName="t", Key={"PK": {"S": key.pk}, "SK": {"S": "STATE"}})
        connect.deauthorize(office.town.world, office.town.account)
        (gone,) = office.events()[-1:]
        assert office.deliver([gone]) == []
        assert office.ignored(gone.id) == "unknown_account"

    @pytest.mark.parametrize(
        ("kind", "why"),
        [
            ("invoice.paid", "no_invoice"),
            ("customer.subscription.updated", "no_customer"),
            ("payment_method.attached", "no_customer"),
        ],
    )
    def test_an_event_that_points_to_nothing(self, office, kind, why):
        event = {"id": "evt_1", "type": kind, "account": office.town.account.id, "livemode": True}
        posted(json.dumps(event | {"data": {"object": {}}}))
        assert office.process("evt_1") == []
        assert office.ignored("evt_1") == why
        assert office.calls() == []


class TestParked:
    def test_s_81_a_payment_intent_that_overtakes_its_invoice_is_joined(self, office):
        invoice = office.town.failed_renewal()
        events = {each.type: each for each in office.events()}
        parts, invoice.payments[:] = list(invoice.payments), []  # not linked yet
        assert office.deliver([events["payment_intent.payment_failed"], events["charge.failed"]]) == []
        assert office.ignored(events["payment_intent.payment_failed"].id) == "parked"
        tenant, account = office.rescue.tenant_id, office.town.account.id
        assert reads.one(parked.key(tenant, account, invoice.intent))
        assert office.happened() == []
        invoice.payments[:] = parts
        assert office.deliver([events["invoice.payment_failed"]]) == []
        assert office.happened() == OPENED
        assert reads.one(parked.key(tenant, account, invoice.intent)) is None

    def test_a_charge_of_no_payment_intent(self, office):
        body = {
            "id": "evt_1",
            "type": "charge.failed",
            "account": office.town.account.id,
            "livemode": True,
            "data": {"object": {"id": "ch_unknown"}},
        }
        posted(json.dumps(body))
        assert office.process("evt_1") == []
        assert office.ignored("evt_1") == "no_invoice"


class TestDisconnected:
    def test_s_39_it_is_written_once_and_nothing_is_asked_any_more(self, office):
        office.town.failed_renewal()
        office.deliver()
        asked = len(office.calls())
        connect.deauthorize(office.town.world, office.town.account)
        gone = office.events()
        assert office.deliver(gone) == []
        account = load(office.rescue.tenant_id, STRIPE_ACCOUNT, office.account).state
        assert (account.status, account.disconnected_reason) == ("disconnected", "deauthorized")
        assert account.disconnected_at == office.town.now
        office.process(gone[0].id)
        posted(raw(gone[0]).replace(gone[0].id.encode(), b"evt_again"))
        assert office.process("evt_again") == []
        assert office.ignored("evt_again") == "known_already"
        late = raw(next(each for each in office.town.world.events if each.type == "invoice.payment_failed"))
        posted(late.replace(b'"id": "evt_', b'"id": "evt_late_', 1))
        late_id = json.loads(late)["id"].replace("evt_", "evt_late_")
        assert office.process(late_id) == []
        assert office.ignored(late_id) == "account_disconnected"
        assert len(office.calls()) == asked


class TestCards:
    def risk(self, office, subscription, expires: date, renews=None):
        ref = Ref(
            decider=SUBSCRIPTION_AT_RISK,
            id=id_of(office.workspace, subscription.id, "card_expiring"),
            creates=True,
        )
        flag = FlagSubscriptionAtRisk(
            workspace_id=office.workspace,
            stripe_customer_id=subscription.customer,
            stripe_subscription_id=subscription.id,
            reason="card_expiring",
            expiration_date=expires,
            renews_at=renews,
        )
        execute(office.rescue.scope(office.town.now), ref, flag)

    def state(self, office, subscription):
        found = load(
            office.rescue.tenant_id,
            SUBSCRIPTION_AT_RISK,
            id_of(office.workspace, subscription.id, "card_expiring"),
        )
        assert isinstance(found.state, AtRisk)
        return found.state.resolution

    def test_s_54_a_card_that_the_network_renewed_endangers_nothing(self, office):
        subscription = office.town.subscription()
        office.deliver()
        self.risk(office, subscription, date(2026, 8, 31))
        card = office.town.world.get(Card, office.town.world.all(Customer)[0].cards[0])
        subscribers.update_automatically(office.town.world, card, 8, 2050, None)
        assert office.deliver() == []
        assert self.state(office, subscription) == "auto_updated"

    def test_another_card_endangers_nothing_either(self, office):
        subscription = office.town.subscription()
        office.deliver()
        self.risk(office, subscription, date(2026, 8, 31))
        office.town.card(office.town.world.all(Customer)[0])
        assert office.deliver() == []
        assert self.state(office, subscription) == "card_changed"

    def test_s_55_who_has_cancelled_needs_no_warning(self, office):
        subscription = office.town.subscription()
        office.deliver()
        self.risk(office, subscription, date(2026, 8, 31))
        subscribers.cancel_at_period_end(office.town.world, subscription)
        assert office.deliver() == []
        assert self.state(office, subscription) == "cancelled"

    def test_a_card_that_will_have_expired_too_is_no_better(self):
        method = payment_method({"id": "pm_2", "type": "card", "card": {"exp_month": 2, "exp_year": 2028}})
        renews = now().replace(year=2028, month=3, day=5)
        risk = AtRisk(
            workspace_id="w",
            stripe_customer_id="c",
            stripe_subscription_id="s",
            reason="card_expiring",
            risk_detected_at=now(),
            expiration_date=date(2027, 8, 31),
            renews_at=renews,
        )
        assert risk_news.last_day(method) == date(2028, 2, 29)
        assert risk_news.over(risk, Standing(id="s", ends=False, method=method), automatic=False) is None
        assert risk_news.over(risk, Standing(id="s", ends=False, method=None), automatic=False) is None

    def test_s_54_new_data_is_news_for_every_open_case_of_the_customer(self, office):
        first = office.town.failed_renewal("expired_card")
        second = office.town.renewed(
            subscribers.subscribe(office.town.world, office.town.customer_of(first), 900)
        )
        office.deliver()
        office.forward(hours=2)
        office.town.updated_by_network(first, last4="9999")
        assert office.deliver() == []
        for invoice in (first, second):
            assert office.attempt(invoice).card.last4 == "9999"

    def test_a_customer_of_whom_nothing_is_open(self, office):
        office.town.customer()
        customer = office.town.customer()
        office.town.card(customer)
        office.deliver()
        assert office.ignored(last(office, "payment_method.attached").id) == "nothing_open"


class TestFaults:
    @pytest.mark.parametrize("fault", ["down", "rate_limited", "broken", "lost"])
    def test_s_32_stripe_is_not_to_be_had_and_nothing_is_lost(self, office, fault):
        invoice = office.town.failed_renewal()
        events = office.events()
        office.fails(fault)
        assert office.deliver(events) == [each.id for each in events if _asks_stripe(each)]
        item = office.inbox(last(office, "invoice.payment_failed").id)
        assert item["failures"] == 1
        assert item["failure"]["error"].startswith(("UnknownOutcome", "RetryLater"))
        assert office.happened() == []
        office.mends()
        assert office.process(*[event.id for event in events]) == []
        assert office.happened() == OPENED
        assert "failure" not in office.inbox(last(office, "invoice.payment_failed").id)
        assert office.attempt(invoice).pending

    def test_a_fault_that_passes_is_not_even_noticed(self, office):
        office.town.failed_renewal()
        office.fails("broken", calls=2)
        assert office.deliver() == []
        assert office.happened() == OPENED

    def test_slow(self, office):
        office.town.failed_renewal()
        office.fails("slow", ".*/invoices/.*", calls=3, milliseconds=200)
        assert office.deliver() == []
        assert office.happened() == OPENED

    def test_s_32_a_crash_after_the_commit_and_a_replay_do_it_once(self, office, monkeypatch):
        office.town.failed_renewal()
        events = office.events()
        with monkeypatch.context() as gone:
            gone.setattr("troupe.inbox.processed", lambda _webhook: 1 / 0)
            assert office.deliver(events) == [each.id for each in events if hints.read(each.body).subject]
        assert office.happened() == OPENED
        assert office.process(*[event.id for event in events]) == []
        assert office.happened() == OPENED

    def test_make_replay_does_it_again_without_effect(self, office, monkeypatch):
        url = boto3.client("sqs").create_queue(QueueName=QUEUE, Attributes={"FifoQueue": "true"})["QueueUrl"]
        monkeypatch.setenv("INBOX_QUEUES", url.removesuffix("stripe-connect.fifo"))
        office.town.failed_renewal()
        office.deliver()
        event = last(office, "invoice.payment_failed")
        inbox_queue.replay("stripe-connect", event.id)
        assert "processed_at" not in office.inbox(event.id)
        assert office.process(event.id) == []
        assert "processed_at" in office.inbox(event.id)
        assert office.happened() == OPENED

    def test_access_that_was_taken_before_we_are_told(self, office):
        office.town.failed_renewal()
        events = office.events()
        office.town.account.connected = False
        assert office.deliver(events) == [each.id for each in events if _asks_stripe(each)]
        assert office.happened() == []
        error = office.inbox(last(office, "invoice.payment_failed").id)["failure"]["error"]
        assert error == "Misused: PermissionError"

    def test_a_poisoned_event_holds_back_its_own_group_alone(self, office):
        posted(json.dumps({"id": "evt_bad", "type": "invoice.paid", "account": "acct_1", "livemode": True}))
        office.town.failed_renewal()
        events = office.events()
        for event in events:
            posted(raw(event))
        commit_wrong(office)
        bodies = [
            json.dumps({"source": "stripe-connect", "event_id": each})
            for each in ("evt_bad", *(e.id for e in events))
        ]
        records = [
            {"messageId": f"m{n}", "body": body, "attributes": {"MessageGroupId": f"g{n > 0}"}}
            for n, body in enumerate(bodies)
        ]
        assert failed(process.handler({"Records": records}, LAMBDA)) == ["m0"]
        assert office.happened() == OPENED

    def test_two_who_open_the_same_case_at_once(self, office, monkeypatch):
        """The second finds the guard held, looks again, and has nothing to add."""
        from recovery import intake

        invoice = office.town.failed_renewal()
        events = [each for each in office.events() if each.type.startswith("invoice.")]
        real, raced = intake.Gateway.truth, []

        def meanwhile(gateway, invoice_id, at):
            truth = real(gateway, invoice_id, at)
            if not raced:
                raced.append(1)
                office.deliver([events[-2]])
            return truth

        monkeypatch.setattr(intake.Gateway, "truth", meanwhile)
        assert office.deliver([events[-1]]) == []
        assert office.happened() == OPENED
        assert office.attempt(invoice).pending

    def test_a_case_that_somebody_opened_between_two_reads(self, office, monkeypatch):
        """A version that was read is stale, and what is read again names another attempt."""
        invoice = office.town.failed_renewal()
        events = [each for each in office.events() if each.type.startswith("invoice.")]
        office.deliver(events[-2:-1])
        from recovery import intake

        real, blind = reads.one, []

        def one(key):
            if key.sk == "LATEST" and not blind:
                blind.append(key)
                return None
            return real(key)

        monkeypatch.setattr(intake.reads, "one", one)
        assert office.deliver(events[-1:]) == []
        assert blind
        assert office.happened() == OPENED
        assert office.attempt(invoice).pending

    def test_another_refusal_is_told(self, office, monkeypatch):
        from recovery import intake
        from troupe.decider import Rejected

        office.town.failed_renewal()
        event = next(each for each in office.events() if each.type == "invoice.payment_failed")

        def refused(*_):
            raise Rejected("invalid_transition", "No.")

        monkeypatch.setattr(intake, "transact", refused)
        assert office.deliver([event]) == [event.id]
        assert office.inbox(event.id)["failure"]["error"] == "Rejected: No."

    def test_it_never_ends_when_somebody_is_always_first(self, office, monkeypatch):
        from recovery import cases, intake

        office.town.failed_renewal()
        event = next(each for each in office.events() if each.type == "invoice.payment_failed")

        def refused(*_):
            raise cases.ACTIVE

        monkeypatch.setattr(intake, "transact", refused)
        assert office.deliver([event]) == [event.id]


def one_at_a_time(monkeypatch):
    """Moto checks and writes without a lock, the table does not."""
    client, lock = table.client(), Lock()
    real = client._make_api_call

    def call(*given):
        with lock:
            return real(*given)

    monkeypatch.setattr(client, "_make_api_call", call)


def commit_wrong(office):
    """The inbox item's body is none any more."""
    key = keys.inbox("stripe-connect", "evt_bad")
    table.client().update_item(
        TableName="t",
        Key={"PK": {"S": key.pk}, "SK": {"S": key.sk}},
        UpdateExpression="SET body = :body",
        ExpressionAttributeValues={":body": {"S": "{"}},
    )


def _asks_stripe(event):
    """Not so where the customer has nothing open, which the table tells."""
    hint = hints.read(event.body)
    return hint.subject in {"invoice", "intent"} or (hint.subject == "customer" and not hint.subscription_id)


def test_the_whole_way_through_stream_and_queue(office, monkeypatch):
    url = boto3.client("sqs").create_queue(QueueName=QUEUE, Attributes={"FifoQueue": "true"})["QueueUrl"]
    monkeypatch.setenv("INBOX_QUEUES", url.removesuffix("stripe-connect.fifo"))
    invoice = office.town.failed_renewal()
    assert office.through_the_queue(url) == []
    office.forward(days=1)
    office.town.behave(office.town.card_of(invoice))
    office.town.retried_by_stripe(invoice)
    assert office.through_the_queue(url) == []
    assert office.attempt(invoice).status == "recovered"
    assert office.happened() == [*OPENED, "recovery_attempt.payment_attempted", *RECOVERED]
    (outcome,) = happened("recovery_outcome.recorded")
    assert outcome.data["outcome"] == "recovered"
    assert outcome.actor == "stripe"


def test_nothing_of_another_tenant_is_touched(office):
    office.town.failed_renewal()
    office.deliver()
    tenants = {item["PK"].partition("#")[0] for item in items()}
    assert tenants <= {"@", office.rescue.tenant_id}
    assert new_id() not in tenants
