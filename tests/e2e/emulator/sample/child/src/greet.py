"""GET /greetings/{name}"""

import json


def handler(event, context):
    tenant = event["requestContext"]["authorizer"]["lambda"]["tenant_id"]
    return {
        "statusCode": 200,
        "body": json.dumps({"hello": event["pathParameters"]["name"], "tenant": tenant}),
    }
