"""Items past their time to live go within seconds, with the REMOVE record of DynamoDB's own identity.

MiniStack looks each minute and puts no record into the stream; its own thread is kept from removing anything,
or an item that it found first would go without a record.
"""

import threading
import time
from collections.abc import Iterator
from typing import Any

from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import dynamodb

from local.emulator.settings import TTL_SECONDS

EXPIRER = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
STOCK_THREAD = "dynamodb-ttl-reaper"
remove_item = dynamodb._remove_item


def remove_unless_stock(table: dict[str, Any], partition: Any, sort: Any) -> Any:
    if threading.current_thread().name != STOCK_THREAD:
        return remove_item(table, partition, sort)
    return None


dynamodb._remove_item = remove_unless_stock


def expired(table: dict[str, Any], attribute: str, now: float) -> Iterator[tuple[Any, Any, dict[str, Any]]]:
    for partition, rows in list(table["items"].items()):
        for sort, item in list(rows.items()):
            if "N" in item.get(attribute, {}) and float(item[attribute]["N"]) <= now:
                yield partition, sort, item


def remove(name: str, table: dict[str, Any], partition: Any, sort: Any, item: dict[str, Any]) -> None:
    remove_item(table, partition, sort)
    before = dynamodb.stream_end_position(name)
    dynamodb._emit_stream_event(name, "REMOVE", item, None)
    for record in dynamodb.stream_records_since(name, before, 1):
        record["userIdentity"] = dict(EXPIRER)


def expire() -> None:
    now = time.time()
    for (account, region, name), setting in list(dynamodb._ttl_settings.all_items()):
        set_request_account_id(account)
        set_request_region(region)
        table = dynamodb._tables.get_scoped(account, region, name)
        if setting.get("TimeToLiveStatus") != "ENABLED" or not table:
            continue
        with dynamodb._lock:
            for partition, sort, item in expired(table, setting.get("AttributeName"), now):
                remove(name, table, partition, sort, item)


def keep_expiring() -> None:
    while True:
        time.sleep(TTL_SECONDS)
        try:
            expire()
        except Exception:  # noqa: BLE001 (the clock goes on when one table fails)
            dynamodb.logger.exception("expiry failed")


threading.Thread(target=keep_expiring, daemon=True).start()
