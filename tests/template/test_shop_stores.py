"""The suppliers' private data: encrypted bank details that few roles can read, and documents."""

import pytest

from checks.stack import Stack, named
from support.templates import ROOT, of_type, resources

COMMERCE = resources(ROOT / "functions/commerce/template.yaml")
STACK = Stack({"Resources": COMMERCE})
OPENING = {"QueriesRole"}  # the numbers of a company, for who reviews it


def roles_that_may(action):
    return {name for name in of_type(COMMERCE, "AWS::IAM::Role") if action in STACK.allowed(name)}


class TestBankDetails:
    def test_are_sealed_with_a_key_that_turns_and_stays(self):
        key = COMMERCE["BankKey"]
        assert key["Properties"]["EnableKeyRotation"] is True
        assert key["Properties"]["PendingWindowInDays"] == 30
        assert (key["DeletionPolicy"], key["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")

    def test_are_decrypted_by_few_roles_and_by_no_writer(self):
        assert roles_that_may("kms:Decrypt") == OPENING
        assert roles_that_may("kms:Encrypt") == {"BankRole"}

    def test_are_not_among_what_can_be_opened(self):
        (decrypts,) = (each for _, each in STACK.statements if each.get("Action") == "kms:Decrypt")
        assert decrypts["Condition"] == {"StringEquals": {"kms:EncryptionContext:sealed": "company"}}

    @pytest.mark.parametrize("action", ["kms:Encrypt", "kms:Decrypt"])
    def test_need_this_key_alone(self, action):
        (resource,) = (each["Resource"] for _, each in STACK.statements if each.get("Action") == action)
        assert named(resource) == "BankKey"


class TestDocuments:
    bucket = COMMERCE["Documents"]["Properties"]

    def test_are_private_encrypted_and_kept(self):
        assert set(self.bucket["PublicAccessBlockConfiguration"].values()) == {True}
        (rule,) = self.bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] in {"AES256", "aws:kms"}
        assert self.bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
        assert self.bucket["VersioningConfiguration"] == {"Status": "Enabled"}
        assert COMMERCE["Documents"]["DeletionPolicy"] == "RetainExceptOnCreate"

    def test_travel_over_tls_alone(self):
        (statement,) = COMMERCE["DocumentsPolicy"]["Properties"]["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}

    def test_are_sent_by_one_role_and_read_by_another(self):
        assert roles_that_may("s3:PutObject") == {"UploadRole"}
        assert roles_that_may("s3:GetObjectVersion") == {"QueriesRole"}

    def test_are_looked_for_by_a_third_which_can_tell_that_one_is_missing(self):
        assert roles_that_may("s3:GetObject") == {"SubmitRole"}
        assert roles_that_may("s3:ListBucket") == {"SubmitRole"}

    def test_leave_nothing_half_sent_behind(self):
        rules = self.bucket["LifecycleConfiguration"]["Rules"]
        assert {"DaysAfterInitiation": 1} in [each.get("AbortIncompleteMultipartUpload") for each in rules]
        assert all("ExpirationInDays" not in each for each in rules), "what is a supplier's stays its own"


def test_only_what_calls_stripe_holds_its_key():
    """A role with Stripe's key is for money alone: a function that has it also has Stripe's library."""
    holding = {
        role
        for role in of_type(COMMERCE, "AWS::IAM::Role")
        if {"Ref": "StripeKey"} in COMMERCE[role]["Properties"].get("ManagedPolicyArns", [])
    }
    assert "MoneyRole" in holding
    for name, function in of_type(COMMERCE, "AWS::Serverless::Function").items():
        layered = {"Ref": "StripeLayer"} in function.get("Layers", [])
        webhook = ".webhook." in function["Handler"]  # it verifies a signature, and calls no service
        assert layered <= (named(function["Role"]) in holding) or webhook, name
        if named(function["Role"]) in holding and not webhook:
            assert layered, name
