"""CloudFormation types that MiniStack does not know: an archive is made, of the others nothing.

MiniStack refuses a template that names one: "Unrecognized resource types".
"""

import hashlib
import json
from typing import Any

from ministack.services import eventbridge
from ministack.services.cloudformation import provisioners

ACCEPTED = (
    "AWS::Budgets::Budget",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::CodeDeploy::Application",
    "AWS::CodeDeploy::DeploymentGroup",
    "AWS::EventSchemas::Registry",
    "AWS::EventSchemas::Schema",
    "AWS::Events::EventBusPolicy",
    "AWS::XRay::Group",
)


def accept(logical_id: str, _props: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
    name = f"{stack}-{logical_id}"
    return name, {"Arn": f"arn:aws:local:::{name}"}


def forget(_physical_id: str, _props: dict[str, Any]) -> None:
    """Nothing was made."""


def archive_name(logical_id: str, stack: str) -> str:
    """At most 48 characters, as EventBridge wants."""
    digest = hashlib.sha256(f"{stack}{logical_id}".encode()).hexdigest()[:8]
    return f"{stack}-{logical_id}-{digest}"[-48:]


def create_archive(logical_id: str, props: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
    name = props.get("ArchiveName") or archive_name(logical_id, stack)
    pattern = props.get("EventPattern")
    status, _, body = eventbridge._create_archive(
        {
            "ArchiveName": name,
            "EventSourceArn": props["SourceArn"],
            "EventPattern": json.dumps(pattern) if pattern else "",
            "RetentionDays": props.get("RetentionDays", 0),
            "Description": props.get("Description", ""),
        }
    )
    if status >= 400 and "AlreadyExists" not in str(body):  # noqa: PLR2004
        raise ValueError(body)
    arn = f"arn:aws:events:{provisioners.get_region()}:{provisioners.get_account_id()}:archive/{name}"
    return name, {"Arn": arn, "ArchiveName": name}


def delete_archive(physical_id: str, _props: dict[str, Any]) -> None:
    eventbridge._delete_archive({"ArchiveName": physical_id})


for kind in ACCEPTED:
    provisioners._RESOURCE_HANDLERS.setdefault(kind, {"create": accept, "delete": forget})
provisioners._RESOURCE_HANDLERS.setdefault(
    "AWS::Events::Archive", {"create": create_archive, "delete": delete_archive}
)
