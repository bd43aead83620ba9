"""What a deployed stack consists of, its nested stacks included."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

NESTED = "AWS::CloudFormation::Stack"


@dataclass(frozen=True, slots=True)
class Resource:
    """`path` names the nested stacks above it, the root left out: ("Identity",)."""

    path: tuple[str, ...]
    logical_id: str
    kind: str
    physical_id: str

    @property
    def name(self) -> str:
        """Unique in the stack: "Publisher", "Identity/SuspendUser"."""
        return "/".join((*self.path, self.logical_id))


def resources_of(
    stacks: "CloudFormationClient", stack: str, path: tuple[str, ...] = ()
) -> Iterator[Resource]:
    for page in stacks.get_paginator("list_stack_resources").paginate(StackName=stack):
        for summary in page["StackResourceSummaries"]:
            one = Resource(
                path, summary["LogicalResourceId"], summary["ResourceType"], summary["PhysicalResourceId"]
            )
            yield one
            if one.kind == NESTED:
                yield from resources_of(stacks, one.physical_id, (*path, one.logical_id))


def of_kind(resources: Iterable[Resource], kind: str) -> list[Resource]:
    return [one for one in resources if one.kind == kind]


def parameters_of(stacks: "CloudFormationClient", stack: str) -> dict[str, str]:
    described = stacks.describe_stacks(StackName=stack)["Stacks"][0]
    return {one["ParameterKey"]: one["ParameterValue"] for one in described.get("Parameters", [])}


def outputs_of(stacks: "CloudFormationClient", stack: str) -> dict[str, str]:
    described = stacks.describe_stacks(StackName=stack)["Stacks"][0]
    return {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", [])}
