"""The page with the documents is whole from the built artefact and layers alone, without node and without Django."""

import subprocess
import sys

from support.sam_build import built

SERVE = """
import sys
sys.path[:0] = sys.argv[1:]
from root.documents import ASSETS, handler
events = [{"routeKey": f"GET {path}"} for path in ("/openapi.json", "/asyncapi.json", "/health", "/docs")]
events += [{"routeKey": "GET /docs/{asset}", "pathParameters": {"asset": name}} for name in ASSETS]
assert [handler(event, None)["statusCode"] for event in events] == [200] * len(events)
assert "django" not in sys.modules
"""


def test_the_page_is_whole_from_what_is_deployed_alone():
    layers = [built() / name / "python" for name in ("RuntimeLayer", "RootLayer", "SwaggerUiLayer")]
    folders = [str(folder) for folder in (built() / "Documents", *layers)]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", SERVE, *folders], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
