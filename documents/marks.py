"""A file of which a part is generated: what stands between two marks."""

from pathlib import Path


def between(file: Path, begin: str, end: str, text: str) -> str:
    """The file's content with `text` between the two lines; both have to be there, once."""
    content = file.read_text()
    for mark in (begin, end):
        if content.count(f"{mark}\n") != 1:
            raise ValueError(f"{file} takes this line once:\n{mark}")
    before, _, rest = content.partition(f"{begin}\n")
    return f"{before}{begin}\n{text}{end}\n{rest.partition(f'{end}\n')[2]}"
