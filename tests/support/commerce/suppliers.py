"""Suppliers at a market, by commerce's own commands: signed up, with a record, a review, and a bucket to send to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from commerce.supplier.decider import SUPPLIER
from commerce.supplier.standing import Standing, standing, standing_of
from commerce.supplier.state import Supplier
from support.commerce.shop import Call, Shop
from support.principals import acting
from support.spec import ANN, TENANT, Reply
from troupe.security.credential import CREDENTIAL, Credential
from troupe.security.secrets import signing_keys
from troupe.store import keys, reads, writes
from troupe.store.aggregates import Stored
from troupe.store.commit import commit
from troupe.store.transact import load

ONE = "/suppliers/{supplier_id}"
SIGN_UP = {
    "email": "Orders@Bakery.example",
    "legal_name": "Bakery GmbH",
    "country": "DE",
}
NUMBERS = {"tax_id": "DE123456789", "registration_number": "HRB 12345 B"}
PASSWORD = "bread is for the patient"
IBAN = "DE89370400440532013000"
BANK = {"account_holder": "Bakery GmbH", "country": "DE", "currency": "EUR", "iban": IBAN}
LICENSE = {"kind": "business_license", "content_type": "application/pdf", "size_bytes": 11}
ADMIN = acting("admin", ANN)

register = Call("register_supplier", "POST /tenants/{slug}/suppliers", SIGN_UP)
verify_address = Call("verify_supplier_address", "POST /suppliers/verify-address")
update = Call("update_supplier", f"PATCH {ONE}", NUMBERS)
request_upload = Call("request_document_upload", f"POST {ONE}/documents", LICENSE)
submit = Call("submit_supplier", f"POST {ONE}/submit")
begin_review = Call("begin_review", f"POST {ONE}/begin-review")
verify = Call("verify_supplier", f"POST {ONE}/verify")
reject = Call("reject_supplier", f"POST {ONE}/reject", {"reason": "The licence has expired."})
suspend = Call("suspend_supplier", f"POST {ONE}/suspend", {"reason": "Parcels were sent empty."})
reinstate = Call("reinstate_supplier", f"POST {ONE}/reinstate")
change_bank_details = Call("change_bank_details", f"PUT {ONE}/bank-details", BANK)
open_payout_account = Call("open_payout_account", f"POST {ONE}/payout-account")
rate = Call("rate_supplier", f"POST {ONE}/ratings")
delete = Call("delete_supplier", f"DELETE {ONE}")
restore = Call("restore_supplier", f"POST {ONE}/restore")


def done(reply: Reply) -> Reply:
    assert reply.status in {200, 201}, reply.body
    return reply


@dataclass(frozen=True)
class SupplierUnderTest:
    """One supplier of the market."""

    id: str

    @property
    def path(self) -> dict[str, str]:
        return {"supplier_id": self.id}

    @property
    def by(self) -> dict[str, Any]:
        return acting("supplier", self.id)

    def stored(self) -> Stored[Any]:
        return load(TENANT, SUPPLIER, self.id)

    def state(self) -> Supplier:
        return self.stored().state

    def credential(self) -> Credential:
        return load(TENANT, CREDENTIAL, self.id).state

    def standing(self) -> Standing:
        found = reads.one(standing(TENANT, self.id))
        assert found
        return standing_of(found)

    def token(self) -> str:
        """What the mail's link carries."""
        from commerce.supplier import email_links

        url = email_links.url(TENANT, self.id, self.credential(), signing_keys())
        return url.partition("#token=")[2]

    def confirm(self, password: str = PASSWORD) -> Reply:
        return verify_address(body={"token": self.token(), "password": password}, principal=None)

    def upload(self, content: bytes = b"%PDF-1.7 ok", **form: Any) -> str:
        """Ask for an address, and send the document there, as a browser would."""
        asked = done(request_upload(self.path, body=LICENSE | form, **self.by)).body
        put(self.id, asked["document_id"], content, (LICENSE | form)["content_type"])
        return asked["document_id"]

    def advance(self, shop: Shop, at: Any, status: str = "verified") -> None:
        """From its sign-up to this status."""
        steps = [
            lambda: done(self.confirm()),
            lambda: (done(update(self.path, **self.by)), self.upload(), done(submit(self.path, **self.by))),
            lambda: done(begin_review(self.path, **ADMIN)),
            lambda: done((reject if status == "rejected" else verify)(self.path, **ADMIN)),
            lambda: done(suspend(self.path, **ADMIN)),
        ]
        order = ("registered", "submitted", "under_review", "verified", "suspended")
        for step in steps[: order.index("verified" if status == "rejected" else status) + 1]:
            step()
        assert self.state().status == status


def put(supplier_id: str, document_id: str, content: bytes, content_type: str) -> None:
    boto3.client("s3").put_object(
        Bucket="documents",
        Key=f"{TENANT}/{supplier_id}/{document_id}",
        Body=content,
        ContentType=content_type,
    )


def sign_up(**body: Any) -> SupplierUnderTest:
    reply = done(register({"slug": "acme"}, body=SIGN_UP | body, principal=None))
    return SupplierUnderTest(reply.body["id"])


@contextmanager
def entrusted(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The key and the bucket that the stack has, and a slug to sign up under."""
    key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="documents", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket="documents", VersioningConfiguration={"Status": "Enabled"})
    patch.setenv("BANK_KEY_ARN", key)
    patch.setenv("DOCUMENTS_BUCKET", "documents")
    commit([writes.put(keys.unique("slug", "acme"), {"tenant_id": TENANT})])
    yield
