"""cfn-lint with the house rules, sam validate and checkov find nothing, and do look."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.templates import ROOT, TEMPLATES, resources

BIN = Path(sys.executable).parent
CHECKOV = ROOT / ".local/env/checkov/bin/checkov"
BAD = """
Resources:
  Open:
    Type: AWS::S3::Bucket
    Properties: { AccessControl: PublicReadWrite }
"""


def run(*command, cwd=ROOT):
    env = os.environ | {"AWS_DEFAULT_REGION": "eu-west-1", "SAM_CLI_TELEMETRY": "0"}
    return subprocess.run([*map(str, command)], cwd=cwd, env=env, capture_output=True, text=True, check=False)


def linted(*templates):
    return json.loads(run(BIN / "cfn-lint", "--format", "json", *templates).stdout)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.parent.name)
def test_cfn_lint_finds_nothing(template):
    assert linted(template) == []


def test_cfn_lint_finds_what_breaks_a_house_rule(tmp_path):
    (tmp_path / "bad.yaml").write_text(BAD)
    assert "E9004" in {found["Rule"]["Id"] for found in linted(tmp_path / "bad.yaml")}


def test_sam_validates_the_root():
    done = run(BIN / "sam", "validate", "--lint", "--template", ROOT / "template.yaml")
    assert done.returncode == 0, done.stderr
    assert "is a valid SAM Template" in done.stdout


def checked(*templates):
    """A path of forty characters is a secret to checkov: templates of ours are named from the root's folder."""
    assert CHECKOV.exists(), "checkov's environment is missing: run 'make setup'"
    named = [path.relative_to(ROOT) if path.is_relative_to(ROOT) else path for path in templates]
    files = [part for template in named for part in ("--file", template)]
    done = run(CHECKOV, "--config-file", ROOT / ".checkov.yaml", "--output", "json", *files)
    return json.loads(done.stdout)


def test_checkov_finds_nothing_in_every_template():
    report = checked(*TEMPLATES)
    summary = report["summary"]
    failed = [(each["check_id"], each["resource"]) for each in report["results"].get("failed_checks", [])]
    assert failed == []
    assert summary["parsing_errors"] == 0
    assert summary["passed"] > 100
    assert summary["resource_count"] >= sum(len(resources(template)) for template in TEMPLATES)


def test_checkov_finds_what_is_wrong(tmp_path):
    (tmp_path / "bad.yaml").write_text(BAD)
    assert checked(tmp_path / "bad.yaml")["summary"]["failed"] > 0
