"""Starting and stopping the local stack: emulators, deployment, sender of mails, first operator.

`up` is safe to repeat: running emulators are used again, what did not change is not deployed again. For tests
that want a stack of their own, `up(folder=..., application=...)` and `down(folder)` work beside any other
stack.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from local.places import state_folder
from local.stack import mailbox, ministack, simulator_server, travel
from local.stack.deployment import Application, Say, Surroundings, bring_up_to_date
from local.stack.fingerprint import Deployed
from local.stack.ports import emulator_port, free_port
from local.stack.processes import Server
from local.stack.resources import of_kind, outputs_of, parameters_of, resources_of
from local.stack.seeding import Operator, create_operator, verify_sender, write_secret

FUNCTION = "AWS::Lambda::Function"
STATE_MACHINE = "AWS::StepFunctions::StateMachine"
OPERATOR_MAKER = "Identity/CreateOperator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A running stack, as stack.json has it."""

    api_url: str
    docs_url: str = ""
    mailbox_page_url: str = ""
    mailbox_url: str
    """The mails as JSON."""
    operator: Operator | None
    aws_endpoint_url: str
    region: str
    stripe_url: str
    clock_file: str = ""
    stack_name: str
    table_name: str | None
    event_bus_name: str | None
    state_machines: dict[str, str]
    functions: dict[str, str]

    def client(self, service: str) -> Any:
        """A boto3 client with the rights of the emulator's root."""
        return ministack.client(service, self.aws_endpoint_url)

    def write(self, folder: Path) -> None:
        part = folder / "stack.json.part"
        part.touch(mode=0o600)
        part.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        part.rename(folder / "stack.json")

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        try:
            known = json.loads((folder / "stack.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        operator = known.pop("operator")
        return cls(**known, operator=Operator(**operator) if operator else None)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One at a time for each state folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def servers(folder: Path) -> tuple[Server, Server, Server]:
    """MiniStack, Stripe and the mailbox, running or not."""
    return (
        ministack.server(folder),
        simulator_server.server(folder),
        mailbox.server(folder),
    )


def start_servers(folder: Path, say: Say) -> Surroundings:
    """What runs when those that did not are started, side by side."""
    aws, stripe, _ = servers(folder)
    for server in (aws, stripe):
        server.stop_if_outdated()
    if aws.running_url() is None:
        say("starting MiniStack")
        begin_anew(folder)
        ministack.start(os.environ, folder, emulator_port())
    if stripe.running_url() is None:
        say("starting the simulated Stripe")
        simulator_server.start(os.environ, folder, free_port())
    return Surroundings(
        aws_url=aws.wait_until_ready(),
        stripe_url=stripe.wait_until_ready(),
        clock_file=travel.clock_file(folder),
    )


def start_mailbox(folder: Path, messages_url: str) -> str:
    """Where the mails of this emulator can be read."""
    server = mailbox.server(folder)
    server.stop_if_outdated()
    if server.running_url() is None:
        mailbox.start(folder, free_port(), messages_url)
    return server.wait_until_ready()


def begin_anew(folder: Path) -> None:
    """Forget what was true of the last stack: where it was, its time, its payments and its mails."""
    (folder / "stack.json").unlink(missing_ok=True)
    travel.reset(folder)
    simulator_server.server(folder).stop()
    mailbox.server(folder).stop()


def described(application: Application, around: Surroundings) -> Stack:
    """The deployed stack as it is now, without its operator."""
    aws_url = around.aws_url
    name, stacks = application.stack_name(), ministack.client("cloudformation", aws_url)
    resources = list(resources_of(stacks, name))
    outputs = outputs_of(stacks, name)
    return Stack(
        api_url=ministack.api_url(aws_url),
        docs_url=f"{ministack.api_url(aws_url)}/docs",
        aws_endpoint_url=aws_url,
        region=ministack.REGION,
        stack_name=name,
        table_name=outputs.get("TableName"),
        event_bus_name=outputs.get("EventBusName"),
        state_machines={one.logical_id: one.physical_id for one in of_kind(resources, STATE_MACHINE)},
        functions={one.name: one.physical_id for one in of_kind(resources, FUNCTION)},
        stripe_url=around.stripe_url,
        clock_file=str(around.clock_file.absolute()),
        mailbox_url=f"{aws_url}/_ministack/ses/messages",
        operator=None,
    )


def seeded(stack: Stack, folder: Path, say: Say) -> Stack:
    """With a verified sender of mails, Stripe and the first operator."""
    stacks = stack.client("cloudformation")
    if sender := parameters_of(stacks, stack.stack_name).get("MailFrom"):
        verify_sender(stack.client("sesv2"), sender)
    if secret := outputs_of(stacks, stack.stack_name).get("StripeSecretArn"):
        write_secret(stack.client("secretsmanager"), secret, simulator_server.SECRET)
        simulator_server.introduce(stack.stripe_url, stack.api_url)
        simulator_server.set_clock(stack.stripe_url, travel.now(folder))
    function = stack.functions.get(OPERATOR_MAKER)
    if function is None:
        return stack
    operator, known = Operator.kept(folder), Stack.read(folder)
    if known is None or known.operator != operator:
        say("creating the first operator")
        create_operator(stack.client("lambda"), function, operator)
    return replace(stack, operator=operator)


def up(folder: Path | None = None, application: Application | None = None, say: Say = print) -> Stack:
    """Starts what does not run and deploys what changed."""
    folder, application = folder or state_folder(), application or Application()
    with alone(folder):
        around = start_servers(folder, say)
        bring_up_to_date(application, os.environ, folder, around, say)
        stack = seeded(described(application, around), folder, say)
        stack = replace(stack, mailbox_page_url=start_mailbox(folder, stack.mailbox_url))
        stack.write(folder)
    return stack


def status(folder: Path | None = None) -> dict[str, str | None]:
    """Where each server listens; None for one that does not run."""
    folder = folder or state_folder()
    return {one.name: one.running_url() for one in servers(folder)}


def down(folder: Path | None = None) -> list[str]:
    """Ends the servers that `up` started; the names of those that ran."""
    folder = folder or state_folder()
    with alone(folder):
        (folder / "stack.json").unlink(missing_ok=True)
        Deployed.forget(folder)
        return [one.name for one in servers(folder) if one.stop()]
