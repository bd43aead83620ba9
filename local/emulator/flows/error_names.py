"""A handler's exception under its own name, from a worker that outlives it.

MiniStack reports every exception as Runtime.HandlerError, so that Retry and Catch by name never match in a
flow, and kills the worker, so that the next call is a cold start.
"""

from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

REPORTED = (
    "_real_stdout.write(json.dumps("
    '{"status": "error", "error": str(e), "trace": traceback.format_exc()}) + "\\n")'
)
NAMED = (
    "traceback.print_exc(); _real_stdout.write(json.dumps("
    '{"status": "ok", "result": {"__raised__": {"errorMessage": str(e), "errorType": type(e).__name__, '
    '"requestId": context.aws_request_id, "stackTrace": traceback.format_tb(e.__traceback__)[1:]}}}) + "\\n")'
)

if REPORTED not in lambda_runtime._PYTHON_WORKER_SCRIPT:
    raise ImportError("MiniStack's worker script is another one: see local/emulator/flows/error_names.py")
lambda_runtime._PYTHON_WORKER_SCRIPT = lambda_runtime._PYTHON_WORKER_SCRIPT.replace(REPORTED, NAMED)

execute_warm = lambda_svc._execute_function_warm


def execute_named(*args: Any, **options: Any) -> dict[str, Any]:
    result = execute_warm(*args, **options)
    match result.get("body"):
        case {"__raised__": raised}:
            return {**result, "body": raised, "error": True}
        case _:
            return result


lambda_svc._execute_function_warm = execute_named
