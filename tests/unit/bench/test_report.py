"""A report: what failed does not cost the others' figures, and what was not measured says whose figure it is."""

import re

import bench
from bench import earlier, report
from bench.report import Section


def test_a_measurement_that_fails_is_named_and_the_others_are_written(monkeypatch, tmp_path):
    measured = {
        "aws_calls": (
            Section(title="AWS calls", said="Counted.", columns=("what", "calls"), rows=[("a", 2)]),
            "",
        ),
        "recovery_policy": (None, "LookupError: it is not there"),
    }
    monkeypatch.setattr(bench, "MODULES", dict.fromkeys(measured, ""))
    monkeypatch.setattr(bench, "_measured", measured.__getitem__)
    monkeypatch.setattr(report, "FILE", tmp_path / "benchmarks.md")
    assert bench.main([]) == 1
    written = (tmp_path / "benchmarks.md").read_text()
    assert re.search(r"\| a +\| +2 \|", written)
    assert "## recovery_policy\n\nNot measured: LookupError: it is not there\n" in written
    assert re.search(r"\| recovery_policy +\| +0\.0 \| LookupError: it is not there \|", written)


def test_an_unknown_name_measures_nothing(capsys):
    assert bench.main(["speed"]) == 2
    assert "there is no measurement speed" in capsys.readouterr().out


def test_a_measurement_in_an_interpreter_of_its_own_says_why_it_ended(monkeypatch, capsys):
    section, failure = bench._measured("no_such_measurement")
    assert (section, failure) == (None, "KeyError: 'no_such_measurement'")
    assert "Traceback" in capsys.readouterr().out


def test_earlier_figures_stand_beside_with_their_commit_and_date(monkeypatch, tmp_path):
    file = tmp_path / "earlier.toml"
    file.write_text(
        '[Sizes]\ncommit = "abc1234"\ndate = "2026-11-22"\nsaid = "Then."\nfigures.MB = {one = 4.0, gone = 1.0}\n'
    )
    monkeypatch.setattr(earlier, "FILE", file)
    now = Section(
        title="Sizes", said="Now.", columns=("part", "MB", "files"), rows=[("one", 3.0, 1), ("two", 2.0, 1)]
    )
    both = earlier.beside(now)
    assert both.said == "Now. Then."
    assert both.columns == ["part", "MB", "before (abc1234, 2026-11-22)", "files"]
    assert both.rows == [["one", 3.0, 4.0, 1], ["two", 2.0, None, 1], ["gone", None, 1.0, None]]
    other = Section(title="Other", said="Now.", columns=("part", "MB"), rows=[("one", 3.0)])
    assert earlier.beside(other) is other


def test_every_measurement_can_be_found():
    for name, module in bench.MODULES.items():
        assert (bench.REPOSITORY / f"{module.replace('.', '/')}.py").exists(), name
    assert bench.MODULES.keys() > bench.WITHOUT_STACK
