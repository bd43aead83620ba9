"""What a supplier is paid to, rated by and shown as, the mails it gets, and what its standing does to its goods."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime

import boto3
import pytest

from commerce.projections.supplier_metrics import key_of
from commerce.supplier_rating import SUPPLIER_RATING, rating_id
from entrance import failing as table_failing
from faults import conflict, lost
from feed import batch, failed
from market import ask
from people import acting, hears
from postbox import sent
from servers import hang_up, reply, serving
from spec import ANN, LAMBDA, TENANT
from stall import Stall
from supplying import (
    ADMIN,
    delete,
    done,
    entrusted,
    open_payout_account,
    rate,
    reinstate,
    restore,
    sign_up,
    suspend,
)
from till import SECRET
from town import Call, happened, items
from troupe import keys, reads, writes
from troupe.commit import commit
from troupe.ids import new_id
from troupe.store import load

ACCOUNT = json.dumps({"id": "acct_1", "object": "account"}).encode()
LINK = json.dumps(
    {"object": "account_link", "url": "https://connect.example/1", "expires_at": 1772366700}
).encode()
REFUSAL = json.dumps({"error": {"type": "invalid_request_error", "message": "no"}}).encode()
RATING = {"stars": 4, "comment": "Still warm."}


@pytest.fixture
def shop(market, clock, monkeypatch):
    with entrusted(monkeypatch):
        yield market


@pytest.fixture
def bakery(shop, clock):
    place = sign_up()
    place.advance(shop, clock())
    return place


@pytest.fixture
def stripe(monkeypatch, table):
    """Stripe on loopback, with answers in turn; it is tried once."""
    secret = boto3.client("secretsmanager").create_secret(Name="stripe", SecretString=json.dumps(SECRET))
    monkeypatch.setenv("STRIPE_SECRET_ARN", secret["ARN"])
    monkeypatch.setattr("troupe.payments.RETRIES", 0)

    @contextmanager
    def answering(*script):
        with serving(*script) as server:
            monkeypatch.setenv("STRIPE_URL", f"http://127.0.0.1:{server.server_port}")
            yield server

    return answering


def ok(body):
    return reply(200, body, content_type="application/json")


def keys_used(server, path):
    return [headers.get("Idempotency-Key") for _, at, headers, _ in server.seen if at == path]


class TestThePayoutAccount:
    """open_payout_account"""

    def test_it_is_opened_and_the_rest_is_for_stripe_to_ask(self, bakery, stripe):
        with stripe(ok(ACCOUNT), ok(LINK), ok(LINK)) as server:
            first = done(open_payout_account(bakery.path, **bakery.by))
            again = done(open_payout_account(bakery.path, **bakery.by))
        assert first.body["url"] == "https://connect.example/1"
        assert first.body["expires_at"] == "2026-03-01T12:05:00.000000Z"
        assert again.body["version"] == first.body["version"]
        assert bakery.supplier().payout_account.stripe_account_id == "acct_1"
        paths = [path for _, path, _, _ in server.seen]
        assert paths == ["/v1/accounts", "/v1/account_links", "/v1/account_links"]
        body = server.seen[0][3].decode()
        assert f"metadata[tenant_id]={TENANT}" in body
        assert f"metadata[supplier_id]={bakery.id}" in body

    @pytest.mark.parametrize(
        "fault", [hang_up, reply(500), reply(429), reply(409)], ids=["lost", "500", "429", "409"]
    )
    def test_an_unknown_outcome_is_asked_for_again_with_the_same_key(self, bakery, stripe, fault):
        before = items()
        with stripe(fault, ok(ACCOUNT), ok(LINK)) as server:
            down = open_payout_account(bakery.path, **bakery.by)
            assert (down.status, down.body["code"]) == (503, "unavailable")
            assert items() == before
            done(open_payout_account(bakery.path, **bakery.by))
        first, second = keys_used(server, "/v1/accounts")
        assert first == second == f"{TENANT}/{bakery.id}/payout_account_DE"

    def test_a_link_that_fails_leaves_the_account_and_is_asked_for_again(self, bakery, stripe):
        with stripe(ok(ACCOUNT), hang_up, ok(LINK)) as server:
            assert open_payout_account(bakery.path, **bakery.by).status == 503
            assert bakery.supplier().payout_account.stripe_account_id == "acct_1"
            done(open_payout_account(bakery.path, **bakery.by))
        assert [path for _, path, _, _ in server.seen].count("/v1/accounts") == 1

    def test_an_answer_of_the_table_that_is_lost_opens_no_second_one(self, bakery, stripe):
        with stripe(ok(ACCOUNT), ok(LINK)), table_failing(lost):
            done(open_payout_account(bakery.path, **bakery.by))
        assert [each.type for each in happened("supplier.payout_account_opened")] == [
            "supplier.payout_account_opened"
        ]

    def test_stripe_says_no(self, bakery, stripe):
        before = items()
        with stripe(reply(400, REFUSAL)):
            refused = open_payout_account(bakery.path, **bakery.by)
        assert (refused.status, refused.body["code"]) == (409, "payout_account_refused")
        assert items() == before

    def test_nobody_has_looked_at_it_yet(self, shop, stripe):
        fresh = sign_up(email="new@bakery.example")
        with stripe(ok(ACCOUNT)) as server:
            refused = open_payout_account(fresh.path, **fresh.by)
        assert refused.body["code"] == "supplier_not_verified"
        assert server.seen == []


def ordered(supplier_id, customer_id, *states):
    """A supplier's part of an order, as far as a rating looks at it."""
    order_id = new_id()
    lines = [{"state": state} for state in states]
    state = json.dumps({"customer_id": customer_id, "lines": lines})
    place = keys.state(TENANT, "supplier_order", f"{order_id}.{supplier_id}")
    commit([writes.put(place, {"version": 1, "state": state})])
    return order_id


