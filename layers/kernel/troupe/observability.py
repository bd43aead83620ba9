"""Logs and metrics."""
from aws_lambda_powertools import Logger, Metrics

logger = Logger()
metrics = Metrics()
