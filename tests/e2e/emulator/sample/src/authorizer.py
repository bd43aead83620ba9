"""Allows all requests with the token."""


def handler(event, context):
    known = event["headers"].get("authorization") == "Bearer sample"
    return {"isAuthorized": known, "context": {"tenant_id": "a"}}
