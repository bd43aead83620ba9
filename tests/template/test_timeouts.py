"""What stands behind a gateway ends before the gateway does, and says in its log what it took."""

import pytest

from support.templates import CONTEXTS, ROOT, TEMPLATES, functions, written

GATEWAY_SECONDS = 30  # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html


def behind_a_gateway(function):
    return any(each.get("Type") == "HttpApi" for each in (function.events or {}).values())


def test_no_function_behind_a_gateway_outlasts_it():
    late = {
        name: function.timeout
        for name, function in functions(ROOT / "template.yaml").items()
        if behind_a_gateway(function) and (function.timeout or 3) >= GATEWAY_SECONDS
    }
    assert late == {}
    assert sum(map(behind_a_gateway, functions(ROOT / "template.yaml").values())) > 100


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.parent.name)
def test_the_lines_that_report_an_invocation_are_kept(template):
    assert written(template)["Globals"]["Function"]["LoggingConfig"]["SystemLogLevel"] == "INFO"
    assert len(TEMPLATES) == len(CONTEXTS) + 1
