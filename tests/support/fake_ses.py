"""A mail, what SES answers instead of taking it, and what arrived."""

from botocore.awsrequest import AWSResponse
from moto.backends import get_backend

from troupe.ids import new_id
from troupe.mail.ses import Mail
from troupe.store import keys

TENANT = new_id()
MAIL = Mail(tenant_id=TENANT, to="ann@example.com", subject="Grüße", text="Hello", html="<p>Hello</p>")


def answering(status, code):
    """What SES answers instead, in the form that botocore makes its exceptions from."""
    response = AWSResponse("https://email.eu-west-1.amazonaws.com", status, {}, None)
    parsed = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return lambda **_: (response, parsed)


def failing(error):
    def fail(**_):
        raise error

    return fail


def sent():
    return get_backend("ses")["123456789012"]["eu-west-1"].sent_messages


def claim(table, once="e1"):
    key = keys.mail(TENANT, once)
    return table.get_item(TableName="t", Key={"PK": {"S": key.pk}, "SK": {"S": key.sk}}).get("Item")
