"""Layers are unpacked and compiled once, and shared by all workers.

MiniStack unpacks every layer into a folder of each worker's own: 65 MB and a second for each of two hundred
functions.
"""

import compileall
import hashlib
import io
import os
import threading
import zipfile
from pathlib import Path
from typing import Any

from ministack.services import lambda_svc

from local.emulator.settings import LAYERS

SITE = "python/lib/python3/site-packages/shared.pth"

resolve_layer = lambda_svc._resolve_layer_zip
pointers: dict[str, bytes] = {}
unpacking = threading.Lock()


def unpacked(digest: str, archive: bytes) -> Path:
    folder = LAYERS / digest
    if not folder.exists():
        part = LAYERS / f"{digest}.{os.getpid()}"
        with zipfile.ZipFile(io.BytesIO(archive)) as layer:
            layer.extractall(part)
        compileall.compile_dir(part, quiet=2)  # leaves valid bytecode alone
        part.rename(folder)
    return folder


def pointer_to(folder: Path) -> bytes:
    """A layer of one .pth line, which puts the folder before everything else."""
    paths = [str(folder / "python"), *(str(p) for p in folder.glob("python/lib/python*/site-packages"))]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as layer:
        layer.writestr(SITE, f"import sys; sys.path[:0] = {paths!r}\n")
    return out.getvalue()


def resolve_shared(attachment: Any) -> bytes | None:
    archive = resolve_layer(attachment)
    if not archive:
        return archive
    digest = hashlib.sha256(archive).hexdigest()[:16]
    with unpacking:
        if digest not in pointers:
            pointers[digest] = pointer_to(unpacked(digest, archive))
    return pointers[digest]


lambda_svc._resolve_layer_zip = resolve_shared
