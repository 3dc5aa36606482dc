"""Pages where an administrator keeps units, people and posts, and reads the logs."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from accounts import actions
from accounts.models import AccessLog, Anchor, Department, Membership, SignInAttempt, StandIn, User
from accounts.roles import Role

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Model]
    _Inline = admin.TabularInline[Membership, User]
    _UserAdmin = BaseUserAdmin[User]
else:
    _Admin, _Inline, _UserAdmin = admin.ModelAdmin, admin.TabularInline, BaseUserAdmin


@admin.register(Department)
class DepartmentAdmin(_Admin):
    """单位; a unit is closed, never deleted."""

    list_display = ("code", "name", "kind", "parent", "region", "citywide", "active")
    list_filter = ("kind", "active", "citywide")
    list_select_related = ("parent", "region")
    search_fields = ("code", "name", "short_name", "pinyin", "initials")
    autocomplete_fields = ("parent", "region", "successor")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write the unit by its action."""
        actions.save_department(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep every unit: old tickets name it."""
        return False


class PostInline(_Inline):
    """任职"""

    model = Membership
    extra = 1
    autocomplete_fields = ("department",)
    fields = ("role", "department")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """List the posts that are held for good."""
        return super().get_queryset(request).filter(begins_at=None)


@admin.register(User)
class UserAdmin(_UserAdmin):
    """人员; someone who left is switched off, never deleted."""

    list_display = ("username", "name", "agent_no", "is_active", "last_login")
    list_filter = ("is_active", "memberships__role")
    search_fields = ("username", "name", "agent_no")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("人员", {"fields": ("name", "agent_no", "is_active")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        ("人员", {"fields": ("name", "agent_no")}),
    )
    inlines = (PostInline,)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Write the person by the action."""
        actions.save_user(obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Give and take posts by the action."""
        rows = [row for row in formset.cleaned_data if row and not row.get("DELETE")]
        actions.set_posts(form.instance, {(Role(r["role"]), r["department"]) for r in rows})
        formset.new_objects = formset.changed_objects = formset.deleted_objects = []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep everybody: history names them."""
        return False


@admin.register(StandIn)
class StandInAdmin(_Admin):
    """代理和值班: posts held for a time."""

    list_display = ("user", "role", "department", "begins_at", "ends_at", "reason")
    list_filter = ("role",)
    list_select_related = ("user", "department")
    autocomplete_fields = ("user", "department")
    fields = ("user", "role", "department", "begins_at", "ends_at", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """List the posts that are held for a time."""
        return super().get_queryset(request).exclude(begins_at=None)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write the post by its action."""
        actions.stand_in(obj)


class ReadOnlyAdmin(_Admin):
    """A log: to be read, not to be written."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let nobody add."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody change."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody delete."""
        return False


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnlyAdmin):
    """查阅记录"""

    list_display = ("at", "user", "action", "subject_type", "subject_id", "reason", "ip")
    list_filter = ("action",)
    list_select_related = ("user",)
    search_fields = ("subject_id", "user__username", "user__name", "reason")


@admin.register(SignInAttempt)
class SignInAttemptAdmin(ReadOnlyAdmin):
    """登录记录"""

    list_display = ("at", "username", "ok", "ip")
    list_filter = ("ok",)
    search_fields = ("username", "ip")


@admin.register(Anchor)
class AnchorAdmin(ReadOnlyAdmin):
    """日锚"""

    list_display = ("on", "ledger", "rows", "seal", "at")
    list_filter = ("ledger",)
    date_hierarchy = "on"
