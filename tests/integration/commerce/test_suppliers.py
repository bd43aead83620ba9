"""Suppliers over their life: sign-up, record, review, suspension, and what is sealed beside them."""

import json
from datetime import timedelta
from importlib import import_module

import boto3
import pytest
from botocore.exceptions import ConnectTimeoutError

from commerce import seals
from commerce.supplier import LIMITS
from entrance import link, log_in, member
from market import ask
from people import acting
from postbox import answering, failing
from spec import ANN, OTHER, TENANT
from supplying import (
    ADMIN,
    BANK,
    IBAN,
    LICENSE,
    NUMBERS,
    SIGN_UP,
    begin_review,
    change_bank_details,
    delete,
    done,
    entrusted,
    put,
    register,
    reinstate,
    reject,
    request_upload,
    restore,
    sign_up,
    submit,
    suspend,
    update,
    verify,
    verify_address,
)
from town import Call, Manners, happened, items, round_trips
from troupe import clients, keys, reads, writes
from troupe.aggregates import Ref
from troupe.commit import commit
from troupe.credential import CREDENTIAL, SetPassword
from troupe.ids import new_id
from troupe.store import execute


@pytest.fixture
def shop(market, clock, monkeypatch):
    with entrusted(monkeypatch):
        yield market


@pytest.fixture
def bakery(shop):
    return sign_up()


def told():
    """All that was ever said, as the bus and the logs' readers could see it."""
    return json.dumps([each.detail() for each in happened()])


class TestSigningUp:
    """register_supplier"""

    def test_a_business_is_registered_and_cannot_sign_in_yet(self, shop):
        reply = register({"slug": "acme"}, principal=None)
        assert (reply.status, reply.body["status"]) == (201, "registered")
        assert reply.headers["location"] == f"/v1/commerce/suppliers/{reply.body['id']}"
        guard = reads.one(keys.email("orders@bakery.example"))
        assert guard["principal_id"] == reply.body["id"]
        refused = log_in("orders@bakery.example", SIGN_UP["password"])
        assert (refused.status, refused.body["code"]) == (403, "verification_required")

    def test_it_takes_two_round_trips_and_publishes_how_it_stands(self, shop):
        with round_trips() as made:
            bakery = sign_up()
        assert made == ["BatchGetItem", "TransactWriteItems"]
        standing = bakery.standing()
        assert (standing.status, standing.sells) == ("registered", False)
        assert (standing.products, standing.promotions) == (LIMITS.products, LIMITS.promotions)
        assert (bakery.credential().kind, bakery.credential().roles) == ("supplier", ("supplier",))

    def test_a_taken_address_is_answered_alike_and_writes_nothing(self, bakery, shop):
        before = items()
        reply = register({"slug": "acme"}, body=SIGN_UP | {"legal_name": "Mallory Ltd"}, principal=None)
        assert (reply.status, reply.body["status"]) == (201, "registered")
        assert reply.body["id"] != bakery.id
        assert items() == before

    def test_a_user_s_address_is_taken_too(self, shop):
        person = shop.people.town.person("Emily")
        commit([writes.put(keys.email("emily@x.example"), {"tenant_id": TENANT, "principal_id": person})])
        before = items()
        assert (
            register({"slug": "acme"}, body=SIGN_UP | {"email": "emily@x.example"}, principal=None).status
            == 201
        )
        assert items() == before

    @pytest.mark.parametrize("slug", ["nobody", "A#b", "", "x" * 3000])
    def test_an_unknown_tenant(self, shop, slug):
        assert register({"slug": slug}, principal=None).status == 404

    def test_a_tenant_that_takes_no_registrations(self, shop):
        commit([writes.put(keys.standing(TENANT), {"status": "active", "open_sign_up": False})])
        assert register({"slug": "acme"}, principal=None).body["code"] == "sign_up_closed"

    def test_a_password_that_is_too_short(self, shop):
        reply = register({"slug": "acme"}, body=SIGN_UP | {"password": "short"}, principal=None)
        assert (reply.status, reply.body["code"]) == (422, "password_too_short")


