"""Starts MiniStack with every gap mended: python -m local.emulator, in MiniStack's environment."""

from importlib import import_module

from local.emulator.server import serve

MENDED = (
    "access_logs",
    "async_invokes",
    "batch_permissions",
    "called_resources",
    "domain_paths",
    "error_names",
    "executions",
    "filter_patterns",
    "http_bodies",
    "idle_workers",
    "invocation_queue",
    "isolation",
    "layers",
    "leading_keys",
    "log_wait",
    "nested_stacks",
    "policy_variables",
    "principal_arn",
    "resource_types",
    "schedules",
    "sdk_calls",
    "secure_transport",
    "streams",
    "task_tokens",
    "ttl",
    "waits",
    "yaml_definitions",
)

if __name__ == "__main__":
    for name in MENDED:
        import_module(f"local.emulator.{name}")
    serve()
