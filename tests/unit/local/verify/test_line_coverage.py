"""Lines and branches of several suites are one report of lines."""

from coverage import CoverageData

from local.verify.line_coverage import combine


def test_the_lines_of_all_suites_are_one_set(tmp_path) -> None:
    traced, monitored = (
        CoverageData(str(tmp_path / ".branches.unit")),
        CoverageData(str(tmp_path / ".lines.api")),
    )
    traced.add_arcs({"a.py": [(-1, 1), (1, 2), (2, -1)], "b.py": [(-1, 7), (7, -1)]})
    monitored.add_lines({"a.py": [2, 5], "c.py": [3]})
    for data in (traced, monitored):
        data.write()
    for _ in range(2):  # what an earlier run left behind is not added to
        combine(tmp_path, tmp_path / "lines")
    combined = CoverageData(str(tmp_path / "lines"))
    combined.read()
    found = {name: sorted(combined.lines(name) or []) for name in combined.measured_files()}
    assert found == {"a.py": [1, 2, 5], "b.py": [7], "c.py": [3]}
    assert not combined.has_arcs()
