"""The files of posts: only their uploaders may write them, and the posted version is shown."""

from checks.stack import Stack
from support.templates import ROOT, of_type, resources

COMMUNITY = resources(ROOT / "functions/community/template.yaml")
STACK = Stack({"Resources": COMMUNITY})
MEDIA = COMMUNITY["Media"]["Properties"]
FUNCTIONS = of_type(COMMUNITY, "AWS::Serverless::Function")


def roles_that_may(action):
    return {name for name in of_type(COMMUNITY, "AWS::IAM::Role") if action in STACK.allowed(name)}


def test_they_are_private_encrypted_and_kept():
    assert set(MEDIA["PublicAccessBlockConfiguration"].values()) == {True}
    (rule,) = MEDIA["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] in {"AES256", "aws:kms"}
    assert MEDIA["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert COMMUNITY["Media"]["DeletionPolicy"] == "RetainExceptOnCreate"


def test_no_version_that_a_post_may_show_goes_away():
    assert MEDIA["VersioningConfiguration"] == {"Status": "Enabled"}
    rules = MEDIA["LifecycleConfiguration"]["Rules"]
    assert {"DaysAfterInitiation": 1} in [each.get("AbortIncompleteMultipartUpload") for each in rules]
    assert not [each for each in rules if {"ExpirationInDays", "NoncurrentVersionExpiration"} & each.keys()]


def test_they_travel_over_tls_alone():
    (statement,) = COMMUNITY["MediaPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_they_are_sent_by_one_role_looked_for_by_another_and_shown_by_a_third():
    assert roles_that_may("s3:PutObject") == {"UploadRole"}
    assert roles_that_may("s3:GetObject") == roles_that_may("s3:ListBucket") == {"PostRole"}
    assert roles_that_may("s3:GetObjectVersion") == {"QueriesRole"}
    assert roles_that_may("s3:DeleteObjectVersion") == {"SweepDistributionsRole"}


def test_who_may_touch_them_knows_where_they_are():
    roles = {"UploadRole", "PostRole", "QueriesRole", "SweepDistributionsRole"}
    for name, function in FUNCTIONS.items():
        told = "MEDIA_BUCKET" in function.get("Environment", {}).get("Variables", {})
        role = function["Role"]["Fn::GetAtt"]
        assert told == ((role if isinstance(role, str) else role[0]).partition(".")[0] in roles), name
