"""Tables of figures on their way, for moderators: what was given up, and another try."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.admin import DecidingAdmin
from accounts.http import signed_in_member
from evaluation.models import UpdateUpload
from evaluation.services.upload_steps import retry_upload


@admin.register(UpdateUpload)
class UpdateUploadAdmin(DecidingAdmin):
    """Who uploaded what and how far it is; what the table says is its member's alone."""

    list_display = ["framework", "member", "state", "attempts", "failure", "asked_at"]
    list_filter = ["state"]
    list_select_related = ["framework", "member"]
    search_fields = ["framework__title", "member__name"]
    date_hierarchy = "created_at"
    fields = [
        *("framework", "member", "state", "attempts", "failure", "is_sent"),
        *("asked_at", "created_at", "done_at"),
    ]
    readonly_fields = ["failure"]
    actions = ["retry"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[UpdateUpload]:
        """Return those that the moderator may have tried again, without their rows."""
        found: QuerySet[UpdateUpload] = super().get_queryset(request)
        mine = UpdateUpload.objects.retryable_by(signed_in_member(request))
        return found.filter(pk__in=mine.values("pk")).defer("rows")

    @admin.display(description=gettext_lazy("Why it was given up"))
    def failure(self, upload: UpdateUpload) -> str:
        return str(upload.report["failure"])

    @admin.action(description=gettext_lazy("Try again"), permissions=["view"])
    def retry(self, request: HttpRequest, queryset: QuerySet[UpdateUpload]) -> None:
        by = signed_in_member(request)
        self.each(request, queryset, lambda row: retry_upload(row, by=by))
