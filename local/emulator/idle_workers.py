"""Idle workers end: all of them after their time, and the least recently used above a cap at once.

MiniStack keeps the first worker of every function for ever: two hundred functions take 10 GB.
"""

import threading
import time
from typing import Any

from ministack.core import lambda_runtime as runtime
from ministack.services import lambda_svc

from local.emulator.settings import WARM_WORKERS

acquire_worker = runtime.acquire_worker


def superfluous(ttl: float) -> list[Any]:
    idle = [w for pool in runtime._workers.values() for w in pool if not w.in_use and w._proc]
    idle.sort(key=lambda worker: worker.last_used)
    surplus = sum(len(pool) for pool in runtime._workers.values()) - WARM_WORKERS
    now = time.time()
    return [w for rank, w in enumerate(idle) if rank < surplus or now - w.last_used > ttl]


def reap(ttl: float | None = None) -> int:
    with runtime._lock:
        doomed = superfluous(runtime._LOCAL_WORKER_TTL if ttl is None else ttl)
        for key, pool in list(runtime._workers.items()):
            runtime._workers[key] = [w for w in pool if w not in doomed]
    runtime.kill_workers(doomed)
    return len(doomed)


def acquire(*args: Any, **options: Any) -> Any:
    worker, how = acquire_worker(*args, **options)
    if how == "spawn":
        threading.Thread(target=reap, daemon=True).start()
    return worker, how


for module in (runtime, lambda_svc):
    module.reap_idle_workers, module.acquire_worker = reap, acquire
