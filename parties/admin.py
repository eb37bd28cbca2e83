from django.contrib import admin

from parties.models import Person


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    list_display = ["name", "email", "is_active"]
    search_fields = ["name", "email"]
    fields = ["name", "email", "language", "is_active"]
    readonly_fields = ["email"]
