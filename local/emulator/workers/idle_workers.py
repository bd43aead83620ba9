"""Idle workers end: all of them after their time, and those above a cap when one more becomes idle.

MiniStack keeps the first worker of every function for ever: two hundred functions take 10 GB. The cap is as
many as a third of the memory holds, so that a stack in use does not end what it needs next; above it, a
function's spare workers end before anyone's last, and the least recently used ones first.
"""

import threading
import time
from typing import Any

from ministack.core import lambda_runtime as runtime
from ministack.services import lambda_svc

from local.emulator.settings import WARM_WORKERS

SHARE = 3  # one part of the memory in so many
WORKER_BYTES = 40_000_000  # what each has for itself
CAP = WARM_WORKERS or lambda_svc._memory_budget_bytes() // (SHARE * WORKER_BYTES)

release_worker = runtime.release_worker


def idle() -> list[Any]:
    """The first to end comes first."""
    ranked: list[tuple[bool, float, Any]] = []
    for pool in runtime._workers.values():
        free = [worker for worker in pool if not worker.in_use and worker._proc]
        last = max((worker.last_used for worker in free), default=0.0)
        ranked += [(worker.last_used == last, worker.last_used, worker) for worker in free]
    return [worker for *_, worker in sorted(ranked, key=lambda each: each[:2])]


def remove_superfluous(ttl: float) -> list[Any]:
    """Takes them out of their pools; they run until they are killed."""
    now = time.time()
    with runtime._lock:
        found = idle()
        doomed = [w for rank, w in enumerate(found) if rank < len(found) - CAP or now - w.last_used > ttl]
        if doomed:
            for key, pool in list(runtime._workers.items()):
                runtime._workers[key] = [worker for worker in pool if worker not in doomed]
    return doomed


def reap(ttl: float | None = None) -> int:
    doomed = remove_superfluous(runtime._LOCAL_WORKER_TTL if ttl is None else ttl)
    runtime.kill_workers(doomed)
    return len(doomed)


def release(worker: Any) -> None:
    if worker is not None:
        worker.last_used = time.time()
    release_worker(worker)
    if doomed := remove_superfluous(runtime._LOCAL_WORKER_TTL):
        threading.Thread(target=runtime.kill_workers, args=(doomed,), daemon=True).start()


for module in (runtime, lambda_svc):
    module.reap_idle_workers, module.release_worker = reap, release
