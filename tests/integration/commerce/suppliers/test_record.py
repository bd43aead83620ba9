"""A supplier's record: its numbers, its bank account, and the documents beside them."""

import json
from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ConnectTimeoutError

from commerce.order_timers import sweep_orders
from commerce.supplier import encryption
from support.commerce.shop import ask
from support.commerce.suppliers import (
    ADMIN,
    BANK,
    IBAN,
    LICENSE,
    NUMBERS,
    change_bank_details,
    done,
    put,
    request_upload,
    submit,
    update,
)
from support.dynamodb import before_next_write, stored_events, stored_items
from support.fake_ses import answering, failing
from support.principals import acting
from support.spec import ANN, LAMBDA, OTHER, TENANT
from troupe.aws import clients
from troupe.ids import new_id
from troupe.quota import quota
from troupe.store import keys, reads


def told():
    """All that was ever said, as the bus and the logs' readers could see it."""
    return json.dumps([each.detail() for each in stored_events()])


def storage_used():
    return quota.level(reads.batch(quota.wanted(TENANT, "storage_bytes")), TENANT, "storage_bytes").used


def sweep(monkeypatch, clock, **later):
    at = clock() + timedelta(**later)
    monkeypatch.setattr(sweep_orders, "now", lambda: at)
    return sweep_orders.handler({}, LAMBDA)


class TestTheRecord:
    """update_supplier, change_bank_details, submit_supplier"""

    def test_numbers_are_sealed_and_shown_by_their_tails(self, supplier):
        done(update(supplier.path, **supplier.by))
        numbers = supplier.state().numbers
        assert (numbers.tax_id, numbers.registration_number) == ("6789", "345B")
        key = encryption.part(TENANT, supplier.id, "company", numbers.part)
        assert encryption.decrypted(key, "company", reads.one(key)) == NUMBERS
        everything = json.dumps(stored_items(), default=str) + told()
        assert not [each for each in NUMBERS.values() if each in everything]

    def test_what_was_sealed_for_one_opens_nothing_for_another(self, supplier):
        done(update(supplier.path, **supplier.by))
        done(change_bank_details(supplier.path, **supplier.by))
        key = encryption.part(TENANT, supplier.id, "company", 1)
        bank = encryption.part(TENANT, supplier.id, "bank", 2)
        other = encryption.part(TENANT, new_id(), "company", 1)
        for place, what, item in ((other, "company", key), (key, "bank", key), (bank, "company", bank)):
            with pytest.raises(encryption.EncryptionUnavailable):
                encryption.decrypted(place, what, reads.one(item))

    def test_s_29_bank_details_are_sealed_and_hold_payouts_for_three_days(self, supplier, clock):
        """S-29: changed yesterday, nothing is paid before payout_after."""
        reply = done(change_bank_details(supplier.path, **supplier.by))
        assert reply.body["tail"] == "3000"
        state = supplier.state()
        assert state.payout_after == clock() + timedelta(hours=72)
        key = encryption.part(TENANT, supplier.id, "bank", state.bank_account.part)
        assert encryption.decrypted(key, "bank", reads.one(key))["iban"] == IBAN
        assert IBAN not in json.dumps(stored_items(), default=str) + told() + json.dumps(reply.body)
        clock.forward(days=1)
        done(change_bank_details(supplier.path, **supplier.by))
        assert supplier.state().payout_after == clock() + timedelta(hours=72)
        assert reads.one(key), "what was sealed before stays, as the record of it"

    def test_the_answer_to_a_wrong_number_does_not_repeat_it(self, supplier):
        wrong = IBAN[:-1] + "1"
        reply = change_bank_details(supplier.path, body=BANK | {"iban": wrong}, **supplier.by)
        assert reply.status == 422
        assert wrong not in json.dumps(reply.body)

    def test_secrets_are_kept_with_no_idempotency_key(self, supplier):
        headers = {"idempotency-key": "k"}
        done(change_bank_details(supplier.path, headers=headers, **supplier.by))
        done(update(supplier.path, headers=headers, **supplier.by))
        assert not [each for each in stored_items() if "IDEMPOTENCY" in each["PK"]]

    def test_a_sealing_that_fails_changes_nothing(self, supplier, monkeypatch):
        monkeypatch.setenv("BANK_KEY_ARN", "arn:aws:kms:eu-west-1:123456789012:key/gone")
        before = stored_items()
        for call in (change_bank_details, update):
            reply = call(supplier.path, **supplier.by)
            assert (reply.status, reply.body["code"]) == (503, "unavailable")
        assert stored_items() == before

    def test_numbers_go_together(self, supplier):
        reply = update(supplier.path, body={"registration_number": "HRB 1234"}, **supplier.by)
        assert (reply.status, reply.body["code"]) == (422, "tax_id_required")

    def test_what_is_not_sent_stays_and_null_clears(self, supplier):
        address = {"line1": "Hauptstr. 1", "city": "Berlin", "postal_code": "10115", "country": "DE"}
        done(update(supplier.path, body={"phone": "+49 30 1234567", "address": address}, **supplier.by))
        done(update(supplier.path, body={"phone": None, "trade_name": "Bread & Co"}, **supplier.by))
        company = supplier.state().company
        assert (company.phone, company.trade_name, company.address.city) == (None, "Bread & Co", "Berlin")

    def test_the_platform_sets_the_limits_and_publishes_them(self, supplier):
        refused = update(supplier.path, body={"product_limit": 9}, **supplier.by)
        assert refused.body["code"] == "forbidden_limits"
        done(update(supplier.path, body={"product_limit": 9, "promotion_limit": 0}, **ADMIN))
        assert (supplier.standing().products, supplier.standing().promotions) == (9, 0)

    @pytest.mark.parametrize(
        "call", [update, change_bank_details, request_upload, submit], ids=lambda each: each.command
    )
    def test_another_supplier_s_record_is_not_found(self, supplier, call):
        stranger = acting("supplier", new_id())
        assert call(supplier.path, **stranger).status == 404
        assert call(supplier.path, **acting("admin", ANN, tenant_id=OTHER)).status == 404
        assert call({"supplier_id": new_id()}, **ADMIN).status == 404


