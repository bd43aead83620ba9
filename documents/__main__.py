"""`python -m documents` writes the documents; with --check it compares, and fails when any is stale."""

import argparse
import sys

from documents.places import ROOT, importable


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="documents", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is stale")
    check: bool = parser.parse_args(arguments).check
    importable()
    from documents.files import generated, stale, write  # noqa: PLC0415 -- what they import was put on the path above

    wanted = generated()
    changed = stale(wanted) if check else write(wanted)
    for path in changed:
        print(f"{'stale' if check else 'wrote'} {path.relative_to(ROOT)}")
    print(f"{len(wanted)} documents, {len(changed)} {'stale' if check else 'written'}")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
