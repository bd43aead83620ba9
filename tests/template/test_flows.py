"""Flows as their definitions have them: every task bears failure, and calls what it may call."""

import re

import pytest
import yaml

from checks.stack import Stack, named
from support.templates import CONTEXTS, of_type, resources

FLOWS = [
    pytest.param(template, name, machine, id=f"{template.parent.name}.{name}")
    for template in CONTEXTS
    for name, machine in of_type(resources(template), "AWS::Serverless::StateMachine").items()
]


def definition(template, machine):
    return yaml.safe_load((template.parent / machine["DefinitionUri"]).read_text())


def scopes(flow):
    """The flow, and within it each branch and each processor of a map: states lead to others of their own."""
    yield flow
    for state in flow["States"].values():
        inner = [*state.get("Branches", ()), *([state["ItemProcessor"]] if "ItemProcessor" in state else ())]
        for each in inner:
            yield from scopes(each)


def tasks(template, machine):
    return {
        name: state
        for scope in scopes(definition(template, machine))
        for name, state in scope["States"].items()
        if state["Type"] == "Task"
    }


def waits_for_somebody(task):
    return task["Resource"].endswith(".waitForTaskToken")


def test_there_are_flows():
    assert FLOWS


@pytest.mark.parametrize("template, name, machine", FLOWS)
def test_every_task_has_a_retry_a_catch_and_a_limit(template, name, machine):
    found = tasks(template, machine)
    assert found
    for task in found.values():
        assert task["Retry"]
        assert task["Catch"][-1]["ErrorEquals"] == ["States.ALL"]
        if waits_for_somebody(task):
            assert task["TimeoutSeconds"]
            assert "$states.context.Task.Token" in str(task["Arguments"]["Payload"])
        else:
            assert task["TimeoutSeconds"] <= 900


@pytest.mark.parametrize("template, name, machine", FLOWS)
def test_what_does_several_things_at_once_bears_the_failure_of_one(template, name, machine):
    for state in definition(template, machine)["States"].values():
        if state["Type"] in {"Parallel", "Map"}:
            assert state["Catch"][-1]["ErrorEquals"] == ["States.ALL"]


@pytest.mark.parametrize("template, name, machine", FLOWS)
def test_every_state_leads_on_and_can_be_reached(template, name, machine):
    for scope in scopes(definition(template, machine)):
        leads_on(scope)


def leads_on(flow):
    reached, ahead = set(), [flow["StartAt"]]
    while ahead:
        state = ahead.pop()
        if state in reached:
            continue
        reached.add(state)
        found = flow["States"][state]
        ahead += [found[key] for key in ("Next", "Default") if key in found]
        ahead += [each["Next"] for key in ("Choices", "Catch") for each in found.get(key, ())]
        ends = found["Type"] in {"Succeed", "Fail"} or found.get("End")
        assert ends or "Next" in found or found["Type"] == "Choice", state
    assert reached == set(flow["States"])


@pytest.mark.parametrize("template, name, machine", FLOWS)
def test_it_is_jsonata_and_what_is_filled_in_is_given(template, name, machine):
    text = (template.parent / machine["DefinitionUri"]).read_text()
    assert definition(template, machine)["QueryLanguage"] == "JSONata"
    assert set(re.findall(r"\$\{(\w+)\}", text)) == set(machine["DefinitionSubstitutions"])


@pytest.mark.parametrize("template, name, machine", FLOWS)
def test_its_role_may_invoke_its_functions_and_no_other(template, name, machine):
    stack = Stack({"Resources": resources(template)})
    role = named(machine["Role"])
    (invoked,) = [
        statement["Resource"]
        for owner, statement in stack.statements
        if owner == role and statement["Action"] == "lambda:InvokeFunction"
    ]
    given = machine["DefinitionSubstitutions"]
    called = {task["Arguments"]["FunctionName"].strip("${}") for task in tasks(template, machine).values()}
    assert {named(each) for each in invoked} == called
    assert all(named(given[each]) == each for each in called)


@pytest.mark.parametrize("template, name, machine", FLOWS)
def test_it_is_named_after_its_stack_and_leaves_logs_and_traces(template, name, machine):
    assert machine["Name"] == {"Fn::Sub": f"${{Stack}}-{name.lower()}"}
    assert machine["Logging"]["Level"] != "OFF"
    assert machine["Logging"]["Destinations"]
    assert machine["Tracing"] == {"Enabled": True}