class TestDocuments:
    def test_the_signature_fixes_type_and_size(self, supplier, clock):
        """request_document_upload"""
        reply = done(request_upload(supplier.path, **supplier.by))
        upload = reply.body["upload"]
        assert (reply.status, upload["method"]) == (201, "PUT")
        assert upload["headers"] == {
            "content-type": "application/pdf",
            "content-length": "11",
            "if-none-match": "*",
        }
        assert upload["url"].startswith("https://documents.s3.eu-west-1.amazonaws.com/")
        assert "X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost%3Bif-none-match" in upload["url"]
        assert "X-Amz-Expires=900" in upload["url"]

    @pytest.mark.parametrize(
        "form",
        [{"content_type": "text/html"}, {"size_bytes": 0}, {"size_bytes": 20 * 2**20 + 1}, {"kind": "x"}],
    )
    def test_what_cannot_be_a_document(self, supplier, form):
        assert request_upload(supplier.path, body=LICENSE | form, **supplier.by).status == 422

    def test_the_version_that_was_there_is_what_is_filed(self, supplier, shop, clock):
        done(supplier.confirm())
        done(update(supplier.path, **supplier.by))
        document_id = supplier.upload()
        done(submit(supplier.path, **supplier.by))
        (filed,) = supplier.state().documents
        put(supplier.id, document_id, b"%PDF-1.7 no", "application/pdf")
        key = f"{TENANT}/{supplier.id}/{document_id}"
        kept = boto3.client("s3").get_object(Bucket="documents", Key=key, VersionId=filed.filed)
        assert kept["Body"].read() == b"%PDF-1.7 ok"
        shown = ask("/suppliers/{supplier_id}/account", supplier.path, **ADMIN).body["documents"]
        assert f"versionId={filed.filed}" in shown[0]["url"]

    def test_one_that_never_came_or_is_another_is_left_out(self, supplier, shop, clock):
        done(supplier.confirm())
        done(update(supplier.path, **supplier.by))
        done(request_upload(supplier.path, **supplier.by))
        supplier.upload(b"longer than it was to be")
        refused = submit(supplier.path, **supplier.by)
        assert (refused.status, refused.body["code"]) == (409, "record_incomplete")
        supplier.upload()
        done(submit(supplier.path, **supplier.by))
        assert len(supplier.state().documents) == 1

    def test_one_that_is_not_submitted_is_gone_after_a_day(self, supplier, shop, clock, monkeypatch):
        document_id, used = supplier.upload(), storage_used()
        assert used == LICENSE["size_bytes"]
        sweep(monkeypatch, clock, hours=25)
        assert storage_used() == 0
        found = boto3.client("s3").list_object_versions(Bucket="documents")
        assert (found.get("Versions", []), found.get("DeleteMarkers", [])) == ([], [])
        assert reads.one(keys.upload(TENANT, document_id))["status"] == "gone"

    def test_one_that_is_submitted_stays(self, supplier, shop, clock, monkeypatch):
        done(supplier.confirm())
        done(update(supplier.path, **supplier.by))
        supplier.upload()
        done(submit(supplier.path, **supplier.by))
        sweep(monkeypatch, clock, hours=25)
        assert storage_used() == LICENSE["size_bytes"]

    def test_one_that_is_removed_meanwhile_is_not_filed(self, supplier, shop, clock, monkeypatch):
        done(supplier.confirm())
        done(update(supplier.path, **supplier.by))
        supplier.upload()
        with before_next_write(lambda: sweep(monkeypatch, clock, hours=25)):
            refused = submit(supplier.path, **supplier.by)
        assert (refused.status, refused.body["code"]) == (409, "document_removed")

    def test_a_bucket_that_does_not_answer_is_no_missing_document(self, supplier, shop, clock):
        done(supplier.confirm())
        done(update(supplier.path, **supplier.by))
        supplier.upload()
        before = stored_items()
        events = clients.s3().meta.events
        for answer in (
            answering(403, "AccessDenied"),
            failing(ConnectTimeoutError(endpoint_url="https://s3")),
        ):
            events.register_first("before-call.s3.HeadObject", answer)
            reply = submit(supplier.path, **supplier.by)
            assert (reply.status, reply.body["code"]) == (503, "unavailable")
            events.unregister("before-call.s3.HeadObject", answer)
        assert stored_items() == before
