"""/beheer/: what administrators keep for intervision. Groups and who is in them are not there."""

from django.contrib import admin
from django.http import HttpRequest

from sessions.models import IntervisionPlace, SchoolHoliday


@admin.register(SchoolHoliday)
class SchoolHolidayAdmin(admin.ModelAdmin):
    list_display = ["name", "since", "until"]
    ordering = ["-since"]


@admin.register(IntervisionPlace)
class IntervisionPlaceAdmin(admin.ModelAdmin):
    list_display = ["name", "position"]

    def has_delete_permission(self, request: HttpRequest, obj: IntervisionPlace | None = None) -> bool:
        """Never: the page that refuses to delete would name the groups that meet there."""
        return False
