"""The platform's own money, asked for by Stripe's library: payments, refunds, disputes, accounts, transfers."""

import httpx
import pytest
import stripe

from local.stack.http_client import certificates
from stripe_simulator.world import PLATFORM

DAY = 86_400
PAGES = {
    "account": "",
    "type": "account_onboarding",
    "return_url": "http://h/back",
    "refresh_url": "http://h/again",
}


@pytest.fixture
def v1(served):
    return served.client(max_network_retries=0).v1


def refused(call, *given):
    with pytest.raises(stripe.StripeError) as failed:
        call(*given)
    return failed.value


def paid(v1, method="pm_card_bypassPending", amount=5000, currency="usd", **more):
    wanted = {"amount": amount, "currency": currency, "payment_method": method, "confirm": True, **more}
    return v1.payment_intents.create(wanted)


def told(served, since=0):
    return [each.type for each in served.shop.world.events[since:] if each.account == PLATFORM]


def express(v1, served, *, ready=True):
    asked = {"type": "express", "country": "DE", "capabilities": {"transfers": {"requested": True}}}
    account = v1.accounts.create(asked)
    if ready:
        assert served.world(f"accounts/{account.id}/onboard").status_code == 200
    return account.id


class TestPayments:
    def test_a_card_pays_in_two_steps(self, v1, served):
        made = v1.payment_intents.create({
            "amount": 5000, "currency": "eur", "metadata": {"order_id": "1"}, "transfer_group": "g",
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        })  # fmt: skip
        assert (made.status, made.amount_received) == ("requires_payment_method", 0)
        done = v1.payment_intents.confirm(made.id, {"payment_method": "pm_card_visa"})
        assert (done.status, done.amount_received, done.livemode) == ("succeeded", 5000, False)
        charge = v1.charges.retrieve(done.latest_charge)
        assert (charge.metadata.to_dict(), charge.transfer_group) == ({"order_id": "1"}, "g")
        assert told(served) == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
        assert all(
            "account" not in each.body for each in served.shop.world.events if each.account == PLATFORM
        )

    def test_a_decline_is_an_error_and_another_card_may_follow(self, v1):
        made = v1.payment_intents.create({"amount": 5000, "currency": "usd"})
        poor = "pm_card_visa_chargeDeclinedInsufficientFunds"
        error = refused(v1.payment_intents.confirm, made.id, {"payment_method": poor})
        assert (error.http_status, error.code) == (402, "card_declined")
        assert error.error.decline_code == "insufficient_funds"
        assert v1.payment_intents.retrieve(made.id).status == "requires_payment_method"
        assert v1.payment_intents.confirm(made.id, {"payment_method": "pm_card_visa"}).status == "succeeded"

    @pytest.mark.parametrize("success, status", [(True, "succeeded"), (False, "requires_payment_method")])
    def test_a_bank_asks_the_customer(self, v1, served, success, status):
        made = paid(v1, "pm_card_authenticationRequired")
        assert (made.status, made.last_payment_error) == ("requires_action", None)
        served.world(f"intents/{made.id}/authenticate", success=success)
        assert v1.payment_intents.retrieve(made.id).status == status

    def test_a_bank_asks_a_customer_who_is_not_there(self, v1):
        error = refused(lambda: paid(v1, "pm_card_authenticationRequired", off_session=True))
        assert (error.http_status, error.code) == (402, "authentication_required")

    @pytest.mark.parametrize(
        "method, status",
        [
            ("pm_usBankAccount_success", "succeeded"),
            ("pm_usBankAccount_insufficientFunds", "requires_payment_method"),
        ],
    )
    def test_a_debit_ends_days_later(self, v1, served, method, status):
        made = paid(v1, method)
        assert made.status == "processing"
        assert refused(v1.payment_intents.cancel, made.id).code == "payment_intent_unexpected_state"
        served.world("clock", advance=4 * DAY)
        ended = v1.payment_intents.retrieve(made.id)
        assert (ended.status, bool(ended.last_payment_error)) == (status, status != "succeeded")

    def test_what_is_over_is_neither_confirmed_nor_canceled(self, v1):
        error = refused(v1.payment_intents.confirm, paid(v1).id)
        assert (error.code, error.error.payment_intent.status) == (
            "payment_intent_unexpected_state",
            "succeeded",
        )
        open_one = v1.payment_intents.create({"amount": 5000, "currency": "usd"})
        assert v1.payment_intents.cancel(open_one.id).status == "canceled"
        assert refused(v1.payment_intents.cancel, open_one.id).http_status == 400

    @pytest.mark.parametrize(
        "amount, currency, code, param",
        [
            (49, "usd", "amount_too_small", "amount"),
            (49, "jpy", "amount_too_small", "amount"),
            (100_000_000, "usd", "amount_too_large", "amount"),
            (0, "usd", "parameter_invalid_integer", "amount"),
            (550, "isk", None, "amount"),
            (550, "ugx", None, "amount"),
            (5124, "kwd", None, "amount"),
            (500, "xxx", None, "currency"),
        ],
    )
    def test_an_amount_that_stripe_does_not_take(self, v1, amount, currency, code, param):
        error = refused(v1.payment_intents.create, {"amount": amount, "currency": currency})
        assert (error.http_status, error.code, error.param) == (400, code, param)

    @pytest.mark.parametrize("amount, currency", [(500, "isk"), (500, "ugx"), (5120, "kwd"), (50, "jpy")])
    def test_an_amount_of_a_special_currency(self, v1, amount, currency):
        assert v1.payment_intents.create({"amount": amount, "currency": currency}).amount == amount

    def test_a_debit_takes_its_own_currency_alone(self, v1):
        error = refused(lambda: paid(v1, "pm_usBankAccount_success", currency="eur"))
        assert error.param == "payment_method"

    def test_what_is_missing_is_named(self, v1):
        error = refused(v1.payment_intents.create, {"currency": "usd"})
        assert (error.code, error.param) == ("parameter_missing", "amount")


