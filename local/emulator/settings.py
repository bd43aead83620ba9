"""What the mended emulator can be told by environment variables; durations in seconds."""

import os
import tempfile
from pathlib import Path

ENDPOINT = f"http://localhost:{os.environ.get('GATEWAY_PORT', '4566')}"
LAYERS = Path(os.environ.get("TROUPE_EMULATOR_LAYERS", f"{tempfile.gettempdir()}/layers"))
INVOCATIONS = int(os.environ.get("TROUPE_EMULATOR_INVOCATIONS", str(os.process_cpu_count() or 1)))
"""How many functions run at once."""
STALL_SECONDS = float(os.environ.get("TROUPE_EMULATOR_STALL_SECONDS", "5"))
"""One more runs when none has ended for so long."""
TIMEOUT_FACTOR = float(os.environ.get("TROUPE_EMULATOR_TIMEOUT_FACTOR", "10"))
"""How much longer than on AWS a function may run."""
WARM_WORKERS = int(os.environ.get("TROUPE_EMULATOR_WARM_WORKERS", "0"))
"""How many workers may be idle; 0: as many as the memory allows."""
STREAM_RETRY_SECONDS = float(os.environ.get("TROUPE_EMULATOR_STREAM_RETRY_SECONDS", "0.1"))
TTL_SECONDS = float(os.environ.get("TROUPE_EMULATOR_TTL_SECONDS", "2"))
CONFLICT_SECONDS = float(os.environ.get("TROUPE_EMULATOR_CONFLICT_SECONDS", "0.005"))
"""How long a transaction of DynamoDB holds its items; 0: not at all."""
SCHEDULE_SECONDS = 0.5
ACCESS_LOG_SECONDS = 0.5