@pytest.fixture
def delivered(table):
    """Parts of orders that are there for a rating alone, and are taken away before the books are checked."""
    made = []

    def deliver(supplier_id, customer_id, *states):
        order_id = ordered(supplier_id, customer_id, *states)
        made.append(keys.state(TENANT, "supplier_order", f"{order_id}.{supplier_id}"))
        return order_id

    yield deliver
    for key in made:
        table.delete_item(TableName="t", Key={"PK": {"S": key.pk}, "SK": {"S": key.sk}})


class TestRatings:
    """rate_supplier"""

    def test_who_has_received_something_rates_and_may_think_better_of_it(
        self, shop, bakery, delivered, clock
    ):
        clock.instant = datetime.now(UTC)  # what is counted is not from long ago
        emily = acting("consumer", new_id())
        order_id = delivered(bakery.id, emily["principal"], "delivered", "shipped")
        done(rate(bakery.path, body={"order_id": order_id, **RATING}, **emily))
        done(rate(bakery.path, body={"order_id": order_id, "stars": 2}, **emily))
        assert load(TENANT, SUPPLIER_RATING, rating_id(order_id, bakery.id)).state.stars == 2
        shop.hears()
        shop.hears()
        row = reads.one(key_of(TENANT, bakery.id))
        assert (row["ratings"], row["stars"]) == (1, 2)
        shown = ask("/suppliers/{supplier_id}", bakery.path, **emily).body["metrics"]
        assert (shown["ratings"], shown["rating"], shown["revenue"]) == (1, 2.0, None)
        (said,) = ask("/suppliers/{supplier_id}/ratings", bakery.path, **emily).body["items"]
        assert said["stars"] == 2
        assert emily["principal"] not in json.dumps(said)

    @pytest.mark.parametrize("states", [(), ("shipped",), ("cancelled", "rejected")])
    def test_nothing_was_delivered_yet(self, bakery, delivered, states):
        order_id = delivered(bakery.id, ANN, *states)
        refused = rate(bakery.path, body={"order_id": order_id, **RATING}, **acting("consumer", ANN))
        assert (refused.status, refused.body["code"]) == (409, "nothing_delivered")

    def test_nobody_rates_what_another_bought(self, bakery, delivered):
        order_id = delivered(bakery.id, new_id(), "delivered")
        refused = rate(bakery.path, body={"order_id": order_id, **RATING}, **acting("consumer", ANN))
        assert refused.body["code"] == "nothing_delivered"

    @pytest.mark.parametrize("stars", [0, 6, 2.5, None])
    def test_stars_are_one_to_five(self, bakery, stars):
        body = {"order_id": new_id(), "stars": stars}
        assert rate(bakery.path, body=body, **acting("consumer", ANN)).status == 422

    def test_a_supplier_that_is_not_there(self, shop):
        body = {"order_id": new_id(), **RATING}
        assert rate({"supplier_id": new_id()}, body=body, **acting("consumer", ANN)).status == 404