class TestMoneyThatGoesBack:
    def test_a_refund_fails_after_it_succeeded(self, v1, served):
        made = v1.refunds.create(
            {"payment_intent": paid(v1, "pm_card_refundFail").id, "metadata": {"n": "1"}}
        )
        assert (made.status, made.metadata.to_dict()) == ("succeeded", {"n": "1"})
        served.world("clock", advance=3 * DAY)
        assert (v1.refunds.retrieve(made.id).status, v1.refunds.retrieve(made.id).failure_reason) == (
            "failed",
            "expired_or_canceled_card",
        )
        assert v1.charges.retrieve(made.charge).amount_refunded == 0
        assert "refund.failed" in told(served)

    def test_a_refund_is_pending_first(self, v1, served):
        made = v1.refunds.create({"payment_intent": paid(v1, "pm_card_pendingRefund").id})
        assert made.status == "pending"
        served.world("clock", advance=3 * DAY)
        assert v1.refunds.retrieve(made.id).status == "succeeded"

    def test_a_refund_within_what_is_left(self, v1):
        intent = paid(v1).id
        v1.refunds.create({"payment_intent": intent, "amount": 3000})
        assert refused(v1.refunds.create, {"payment_intent": intent, "amount": 2001}).param == "amount"
        v1.refunds.create({"payment_intent": intent})
        assert refused(v1.refunds.create, {"payment_intent": intent}).code == "charge_already_refunded"

    @pytest.mark.parametrize("outcome, left", [("won", 5000), ("lost", 0)])
    def test_a_dispute_takes_the_money_until_it_is_won(self, v1, served, outcome, left):
        intent = paid(v1)
        (dispute,) = (served.world(f"charges/{intent.latest_charge}/dispute").json()["id"],)
        assert v1.balance.retrieve().available[0].amount == 0
        assert refused(v1.refunds.create, {"payment_intent": intent.id}).code == "charge_disputed"
        assert (
            v1.disputes.update(dispute, {"evidence": {"product_description": "a mug"}}).status
            == "under_review"
        )
        served.world(f"disputes/{dispute}/close", outcome=outcome)
        assert v1.disputes.retrieve(dispute).status == outcome
        assert v1.balance.retrieve().available[0].amount == left

    def test_an_inquiry_takes_nothing_until_it_is_a_dispute(self, v1, served):
        dispute = served.world(f"charges/{paid(v1).latest_charge}/dispute", inquiry=True).json()
        assert (dispute["status"], v1.balance.retrieve().available[0].amount) == (
            "warning_needs_response",
            5000,
        )
        served.world(f"disputes/{dispute['id']}/escalate")
        assert v1.balance.retrieve().available[0].amount == 0

    def test_a_card_that_disputes_at_once(self, v1, served):
        paid(v1, "pm_card_createDispute")
        assert told(served)[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]


