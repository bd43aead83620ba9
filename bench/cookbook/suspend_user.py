"""SuspendUser as the AWS Lambda Handler Cookbook writes a handler: resolver, validation, Tracer, Idempotency.

It is here to be measured beside ours, and nowhere deployed. The form is that of
https://github.com/ran-isenberg/aws-lambda-handler-cookbook, the words are our own.
"""

import os
from typing import Annotated, Any

import boto3
from aws_lambda_env_modeler import get_environment_variables, init_environment_variables
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.serialization.pydantic import PydanticSerializer
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, Field

TABLE = "TABLE_NAME"

logger, tracer, metrics = Logger(), Tracer(), Metrics()
app = APIGatewayHttpResolver(enable_validation=True)
layer = DynamoDBPersistenceLayer(table_name=os.environ[TABLE], key_attr="PK", sort_key_attr="SK")
config = IdempotencyConfig(expires_after_seconds=48 * 3600, event_key_jmespath="user_id")


class Environment(BaseModel):
    TABLE_NAME: Annotated[str, Field(min_length=1)]


class SuspendUser(BaseModel):
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Suspended(BaseModel):
    id: str
    version: int


@tracer.capture_method(capture_response=False)
def store(user_id: str, reason: str) -> int:
    table = boto3.resource("dynamodb").Table(get_environment_variables(Environment).TABLE_NAME)
    answer: dict[str, Any] = table.update_item(
        Key={"PK": user_id, "SK": "STATE"},
        UpdateExpression="SET #status = :suspended, reason = :reason ADD version :one",
        ConditionExpression="attribute_exists(PK)",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":suspended": "suspended", ":reason": reason, ":one": 1},
        ReturnValues="UPDATED_NEW",
    )
    return int(answer["Attributes"]["version"])


@idempotent_function(
    data_keyword_argument="order",
    config=config,
    persistence_store=layer,
    output_serializer=PydanticSerializer(model=Suspended),
)
def suspend(order: dict[str, str]) -> Suspended:
    return Suspended(id=order["user_id"], version=store(order["user_id"], order["reason"]))


@app.post("/users/<user_id>/suspend")
@tracer.capture_method(capture_response=False)
def handle(user_id: Annotated[str, Path()], body: Annotated[SuspendUser, Body()]) -> Suspended:
    metrics.add_metric(name="ValidSuspendUserEvents", unit=MetricUnit.Count, value=1)
    return suspend(order={"user_id": user_id, "reason": body.reason})


@init_environment_variables(model=Environment)
@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
@metrics.log_metrics
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
