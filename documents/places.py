"""Where the code and the documents are."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KERNEL = ROOT / "layers/kernel/troupe"
SCHEMAS = ROOT / "docs/schemas"
TEXTS = ROOT / "documents/texts"
SERVED = ROOT / "functions/root/src/root/served"


def importable() -> None:
    """Put the kernel and every context on the path, as the layers and artefacts do."""
    for source in (KERNEL.parent, *sorted(ROOT.glob("functions/*/src"))):
        if str(source) not in sys.path:
            sys.path.append(str(source))
