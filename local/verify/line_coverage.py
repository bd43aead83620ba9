"""The lines that any suite ran, also of the suites whose branches were measured."""

import sys
from pathlib import Path

from coverage import CoverageData


def combine(measured: Path, combined: Path) -> None:
    """Reads the files of a folder; coverage itself does not combine lines with branches."""
    combined.unlink(missing_ok=True)
    lines = CoverageData(basename=str(combined))
    for file in sorted(measured.glob(".lines.*")) + sorted(measured.glob(".branches.*")):
        found = CoverageData(basename=str(file))
        found.read()
        lines.add_lines({name: found.lines(name) or [] for name in found.measured_files()})
    lines.write()


if __name__ == "__main__":
    combine(Path(sys.argv[1]), Path(sys.argv[2]))
