"""Nested stacks: their transforms, and the attributes of what an update leaves alone.

MiniStack applies AWS::Serverless and AWS::LanguageExtensions to a root template only, so a nested SAM
application fails with "'list' object has no attribute 'get'"; and an update of a nested stack forgets the
attributes of unchanged resources, so that a sibling's Fn::GetAtt fails with "Requested attribute Arn does not
exist in schema".
"""

from contextvars import ContextVar
from typing import Any

from ministack.services.cloudformation import _stacks, engine, provisioners

parse_template = engine._parse_template
deploy_nested_stack = provisioners._cfn_nested_stack_deploy
update_resource = provisioners._update_resource

given: ContextVar[list[dict[str, str]] | None] = ContextVar("given", default=None)
"""The parameters of the nested stack whose deployment is under way."""


def parse_transformed(body: str) -> Any:
    template, parameters = parse_template(body), given.get()
    if parameters is None:
        return template
    transformed = engine._apply_transforms(template, parameters)
    if isinstance(transformed, engine._TransformFailed):
        raise ValueError(transformed.error)  # noqa: TRY004 (what MiniStack expects)
    return transformed


def deploy_transformed(logical_id: str, props: dict[str, Any], parent: str, **options: Any) -> Any:
    parameters = props.get("Parameters") or {}
    token = given.set([{"Key": k, "Value": "" if v is None else str(v)} for k, v in parameters.items()])
    try:
        return deploy_nested_stack(logical_id, props, parent, **options)
    finally:
        given.reset(token)


def update_remembering(  # noqa: PLR0913, PLR0917 (MiniStack's own signature)
    resource_type: str,
    physical_id: str,
    old: dict[str, Any],
    new: dict[str, Any],
    stack: str,
    logical_id: str | None = None,
    attributes: dict[str, Any] | None = None,
) -> Any:
    if attributes is None:
        resources = (_stacks.get(stack) or {}).get("_resources", {})
        attributes = resources.get(logical_id, {}).get("Attributes")
    return update_resource(resource_type, physical_id, old, new, stack, logical_id, attributes)


engine._parse_template = parse_transformed  # the nested deployment looks it up at each call,
provisioners._cfn_nested_stack_deploy = deploy_transformed  # a root's handlers hold the original
provisioners._update_resource = update_remembering
