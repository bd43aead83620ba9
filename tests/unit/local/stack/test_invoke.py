"""A function is named by its own name, and by its stack's too where two have one name."""

from types import SimpleNamespace

import pytest

from local.ops.invocations import InvocationError
from local.stack.invoke import full_name

STACK = SimpleNamespace(
    functions=dict.fromkeys(("Identity/SuspendUser", "Commerce/StripeWebhook", "Recovery/StripeWebhook"), "")
)


@pytest.mark.parametrize("name", ["SuspendUser", "Identity/SuspendUser"])
def test_its_own_name_will_do(name):
    assert full_name(name, STACK) == "Identity/SuspendUser"


@pytest.mark.parametrize(
    "name, says",
    [
        (
            "StripeWebhook",
            "2 functions are called StripeWebhook: Commerce/StripeWebhook, Recovery/StripeWebhook",
        ),
        ("Nothing", "0 functions are called Nothing"),
    ],
)
def test_what_is_not_one_function_is_said(name, says):
    with pytest.raises(InvocationError, match=says):
        full_name(name, STACK)
