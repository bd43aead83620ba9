"""A supplier's record: its numbers, its bank account, and the documents beside them."""

import json
from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ConnectTimeoutError

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
from support.fake_ses import answering, failing
from support.identity.tenant import happened, items
from support.principals import acting
from support.spec import ANN, OTHER, TENANT
from troupe.aws import clients
from troupe.ids import new_id
from troupe.store import reads


def told():
    """All that was ever said, as the bus and the logs' readers could see it."""
    return json.dumps([each.detail() for each in happened()])


class TestTheRecord:
    """update_supplier, change_bank_details, submit_supplier"""

    def test_numbers_are_sealed_and_shown_by_their_tails(self, bakery):
        done(update(bakery.path, **bakery.by))
        numbers = bakery.supplier().numbers
        assert (numbers.tax_id, numbers.registration_number) == ("6789", "345B")
        key = encryption.part(TENANT, bakery.id, "company", numbers.part)
        assert encryption.opened(key, "company", reads.one(key)) == NUMBERS
        everything = json.dumps(items(), default=str) + told()
        assert not [each for each in NUMBERS.values() if each in everything]

    def test_what_was_sealed_for_one_opens_nothing_for_another(self, bakery):
        done(update(bakery.path, **bakery.by))
        done(change_bank_details(bakery.path, **bakery.by))
        key = encryption.part(TENANT, bakery.id, "company", 1)
        bank = encryption.part(TENANT, bakery.id, "bank", 2)
        other = encryption.part(TENANT, new_id(), "company", 1)
        for place, what, item in ((other, "company", key), (key, "bank", key), (bank, "company", bank)):
            with pytest.raises(encryption.SealUnavailable):
                encryption.opened(place, what, reads.one(item))

    def test_s_29_bank_details_are_sealed_and_hold_payouts_for_three_days(self, bakery, clock):
        """S-29: changed yesterday, nothing is paid before payout_after."""
        reply = done(change_bank_details(bakery.path, **bakery.by))
        assert reply.body["tail"] == "3000"
        supplier = bakery.supplier()
        assert supplier.payout_after == clock() + timedelta(hours=72)
        key = encryption.part(TENANT, bakery.id, "bank", supplier.bank_account.part)
        assert encryption.opened(key, "bank", reads.one(key))["iban"] == IBAN
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
