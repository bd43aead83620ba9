"""An address that bounced for good, or whose owner complained, gets nothing more."""

import json

from support.fake_ses import MAIL, TENANT, claim, sent
from troupe.ids import new_id
from troupe.mail import suppressions
from troupe.mail.ses import send


class TestSuppressed:
    def suppress(self, address=MAIL.to, tenant_id=TENANT):
        assert suppressions.record(bounce(address, tenant_id)) == 1

    def test_a_suppressed_address_gets_nothing(self, table):
        self.suppress()
        assert [send(MAIL, once="e1"), send(MAIL, once="e1")] == ["suppressed", "repeated"]
        assert not sent()
        assert claim(table)["status"] == {"S": "suppressed"}

    def test_however_it_is_written(self):
        self.suppress("Ann <ANN@Example.com>")
        assert send(MAIL, once="e1") == "suppressed"

    def test_of_this_tenant_alone(self):
        self.suppress(tenant_id=new_id())
        assert send(MAIL, once="e1") == "sent"

    def test_only_its_hash_is_kept(self, table):
        self.suppress()
        (item,) = table.scan(TableName="t")["Items"]
        assert item["PK"]["S"].startswith(f"{TENANT}#SUPPRESSED#")
        assert (item["reason"], item["at"]) == ({"S": "bounce"}, {"S": "2026-01-31T12:00:00.000Z"})
        assert "ann" not in json.dumps(item).lower()

    def test_to_be_told_twice_changes_nothing(self, table):
        self.suppress()
        before = table.scan(TableName="t")["Items"]
        self.suppress()
        assert table.scan(TableName="t")["Items"] == before

    def test_a_notice_through_sns(self):
        message = json.dumps(bounce(MAIL.to)["detail"])
        assert suppressions.record({"Records": [{"Sns": {"Message": message}}]}) == 1
        assert send(MAIL, once="e1") == "suppressed"


def bounce(address, tenant_id=TENANT):
    """As EventBridge delivers it."""
    recipient = {"emailAddress": address, "action": "failed", "status": "5.1.1"}
    detail = {
        "eventType": "Bounce",
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [recipient],
            "timestamp": "2026-01-31T12:00:00.000Z",
        },
        "mail": {"messageId": "m1", "tags": {"tenant": [tenant_id], "ses:configuration-set": ["troupe"]}},
    }
    return {"source": "aws.ses", "detail-type": "Email Bounced", "detail": detail}
