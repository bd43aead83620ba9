"""The blocks of plain commands in a context's template, between two marks."""

from pathlib import Path

from documents.commands import Command, commands, declared
from documents.contexts import pascal
from documents.marks import between
from troupe.edge.routes import Declaration

BEGIN = "  # --- Plain commands: written by `make generate` from the routes"
END = "  # --- End of the plain commands"


def template(context: str, file: Path) -> str:
    """The template with the blocks as the routes say."""
    every = commands(context)
    blocks = [block(each.declaration, every[each.declaration.name]) for each in declared(context)]
    return between(file, BEGIN, END, "\n" + "\n".join(blocks) + "\n")


def block(declared: Declaration, command: Command) -> str:
    """The function of one plain command."""
    lines = [
        f"  {pascal(command.name)}:",
        "    Type: AWS::Serverless::Function",
        "    Properties:",
        f"      Handler: {command.handler}",
        f"      Role: !GetAtt {declared.role}.Arn",
    ]
    if declared.timeout:
        lines.append(f"      Timeout: {declared.timeout}")
    if declared.path:
        path = f'"{declared.path}"' if "{" in declared.path else declared.path
        route = f"{{ ApiId: !Ref Api, Method: {declared.method}, Path: {path} }}"
        lines.append(f"      Events: {{ Http: {{ Type: HttpApi, Properties: {route} }} }}")
    return "\n".join(lines) + "\n"