class TestConnectedAccounts:
    def test_a_business_is_onboarded_on_a_page(self, v1, served):
        account = express(v1, served, ready=False)
        link = v1.account_links.create({**PAGES, "account": account})
        with httpx.Client(verify=certificates()) as browser:
            assert "Submit" in browser.get(link.url).text
            assert browser.get(link.url).headers["location"] == "http://h/again"  # good once
            done = browser.post(link.url, data={"transfers": "active"})
        assert (done.status_code, done.headers["location"]) == (303, "http://h/back")
        found = v1.accounts.retrieve(account)
        assert (found.details_submitted, found.capabilities.transfers) == (True, "active")
        last = served.shop.world.events[-1]
        assert (last.type, last.body["account"]) == ("account.updated", account)

    def test_a_link_that_is_too_old(self, v1, served):
        link = v1.account_links.create({**PAGES, "account": express(v1, served, ready=False)})
        served.world("clock", advance=300)
        assert httpx.get(link.url, verify=certificates()).headers["location"] == "http://h/again"

    def test_a_country_without_stripe(self, v1):
        assert refused(v1.accounts.create, {"type": "express", "country": "KP"}).code == "country_unsupported"

    def test_a_transfer_goes_and_comes_back(self, v1, served):
        paid(v1)
        wanted = {
            "amount": 3000,
            "currency": "usd",
            "destination": express(v1, served),
            "transfer_group": "g",
        }
        made = v1.transfers.create({**wanted, "metadata": {"number": "1"}})
        assert [each.id for each in v1.transfers.list({"transfer_group": "g"}).data] == [made.id]
        back = v1.transfers.reversals.create(made.id, {"amount": 2000, "metadata": {"number": "2"}})
        assert [each.id for each in v1.transfers.reversals.list(made.id).data] == [back.id]
        assert refused(v1.transfers.reversals.create, made.id, {"amount": 1001}).param == "amount"
        assert v1.transfers.retrieve(made.id).amount_reversed == 2000
        assert v1.balance.retrieve().available[0].amount == 4000

    def test_money_is_transferred_when_it_is_available(self, v1, served):
        paid(v1, "pm_card_visa")
        wanted = {"amount": 3000, "currency": "usd", "destination": express(v1, served)}
        assert refused(v1.transfers.create, wanted).code == "balance_insufficient"
        served.world("clock", advance=2 * DAY)
        assert v1.transfers.create(wanted).amount == 3000

    def test_a_transfer_to_who_takes_none(self, v1, served):
        paid(v1)
        wanted = {"amount": 3000, "currency": "usd", "destination": express(v1, served, ready=False)}
        assert refused(v1.transfers.create, wanted).code == "insufficient_capabilities_for_transfer"
        nowhere = {**wanted, "destination": "acct_none"}
        assert refused(v1.transfers.create, nowhere).code == "resource_missing"

    def test_a_payout_fails_after_it_was_paid(self, v1, served):
        paid(v1)
        account = express(v1, served)
        v1.transfers.create({"amount": 3000, "currency": "usd", "destination": account})
        served.world(f"accounts/{account}/change", bank_refuses="account_closed")
        of = {"stripe_account": account}
        made = v1.payouts.create({"amount": 3000, "currency": "usd"}, of)
        served.world("clock", advance=2 * DAY)
        assert v1.payouts.retrieve(made.id, {}, of).status == "paid"
        served.world("clock", advance=2 * DAY)
        failed = v1.payouts.retrieve(made.id, {}, of)
        assert (failed.status, failed.failure_code) == ("failed", "account_closed")
        assert v1.balance.retrieve({}, of).available[0].amount == 3000


class TestRequests:
    def test_a_key_is_pruned_after_a_day(self, v1, served):
        wanted, key = {"amount": 5000, "currency": "usd"}, {"idempotency_key": "k"}
        first = v1.payment_intents.create(wanted, key)
        again = v1.payment_intents.create(wanted, key)
        assert (again.id, again.last_response.headers["Idempotent-Replayed"]) == (first.id, "true")
        error = refused(v1.payment_intents.create, {**wanted, "amount": 6000}, key)
        assert (error.http_status, error.error.type) == (400, "idempotency_error")
        served.world("clock", advance=DAY)
        assert v1.payment_intents.create(wanted, key).id != first.id

    @pytest.mark.parametrize("kind, code", [("lock_timeout", "lock_timeout"), ("rate_limited", "rate_limit")])
    def test_too_much_at_once(self, v1, served, kind, code):
        served.world("fault", kind=kind, calls=1)
        error = refused(v1.balance.retrieve)
        assert (error.http_status, error.json_body["error"]["code"]) == (429, code)

    def test_each_endpoint_gets_what_it_asked_for(self, v1, served):
        ours = {"url": "http://127.0.0.1:9/platform", "secrets": ["whsec_1"], "types": ["payment_intent."]}
        theirs = {
            "url": "http://127.0.0.1:9/c",
            "secrets": ["whsec_2"],
            "types": ["account."],
            "connect": True,
        }
        served.world("webhooks", endpoints=[ours, theirs])
        paid(v1)
        express(v1, served, ready=False)
        sent = [
            (each.event.type, each.endpoint.url) for each in served.simulation.post.letters if each.endpoint
        ]
        assert sent == [
            ("payment_intent.created", ours["url"]),
            ("payment_intent.succeeded", ours["url"]),
            ("account.updated", theirs["url"]),
        ]
