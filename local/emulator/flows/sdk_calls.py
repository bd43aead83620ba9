"""Step Functions' AWS SDK integrations, for every service boto3 has.

MiniStack has a table of a dozen services; sesv2, scheduler and s3 among others fail.
"""

import json
from typing import Any

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError
from ministack.services import stepfunctions

from local.emulator.settings import ENDPOINT

invoke_known = stepfunctions._invoke_aws_sdk_integration
KNOWN = set(stepfunctions._AWS_SDK_SERVICE_MAP) - {"s3"}


def client_of(service: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=ENDPOINT,
        region_name=stepfunctions.get_region(),
        aws_access_key_id=stepfunctions.get_account_id(),
        aws_secret_access_key="test",
    )


def failure_of(service: str, error: ClientError) -> Exception:
    said = error.response["Error"]
    name = f"{service[0].upper()}{service[1:]}.{said['Code']}"
    return stepfunctions._ExecutionError(name, said.get("Message", ""))


def invoke_any(resource: str, request: dict[str, Any]) -> Any:
    service, action = resource.replace(".waitForTaskToken", "").split(":")[6:8]
    if service.lower() in KNOWN:
        return invoke_known(resource, request)
    try:
        answer = getattr(client_of(service), xform_name(action[0].upper() + action[1:]))(**request)
    except ClientError as error:
        raise failure_of(service, error) from error
    answer.pop("ResponseMetadata", None)
    if hasattr(answer.get("Body"), "read"):
        answer["Body"] = answer["Body"].read().decode()
    return json.loads(json.dumps(answer, default=str))


stepfunctions._invoke_aws_sdk_integration = invoke_any
