"""Starts MiniStack with every gap mended: python -m local.emulator, in MiniStack's environment."""

from importlib import import_module

from local.emulator.server import serve

MENDED = (
    "apis.access_logs",
    "workers.async_invokes",
    "access.batch_permissions",
    "stacks.called_resources",
    "concurrency_numbers",
    "conflicts",
    "apis.domain_paths",
    "flows.error_names",
    "flows.executions",
    "filter_patterns",
    "apis.http_bodies",
    "workers.idle_workers",
    "workers.invocation_queue",
    "workers.isolation",
    "workers.layers",
    "access.leading_keys",
    "log_wait",
    "stacks.nested_stacks",
    "access.policy_variables",
    "access.principal_arn",
    "stacks.resource_types",
    "schedules",
    "flows.sdk_calls",
    "access.secure_transport",
    "streams",
    "flows.task_tokens",
    "ttl",
    "flows.waits",
    "flows.yaml_definitions",
)

if __name__ == "__main__":
    for name in MENDED:
        import_module(f"local.emulator.{name}")
    serve()
