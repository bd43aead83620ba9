"""Every sample invocation succeeds on what is seeded for it."""

import json
from types import SimpleNamespace

import boto3
import pytest

from documents.commands import entry_point
from documents.samples.golden import golden
from documents.samples.invocations import sampled, snake
from documents.samples.sample_ids import SUPPLIER, TENANT
from documents.samples.seeding import prepared
from troupe.store import keys, writes
from troupe.store.commit import commit

LAMBDA = SimpleNamespace(aws_request_id="sample", get_remaining_time_in_millis=lambda: 300_000)
MISSING = {  # samples that what is seeded does not carry, and why
    "commerce.ConfirmPayment": "Stripe tells whether it is paid",
    "commerce.OpenPayoutAccount": "Stripe opens the account",
    "commerce.PayOrder": "Stripe takes the payment",
    "commerce.RefundLines": "Stripe pays the money back",
    "commerce.StripeWebhook": "Stripe signs it, and it is no command",
    "recovery.ConnectStripeAccount": "Stripe gives the code",
    "recovery.DisconnectStripeAccount": "Stripe ends the connection",
    "recovery.RetryPayment": "Stripe makes the charge",
    "recovery.SendDunningStep": "Stripe tells whether the invoice is still open",
    "recovery.StartRecoveryAttempt": "Stripe tells what became of the invoice",
    "recovery.StripeWebhook": "Stripe signs it, and it is no command",
}
COMMANDS = [
    name
    for name in sampled()
    if name.startswith(("identity.", "community.", "commerce.", "recovery.", "talent."))
    and not name.endswith(".Queries")
    and name not in MISSING
]


@pytest.fixture
def uploaded(table, monkeypatch):
    """The buckets and the key; the golden supplier's document was sent."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="documents", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket="documents", VersioningConfiguration={"Status": "Enabled"})
    asked = golden("commerce", "supplier.document_requested").data["document"]
    s3.put_object(
        Bucket="documents",
        Key=f"{TENANT}/{SUPPLIER}/{asked['id']}",
        Body=b" " * asked["size_bytes"],
        ContentType=asked["content_type"],
    )
    commit([writes.put(keys.upload(TENANT, asked["id"]), {"status": "unnamed"})])
    monkeypatch.setenv("DOCUMENTS_BUCKET", "documents")
    monkeypatch.setenv("MEDIA_BUCKET", "media")
    monkeypatch.setenv("BANK_KEY_ARN", boto3.client("kms").create_key()["KeyMetadata"]["Arn"])


@pytest.mark.parametrize("function", COMMANDS)
def test_a_sample_succeeds(function, uploaded):
    event = prepared(function)
    context, _, name = function.partition(".")
    answer = entry_point(context, snake(name))(event, LAMBDA)
    assert 200 <= answer["statusCode"] < 400, json.loads(answer["body"])
