"""A static check is left out while the files it reads are those on which it passed, and then alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from local.verify import check_cache
from local.verify import run as verify_run
from local.verify.checks import Check, counting
from local.verify.run import Result, perform

READS = ("*.py", "*.toml")


def check(*command: str, reads: tuple[str, ...] = READS) -> Check:
    return Check("example", command, counting("files", r"(\d+) files"), reads=reads)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text("ignored/\n")
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "module.py").write_text("one = 1\n")
    return tmp_path


def changed(repository: Path, name: str, text: str = "two = 2\n") -> bool:
    before = check_cache.fingerprint(check("tool"), repository)
    (repository / name).parent.mkdir(exist_ok=True)
    (repository / name).write_text(text)
    return check_cache.fingerprint(check("tool"), repository) != before


@pytest.mark.parametrize("name", ["package/module.py", "package/new.py", "project.toml"])
def test_a_file_that_is_read_changes_the_fingerprint(repository, name) -> None:
    assert changed(repository, name)


@pytest.mark.parametrize("name", ["README.md", "ignored/module.py"])
def test_any_other_file_does_not(repository, name) -> None:
    assert not changed(repository, name)


def test_nor_does_writing_the_same_again(repository) -> None:
    assert not changed(repository, "package/module.py", "one = 1\n")


def test_a_moved_and_a_removed_file_change_it(repository) -> None:
    module = repository / "package" / "module.py"
    (repository / "package" / "other.py").write_text("two = 2\n")
    found = [check_cache.fingerprint(check("tool"), repository)]
    module = module.rename(repository / "package" / "moved.py")
    found.append(check_cache.fingerprint(check("tool"), repository))
    module.unlink()
    found.append(check_cache.fingerprint(check("tool"), repository))
    assert len(set(found)) == 3


def test_so_does_another_command(repository) -> None:
    tools = [check("tool"), check("tool", "--strict")]
    assert len({check_cache.fingerprint(tool, repository) for tool in tools}) == 2


def test_there_is_none_for_what_always_runs_or_outside_of_git(repository, tmp_path_factory) -> None:
    assert check_cache.fingerprint(check("tool", reads=()), repository) is None
    assert check_cache.fingerprint(check("tool"), tmp_path_factory.mktemp("export")) is None


class TestPerform:
    @pytest.fixture
    def logs(self, monkeypatch, tmp_path):
        monkeypatch.setattr(verify_run, "LOGS", tmp_path / "logs")
        return tmp_path / "logs"

    @pytest.fixture
    def again(self, logs, monkeypatch, repository):
        """Performs a check whose tool counts its runs and exits with a code."""
        runs = repository / "runs"
        fingerprint = check_cache.fingerprint
        monkeypatch.setattr(check_cache, "fingerprint", lambda one: fingerprint(one, repository))

        def once(reads: tuple[str, ...] = READS) -> Result:
            tool = f"open({str(runs)!r}, 'a').write('x'); print('3 files')"
            tool += f"; exit(int(open({str(repository / 'code')!r}).read()))"
            return perform(check(sys.executable, "-c", tool, reads=reads))

        (repository / "code").write_text("0")
        once.runs = lambda: len(runs.read_text())
        once.exits = (repository / "code").write_text
        return once

    def test_what_passed_is_not_run_again_and_still_counted(self, again) -> None:
        first, second = again(), again()
        assert again.runs() == 1
        assert (first.unchanged, second.unchanged) == (False, True)
        assert second.passed
        assert second.counted == first.counted == "3 files"

    def test_what_failed_is_run_again(self, again) -> None:
        again.exits("1")
        assert not again().passed
        again.exits("0")
        assert again().passed
        assert again.runs() == 2

    def test_what_changed_is_run_again_and_may_fail(self, again, repository) -> None:
        again()
        (repository / "package" / "module.py").write_text("two = 2\n")
        again.exits("1")
        assert not again().passed
        (repository / "package" / "module.py").write_text("one = 1\n")
        assert not again().passed
        assert again.runs() == 3

    def test_what_changed_while_it_ran_is_run_again(self, again, repository, monkeypatch) -> None:
        run = verify_run.run

        def slowly(*given) -> Result:
            (repository / "package" / "module.py").write_text("three = 3\n")
            return run(*given)

        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(verify_run, "run", slowly)
            again()
        again()
        assert again.runs() == 2

    def test_what_says_nothing_of_its_files_always_runs(self, again) -> None:
        assert [again(()).unchanged, again(()).unchanged] == [False, False]
        assert again.runs() == 2