class TestWhatIsShown:
    def test_who_sells_is_for_everybody_and_the_rest_for_staff(self, shop, bakery):
        other = sign_up(email="other@bakery.example")
        emily = acting("consumer", ANN)
        assert [each["id"] for each in ask("/suppliers", **emily).body["items"]] == [bakery.id]
        refused = ask("/suppliers", query={"status": "registered"}, **emily)
        assert (refused.status, refused.body["code"]) == (403, "permission_required")
        waiting = ask("/suppliers", query={"status": "registered"}, **ADMIN).body["items"]
        assert [each["id"] for each in waiting] == [other.id]
        assert ask("/suppliers/{supplier_id}", other.path, **emily).status == 404
        assert ask("/suppliers/{supplier_id}", other.path, **other.by).status == 200

    def test_an_account_is_its_own_supplier_s_and_staff_s_and_masked(self, bakery):
        account = ask("/suppliers/{supplier_id}/account", bakery.path, **ADMIN).body
        assert ask("/me/supplier", **bakery.by).body["id"] == bakery.id
        assert (account["email"], account["address_verified"]) == ("orders@bakery.example", True)
        assert account["numbers"] == {"tax_id": "6789", "registration_number": "345B"}
        assert "DE123456789" not in json.dumps(account)
        stranger = acting("supplier", new_id())
        assert ask("/suppliers/{supplier_id}/account", bakery.path, **stranger).status == 404
        assert ask("/suppliers/{supplier_id}/account", bakery.path, **acting("consumer", ANN)).status == 404
        assert ask("/me/supplier", **acting("consumer", ANN)).status == 404

    def test_numbers_are_opened_for_who_reviews_them_alone(self, shop, bakery):
        shown = ask("/suppliers/{supplier_id}/numbers", bakery.path, **ADMIN)
        assert shown.body == {"tax_id": "DE123456789", "registration_number": "HRB 12345 B"}
        refused = ask("/suppliers/{supplier_id}/numbers", bakery.path, **bakery.by)
        assert refused.body["code"] == "permission_required"
        fresh = sign_up(email="new@bakery.example")
        assert ask("/suppliers/{supplier_id}/numbers", fresh.path, **ADMIN).status == 404


class TestMails:
    @pytest.fixture
    def post(self, aws):
        boto3.client("sesv2").create_email_identity(EmailIdentity="troupe@example.com")

    def deliver(self):
        from commerce.reactions.mail import handler

        assert failed(handler(batch(*happened()), LAMBDA)) == []

    def test_a_link_goes_to_who_signed_up_once(self, shop, post, clock):
        from commerce.reactions import mail
        from identity.reactions.mail import handler as identity_writes

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mail, "now", clock)
            fresh = sign_up()
            self.deliver()
            self.deliver()
        (letter,) = sent()
        assert letter.destinations["ToAddresses"] == ["orders@bakery.example"]
        assert "https://troupe.example/verify-supplier#token=" in letter.body
        assert "Bakery" not in letter.body, (
            "nothing that a stranger wrote goes to an address nobody confirmed"
        )
        resend = Call("resend_verification", "POST /users/resend-verification")
        done(resend(body={"email": "orders@bakery.example"}, principal=None))
        assert failed(identity_writes(batch(*happened("user.verification_requested")), LAMBDA)) == []
        assert len(sent()) == 1, "a business is written to by commerce"
        self.deliver()
        assert len(sent()) == 2
        done(fresh.confirm(shop, clock()))

    def test_nobody_who_has_confirmed_gets_another(self, bakery, post):
        self.deliver()
        assert sent() == []


class TestItsGoods:
    """S-30: suspended between quote and order, nothing of it is sold."""

    @pytest.fixture
    def stall(self, bakery):
        stall = Stall(bakery.id)
        goods = [stall.product() for _ in range(2)]
        draft = stall.product(sold=False)
        place = stall.location()
        for each in (*goods, draft):
            (sku,) = each.variants
            done(stall.count(each.spot(sku, place), 5))
        return stall, goods, draft

    def sellable(self, stall, goods):
        return [item.sellable for each in goods for item in stall.stock(each)]

    def test_s_30_they_go_off_sale_and_come_back(self, shop, bakery, stall):
        stall, goods, draft = stall
        assert self.sellable(stall, goods) == [True, True]
        for stop, start in ((suspend, reinstate), (delete, restore)):
            done(stop(bakery.path, **ADMIN))
            shop.hears()
            assert self.sellable(stall, goods) == [False, False]
            done(start(bakery.path, **ADMIN))
            shop.hears()
            assert self.sellable(stall, goods) == [True, True]
        assert self.sellable(stall, [draft]) == [False]

    def test_news_that_was_overtaken_changes_nothing(self, shop, bakery, stall):
        from commerce.inbound import handler

        stall, goods, _ = stall
        done(suspend(bakery.path, **ADMIN))
        done(reinstate(bakery.path, **ADMIN))
        (late,) = happened("supplier.suspended")
        before = items()
        assert failed(handler(batch(late), None)) == []
        assert self.sellable(stall, goods) == [True, True]
        assert items() == before

    def test_a_race_is_run_again_and_one_lost_for_good_comes_again(self, shop, bakery, stall):
        from commerce.inbound import handler

        stall, goods, _ = stall
        done(suspend(bakery.path, **ADMIN))
        event = happened("supplier.suspended")
        with table_failing(conflict):
            assert failed(handler(batch(*event), None)) == []
        assert self.sellable(stall, goods) == [False, False]


def test_what_is_heard_can_be_heard_again(shop, bakery):
    from commerce.inbound import handler

    hears(handler)
    before = items()
    hears(handler)
    assert items() == before