class TestVerifyingTheAddress:
    """verify_supplier_address"""

    def test_from_then_on_the_business_signs_in(self, bakery, shop, clock):
        done(bakery.confirm(shop, clock()))
        reply = log_in("orders@bakery.example", SIGN_UP["password"])
        assert reply.status == 200
        assert reply.body["user"]["kind"] == "supplier"
        assert "product:create" in reply.body["user"]["permissions"]
        assert "supplier:verify" not in reply.body["user"]["permissions"]

    def test_the_link_works_once(self, bakery, shop, clock):
        token = bakery.token(shop, clock())
        done(verify_address(body={"token": token}, principal=None))
        before = items()
        again = verify_address(body={"token": token}, principal=None)
        assert (again.status, again.body["code"]) == (422, "link_invalid")
        assert items() == before

    def test_it_ends_after_three_days(self, bakery, shop, clock):
        token = bakery.token(shop, clock())
        clock.forward(days=3)
        assert verify_address(body={"token": token}, principal=None).body["code"] == "link_invalid"

    @pytest.mark.parametrize("token", ["", "x", "a.b", "x" * 4096])
    def test_one_that_nobody_signed(self, shop, token):
        assert verify_address(body={"token": token}, principal=None).body["code"] == "link_invalid"

    def test_a_user_s_link_is_none_of_a_supplier_s_and_the_other_way_round(self, bakery, shop, clock):
        user = member(shop.people.town, "pending")
        theirs = link("verify", user, clock())
        assert verify_address(body={"token": theirs}, principal=None).body["code"] == "link_invalid"
        verify_user = Call("verify_user", "POST /users/verify")
        ours = {"token": bakery.token(shop, clock())}
        assert verify_user(body=ours, principal=None).body["code"] == "link_invalid"

    def test_a_new_password_makes_the_link_void(self, bakery, shop, clock):
        token = bakery.token(shop, clock())
        execute(shop.scope(), Ref(decider=CREDENTIAL, id=bakery.id), SetPassword())
        assert verify_address(body={"token": token}, principal=None).body["code"] == "link_invalid"


class TestTheRecord:
    """update_supplier, change_bank_details, submit_supplier"""

    def test_numbers_are_sealed_and_shown_by_their_tails(self, bakery):
        done(update(bakery.path, **bakery.by))
        numbers = bakery.supplier().numbers
        assert (numbers.tax_id, numbers.registration_number) == ("6789", "345B")
        key = seals.part(TENANT, bakery.id, "company", numbers.part)
        assert seals.opened(key, "company", reads.one(key)) == NUMBERS
        everything = json.dumps(items(), default=str) + told()
        assert not [each for each in NUMBERS.values() if each in everything]

    def test_what_was_sealed_for_one_opens_nothing_for_another(self, bakery):
        done(update(bakery.path, **bakery.by))
        done(change_bank_details(bakery.path, **bakery.by))
        key = seals.part(TENANT, bakery.id, "company", 1)
        bank = seals.part(TENANT, bakery.id, "bank", 2)
        other = seals.part(TENANT, new_id(), "company", 1)
        for place, what, item in ((other, "company", key), (key, "bank", key), (bank, "company", bank)):
            with pytest.raises(seals.SealUnavailable):
                seals.opened(place, what, reads.one(item))

    def test_s_29_bank_details_are_sealed_and_hold_payouts_for_three_days(self, bakery, clock):
        """S-29: changed yesterday, nothing is paid before payout_after."""
        reply = done(change_bank_details(bakery.path, **bakery.by))
        assert reply.body["tail"] == "3000"
        supplier = bakery.supplier()
        assert supplier.payout_after == clock() + timedelta(hours=72)
        key = seals.part(TENANT, bakery.id, "bank", supplier.bank_account.part)
        assert seals.opened(key, "bank", reads.one(key))["iban"] == IBAN
        assert IBAN not in json.dumps(items(), default=str) + told() + json.dumps(reply.body)
        clock.forward(days=1)
        done(change_bank_details(bakery.path, **bakery.by))
        assert bakery.supplier().payout_after == clock() + timedelta(hours=72)
        assert reads.one(key), "what was sealed before stays, as the record of it"

    def test_the_answer_to_a_wrong_number_does_not_repeat_it(self, bakery):
        wrong = IBAN[:-1] + "1"
        reply = change_bank_details(bakery.path, body=BANK | {"iban": wrong}, **bakery.by)
        assert reply.status == 422
        assert wrong not in json.dumps(reply.body)

    def test_secrets_are_kept_with_no_idempotency_key(self, bakery):
        headers = {"idempotency-key": "k"}
        done(change_bank_details(bakery.path, headers=headers, **bakery.by))
        done(update(bakery.path, headers=headers, **bakery.by))
        assert not [each for each in items() if "IDEMPOTENCY" in each["PK"]]

    def test_a_sealing_that_fails_changes_nothing(self, bakery, monkeypatch):
        monkeypatch.setenv("BANK_KEY_ARN", "arn:aws:kms:eu-west-1:123456789012:key/gone")
        before = items()
        for call in (change_bank_details, update):
            reply = call(bakery.path, **bakery.by)
            assert (reply.status, reply.body["code"]) == (503, "unavailable")
        assert items() == before

    def test_numbers_go_together(self, bakery):
        reply = update(bakery.path, body={"registration_number": "HRB 1234"}, **bakery.by)
        assert (reply.status, reply.body["code"]) == (422, "tax_id_required")

    def test_what_is_not_sent_stays_and_null_clears(self, bakery):
        address = {"line1": "Hauptstr. 1", "city": "Berlin", "postal_code": "10115", "country": "DE"}
        done(update(bakery.path, body={"phone": "+49 30 1234567", "address": address}, **bakery.by))
        done(update(bakery.path, body={"phone": None, "trade_name": "Bread & Co"}, **bakery.by))
        company = bakery.supplier().company
        assert (company.phone, company.trade_name, company.address.city) == (None, "Bread & Co", "Berlin")

    def test_the_platform_sets_the_limits_and_publishes_them(self, bakery):
        refused = update(bakery.path, body={"product_limit": 9}, **bakery.by)
        assert refused.body["code"] == "limits_not_yours"
        done(update(bakery.path, body={"product_limit": 9, "promotion_limit": 0}, **ADMIN))
        assert (bakery.standing().products, bakery.standing().promotions) == (9, 0)

    @pytest.mark.parametrize(
        "call", [update, change_bank_details, request_upload, submit], ids=lambda each: each.command
    )
    def test_somebody_else_s_is_not_there(self, bakery, call):
        stranger = acting("supplier", new_id())
        assert call(bakery.path, **stranger).status == 404
        assert call(bakery.path, **acting("admin", ANN, tenant_id=OTHER)).status == 404
        assert call({"supplier_id": new_id()}, **ADMIN).status == 404


