"""What a function prints, seen from outside: the logger and the metrics write to its standard output."""

import json
import os
import subprocess
import sys
from pathlib import Path

KERNEL = Path(__file__).parents[3] / "layers" / "kernel"


def printed(script):
    env = os.environ | {"PYTHONPATH": str(KERNEL), "POWERTOOLS_SERVICE_NAME": "identity"}
    run = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


def test_an_outcome_is_one_line_and_one_count():
    log, emf = map(
        json.loads,
        printed("""
from troupe.observability import metrics, outcome
outcome("mail_sent", tenant_id="t1", attempts=2, retried=False)
metrics.flush_metrics()
"""),
    )
    assert (log["message"], log["level"], log["service"]) == ("mail_sent", "INFO", "identity")
    assert (log["tenant_id"], log["attempts"], log["retried"]) == ("t1", 2, False)
    assert log["timestamp"].endswith("+00:00")
    (declared,) = emf["_aws"]["CloudWatchMetrics"]
    assert declared["Namespace"] == "troupe"
    assert declared["Dimensions"] == [["service"]]
    assert declared["Metrics"] == [{"Name": "mail_sent", "Unit": "Count"}]
    assert emf["mail_sent"] == [1.0]


def test_the_last_line_carries_what_was_counted():
    first, last = map(
        json.loads,
        printed("""
from troupe.observability import conclude, metrics, outcome
outcome("mail_sent", tenant_id="t1")
metrics.add_metric(name="Status2xx", unit="Count", value=1)
conclude("answered", route="GET /me", status=200)
"""),
    )
    assert "_aws" not in first
    assert (last["message"], last["route"], last["status"], last["service"]) == (
        "answered",
        "GET /me",
        200,
        "identity",
    )
    (declared,) = last["_aws"]["CloudWatchMetrics"]
    assert (declared["Namespace"], declared["Dimensions"]) == ("troupe", [["service"]])
    assert [each["Name"] for each in declared["Metrics"]] == ["mail_sent", "Status2xx"]
    assert last["mail_sent"] == last["Status2xx"] == [1.0]


def test_the_last_line_of_what_counted_nothing_is_a_line():
    (line,) = printed("from troupe.observability import conclude; conclude('looked', found=0)")
    assert (json.loads(line)["found"], "_aws" in line) == (0, False)


def test_the_tenant_is_no_dimension():
    *_, emf = printed("""
from troupe.observability import metrics, outcome
outcome("mail_sent", tenant_id="t1")
outcome("mail_sent", tenant_id="t2")
metrics.flush_metrics()
""")
    assert json.loads(emf)["mail_sent"] == [1.0, 1.0]
    assert "t1" not in emf
    assert "tenant_id" not in emf


def test_it_imports_nothing_heavy():
    names = printed("""
import sys, troupe.observability
print(*{name.partition('.')[0] for name in sys.modules}, sep='\\n')
""")
    assert not {"aws_xray_sdk", "pydantic", "boto3", "requests", "httpx"} & set(names)
