"""The mails that identity sends: what went to SES, and how events are delivered to the mail function."""

import json
import re

from identity.mail.mail import handler
from support.dynamodb import stored_events
from support.spec import LAMBDA

TOKEN = re.compile(r"https://troupe\.example/([a-z-]+)#token=([A-Za-z0-9_.-]+)")


class Posted:
    """The mails that went to SES."""

    def __init__(self):
        self.mails = []

    def note(self, params, **_):
        content = params["Content"]["Simple"]
        self.mails.append(
            {
                "to": params["Destination"]["ToAddresses"],
                "subject": content["Subject"]["Data"],
                "text": content["Body"]["Text"]["Data"],
                "html": content["Body"]["Html"]["Data"],
            }
        )

    def only(self):
        (one,) = self.mails
        return one

    def link(self):
        return TOKEN.search(self.only()["text"]).groups()


def deliver(*envelopes):
    records = [
        {"messageId": f"m{n}", "body": json.dumps({"detail": each.detail()})}
        for n, each in enumerate(envelopes)
    ]
    return handler({"Records": records}, LAMBDA)["batchItemFailures"]


def told(*types):
    envelopes = stored_events(*types)
    assert envelopes
    assert deliver(*envelopes) == []