class TestDocuments:
    def test_the_signature_fixes_type_and_size(self, bakery, clock):
        """request_document_upload"""
        reply = done(request_upload(bakery.path, **bakery.by))
        upload = reply.body["upload"]
        assert (reply.status, upload["method"]) == (201, "PUT")
        assert upload["headers"] == {"content-type": "application/pdf", "content-length": "11"}
        assert upload["url"].startswith("https://documents.s3.eu-west-1.amazonaws.com/")
        assert "X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost" in upload["url"]
        assert "X-Amz-Expires=900" in upload["url"]

    @pytest.mark.parametrize(
        "form",
        [{"content_type": "text/html"}, {"size_bytes": 0}, {"size_bytes": 20 * 2**20 + 1}, {"kind": "x"}],
    )
    def test_what_cannot_be_a_document(self, bakery, form):
        assert request_upload(bakery.path, body=LICENSE | form, **bakery.by).status == 422

    def test_the_version_that_was_there_is_what_is_filed(self, bakery, shop, clock):
        done(bakery.confirm(shop, clock()))
        done(update(bakery.path, **bakery.by))
        document_id = bakery.upload()
        done(submit(bakery.path, **bakery.by))
        (filed,) = bakery.supplier().documents
        put(bakery.id, document_id, b"%PDF-1.7 no", "application/pdf")
        key = f"{TENANT}/{bakery.id}/{document_id}"
        kept = boto3.client("s3").get_object(Bucket="documents", Key=key, VersionId=filed.filed)
        assert kept["Body"].read() == b"%PDF-1.7 ok"
        shown = ask("/suppliers/{supplier_id}/account", bakery.path, **ADMIN).body["documents"]
        assert f"versionId={filed.filed}" in shown[0]["url"]

    def test_one_that_never_came_or_is_another_is_left_out(self, bakery, shop, clock):
        done(bakery.confirm(shop, clock()))
        done(update(bakery.path, **bakery.by))
        done(request_upload(bakery.path, **bakery.by))
        bakery.upload(b"longer than it was to be")
        refused = submit(bakery.path, **bakery.by)
        assert (refused.status, refused.body["code"]) == (409, "record_incomplete")
        bakery.upload()
        done(submit(bakery.path, **bakery.by))
        assert len(bakery.supplier().documents) == 1

    def test_a_bucket_that_does_not_answer_is_no_missing_document(self, bakery, shop, clock):
        done(bakery.confirm(shop, clock()))
        done(update(bakery.path, **bakery.by))
        bakery.upload()
        before = items()
        events = clients.s3().meta.events
        for answer in (
            answering(403, "AccessDenied"),
            failing(ConnectTimeoutError(endpoint_url="https://s3")),
        ):
            events.register_first("before-call.s3.HeadObject", answer)
            reply = submit(bakery.path, **bakery.by)
            assert (reply.status, reply.body["code"]) == (503, "unavailable")
            events.unregister("before-call.s3.HeadObject", answer)
        assert items() == before


