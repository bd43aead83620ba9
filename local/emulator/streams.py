"""DynamoDB stream event source mappings as AWS runs them.

MiniStack drops a partial batch response, never bisects, retries for ever a second apart, sends nothing to the
failure destination when retries are used up, ignores ParallelizationFactor, and one thread polls all
mappings, so a slow handler delays all others. (Tumbling windows are still missing.)
"""

import contextvars
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ministack.services import dynamodb, lambda_svc

from local.emulator import stream_failures
from local.emulator.settings import STREAM_RETRY_SECONDS

LONGEST_PAUSE = 10.0  # seconds
DOUBLINGS = 6

type Records = list[dict[str, Any]]


def sequence_number(record: dict[str, Any]) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


def first_failure(mapping: dict[str, Any], records: Records, result: dict[str, Any]) -> int | None:
    """Where to go on from: the index of the first record that failed, or None."""
    if result.get("error"):
        return 0
    if "ReportBatchItemFailures" not in mapping.get("FunctionResponseTypes", []):
        return None
    body = result.get("body")
    answer = json.loads(body) if isinstance(body, (str, bytes)) and body else body
    failed = {one.get("itemIdentifier") for one in (answer or {}).get("batchItemFailures") or []}
    if not failed:
        return None
    return next((i for i, record in enumerate(records) if sequence_number(record) in failed), 0)


@dataclass(frozen=True, slots=True)
class Reader:
    """One mapping at work for one function."""

    mapping: dict[str, Any]
    function: dict[str, Any]
    stream: str

    @property
    def running(self) -> bool:
        return self.mapping.get("Enabled", True) and self.mapping["UUID"] in lambda_svc._esms

    def exhausted(self, records: Records, tries: int) -> bool:
        limit = int(self.mapping.get("MaximumRetryAttempts", -1))
        divisible = self.mapping.get("BisectBatchOnFunctionError") and len(records) > 1
        return tries >= limit >= 0 and not divisible

    def take(self, records: Records, tries: int = 0) -> None:
        """Takes the records to their end: handled, or given up to the failure destination."""
        while records and self.running:
            result = lambda_svc._execute_function(self.function, {"Records": records})
            failed_at = first_failure(self.mapping, records, result)
            if failed_at is None:
                self.mapping["LastProcessingResult"] = f"OK - {len(records)} records"
                return
            self.mapping["LastProcessingResult"] = "FAILED"
            moved, records = failed_at > 0, records[failed_at:]  # what came before the first failure is done
            if not moved and self.exhausted(records, tries):
                stream_failures.give_up(self.mapping, self.function, records, self.stream, result)
                return
            time.sleep(min(STREAM_RETRY_SECONDS * 2 ** min(tries, DOUBLINGS), LONGEST_PAUSE))
            if self.mapping.get("BisectBatchOnFunctionError") and len(records) > 1:  # a split is no retry
                half = len(records) // 2
                self.take(records[:half], tries)
                records = records[half:]
            else:
                tries = 0 if moved else tries + 1

    def take_lane(self, records: Records) -> None:
        size = int(self.mapping.get("BatchSize", 100))
        for start in range(0, len(records), size):
            self.take(records[start : start + size])

    def lanes(self, records: Records) -> list[Records]:
        """Split by item, so that an item's records stay in order."""
        factor = int(self.mapping.get("ParallelizationFactor") or 1)
        lanes: dict[int, Records] = {}
        for record in records:
            keys = json.dumps(record["dynamodb"]["Keys"], sort_keys=True)
            lanes.setdefault(hash(keys) % factor, []).append(record)
        return list(lanes.values())

    def run(self, position: int, batch: Records) -> None:
        lanes = self.lanes(lambda_svc._apply_filter_criteria(batch, self.mapping))
        if lanes:
            with ThreadPoolExecutor(len(lanes)) as pool:
                work = [pool.submit(contextvars.copy_context().run, self.take_lane, lane) for lane in lanes]
                for one in work:
                    one.result()
        with lambda_svc._dynamodb_stream_positions_lock:
            lambda_svc._dynamodb_stream_positions[self.mapping["UUID"]] = position + len(batch)


def idle_mappings() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for account, region, mapping in lambda_svc._iter_all_esms():
        busy = lambda_svc._esm_inflight.get(mapping["UUID"])
        if ":dynamodb:" in mapping["EventSourceArn"] and mapping.get("Enabled", True) and not busy:
            yield account, region, mapping


def next_batch(mapping: dict[str, Any], table_name: str) -> tuple[int, Records]:
    arn = mapping["EventSourceArn"]
    lambda_svc._init_stream_position(mapping["UUID"], arn, mapping.get("StartingPosition", "LATEST"))
    reached = lambda_svc._dynamodb_stream_positions[mapping["UUID"]]
    position = max(reached, dynamodb.stream_start_position(table_name))
    size = int(mapping.get("BatchSize", 100)) * int(mapping.get("ParallelizationFactor") or 1)
    return position, dynamodb.stream_records_since(table_name, position, size)


def dispatch(mapping: dict[str, Any]) -> bool:
    arn = mapping["EventSourceArn"]
    table_name = arn.split("/stream/")[0].split("/")[-1]
    name, qualifier = mapping["FunctionName"], mapping.get("Qualifier")
    function, _ = lambda_svc._get_func_record_for_qualifier(name, qualifier)
    if function is None or (dynamodb._tables.get(table_name) or {}).get("LatestStreamArn") != arn:
        return False
    position, batch = next_batch(mapping, table_name)
    if not batch:
        return False
    reader = Reader(mapping, function, arn)
    lambda_svc._dispatch_esm_batch(mapping["UUID"], reader.run, position, batch)
    return True


def poll() -> bool:
    """True if any mapping was given records."""
    found = False
    for account, region, mapping in idle_mappings():
        account_token = lambda_svc._request_account_id.set(account)
        region_token = lambda_svc._request_region.set(region)
        try:
            found = dispatch(mapping) or found
        finally:
            lambda_svc._request_account_id.reset(account_token)
            lambda_svc._request_region.reset(region_token)
    return found


lambda_svc._poll_dynamodb_streams = poll
