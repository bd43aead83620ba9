"""One module queries the table, so that no page takes DynamoDB's 1 MB for the end."""

import re

from support.templates import ROOT

PLACE = ROOT / "layers/kernel/troupe/store/reads.py"
QUERY = re.compile(r"""\.query\(|get_paginator\(\s*["'](query|scan)["']""")


def test_no_other_module_queries():
    sources = (*ROOT.glob("layers/kernel/troupe/**/*.py"), *ROOT.glob("functions/*/src/**/*.py"))
    found = {path for path in sources if QUERY.search(path.read_text())}
    assert found == {PLACE}