class TestTheReview:
    """begin_review, verify_supplier, reject_supplier"""

    def test_a_supplier_is_verified_and_sells(self, bakery, shop, clock):
        bakery.advance(shop, clock(), "submitted")
        waiting = ask("/supplier-reviews", **ADMIN).body["items"]
        assert [(each["id"], each["status"]) for each in waiting] == [(bakery.id, "submitted")]
        done(begin_review(bakery.path, **ADMIN))
        (looked_at,) = ask("/supplier-reviews", **ADMIN).body["items"]
        assert (looked_at["status"], looked_at["reviewer_id"]) == ("under_review", ANN)
        done(verify(bakery.path, **ADMIN))
        assert ask("/supplier-reviews", **ADMIN).body["items"] == []
        assert bakery.standing().sells

    def test_one_that_is_rejected_mends_its_record_and_comes_again(self, bakery, shop, clock):
        bakery.advance(shop, clock(), "rejected")
        account = ask("/me/supplier", **bakery.by).body
        assert (account["status"], account["reason"]) == ("rejected", "The licence has expired.")
        bakery.upload()
        done(submit(bakery.path, **bakery.by))
        assert len(bakery.supplier().documents) == 2
        done(begin_review(bakery.path, **ADMIN))
        done(verify(bakery.path, **ADMIN))
        assert bakery.standing().sells

    def test_no_supplier_reviews_itself(self, bakery, shop, clock):
        bakery.advance(shop, clock(), "submitted")
        for call in (begin_review, verify, reject, suspend, reinstate, delete, restore):
            assert call(bakery.path, **bakery.by).body["code"] == "permission_required"

    def test_the_queue_is_first_come_first_served(self, shop, clock):
        for n in range(3):
            bakery = sign_up(email=f"b{n}@bakery.example", legal_name=f"Bakery {n}")
            bakery.advance(shop, clock(), "submitted")
            clock.forward(minutes=1)
        names = [each["legal_name"] for each in ask("/supplier-reviews", **ADMIN).body["items"]]
        assert names == ["Bakery 0", "Bakery 1", "Bakery 2"]

    @pytest.mark.parametrize(
        ("call", "status"),
        [
            (begin_review, "submitted"),
            (verify, "under_review"),
            (reject, "under_review"),
            (suspend, "verified"),
            (reinstate, "suspended"),
            (delete, "verified"),
        ],
        ids=lambda each: getattr(each, "command", each),
    )
    def test_the_manners_of_a_decision(self, bakery, shop, clock, call, status):
        bakery.advance(shop, clock(), status)
        operation = import_module(f"commerce.commands.{call.command}").handler.operation
        Manners(call, bakery.path, operation.permission, given={"principal": ANN}).check()


class TestSuspension:
    """suspend_supplier, reinstate_supplier"""

    def test_it_ends_every_session_and_sells_no_more(self, bakery, shop, clock):
        bakery.advance(shop, clock())
        epoch = bakery.credential().epoch
        done(suspend(bakery.path, **ADMIN))
        assert (bakery.credential().status, bakery.credential().epoch) == ("suspended", epoch + 1)
        assert (bakery.standing().status, bakery.standing().sells) == ("suspended", False)
        refused = log_in("orders@bakery.example", SIGN_UP["password"])
        assert refused.body["code"] == "account_suspended"
        done(reinstate(bakery.path, **ADMIN))
        assert (bakery.credential().status, bakery.standing().sells) == ("active", True)


class TestDeletion:
    """delete_supplier, restore_supplier"""

    @pytest.mark.parametrize("status", ["registered", "verified", "suspended"])
    def test_it_comes_back_as_it_was(self, bakery, shop, clock, status):
        bakery.advance(shop, clock(), status)
        signs_in, stands = bakery.credential().status, bakery.standing()
        done(delete(bakery.path, **ADMIN))
        assert bakery.credential().status == "closed"
        assert (bakery.standing().status, bakery.standing().sells) == ("deleted", False)
        assert ask("/suppliers/{supplier_id}", bakery.path, **acting("consumer", ANN)).status == 404
        done(restore(bakery.path, **ADMIN))
        assert (bakery.credential().status, bakery.standing()) == (signs_in, stands)

    def test_one_that_never_confirmed_its_address_still_has_to(self, bakery, shop, clock):
        done(delete(bakery.path, **ADMIN))
        done(restore(bakery.path, **ADMIN))
        assert bakery.credential().status == "pending"
        done(bakery.confirm(shop, clock()))
