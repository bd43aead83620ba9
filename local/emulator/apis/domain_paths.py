"""Under a custom domain every path is the API's own.

MiniStack answers /health (and Cognito's /login and the like) itself, for every host.
"""

from typing import Any

from ministack import app

OWN = "/_ministack/"

handle_before_body = app._handle_pre_body_request


async def handle_own(method: str, path: str, headers: dict[str, str], *rest: Any) -> Any:
    domain = app._resolve_custom_domain_request(headers.get("host", ""), path)
    if domain is not None and not path.startswith(OWN):
        return None
    return await handle_before_body(method, path, headers, *rest)


app._handle_pre_body_request = handle_own
