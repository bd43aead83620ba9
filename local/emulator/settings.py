"""What the mended emulator can be told by environment variables; durations in seconds."""

import os
import tempfile
from pathlib import Path

ENDPOINT = f"http://localhost:{os.environ.get('GATEWAY_PORT', '4566')}"
LAYERS = Path(os.environ.get("TROUPE_EMULATOR_LAYERS", f"{tempfile.gettempdir()}/layers"))
WARM_WORKERS = int(os.environ.get("TROUPE_EMULATOR_WARM_WORKERS", "40"))
STREAM_RETRY_SECONDS = float(os.environ.get("TROUPE_EMULATOR_STREAM_RETRY_SECONDS", "0.1"))
TTL_SECONDS = float(os.environ.get("TROUPE_EMULATOR_TTL_SECONDS", "2"))
SCHEDULE_SECONDS = 0.5
ACCESS_LOG_SECONDS = 0.5
