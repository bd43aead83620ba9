"""The methods of each path of a context, which its queries function tells who asks for another."""

from documents.contexts import Context, Route, routes


def methods(context: Context) -> dict[str, list[str]]:
    """By the path without the context's prefix."""
    found: dict[str, set[str]] = {}
    for route in routes(context):
        path = route.path.removeprefix(f"/v1/{context.name}")
        found.setdefault(path, set()).update(_methods(route))
    return {path: sorted(each) for path, each in sorted(found.items())}


def _methods(route: Route) -> set[str]:
    """HEAD is answered where GET only reads."""
    read = route.method == "GET" and route.operation.reads_only
    return {route.method, *(["HEAD"] if read else [])}
