"""Roles and permissions as they are shown."""

from pydantic import BaseModel


class RoleView(BaseModel, frozen=True):
    id: str
    name: str
    description: str | None = None
    permissions: tuple[str, ...]
    built_in: bool
    assignable: bool  # the others follow from what kind of principal one is


class RoleList(BaseModel, frozen=True):
    items: tuple[RoleView, ...]


class PermissionView(BaseModel, frozen=True):
    name: str
    resource: str
    action: str
    description: str
    grantable: bool  # by a tenant's own roles


class PermissionList(BaseModel, frozen=True):
    items: tuple[PermissionView, ...]
