"""State machine definitions in YAML.

MiniStack keeps the text as it is and reads it as JSON at the first execution: "Could not parse state machine
definition".
"""

import json
from typing import Any

import yaml
from ministack.services.cloudformation import provisioners

definition_of = provisioners._sfn_definition


def definition_as_json(props: dict[str, Any]) -> str:
    return json.dumps(yaml.safe_load(definition_of(props)))


provisioners._sfn_definition = definition_as_json
