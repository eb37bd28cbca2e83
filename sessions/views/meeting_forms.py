"""The forms of meetings on one page, and everything that is not right yet on the forms of a page."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseFormSet, CheckboxSelectMultiple, Form, formset_factory
from django.http import HttpRequest

from sessions.forms import MeetingForm

MOST_MEETINGS = 10


def meeting_formset(
    request: HttpRequest, initial: list[dict[str, Any]], *, spare: int = 0, can_delete: bool = False
) -> BaseFormSet:
    """A form for each of ``initial``, and so many empty ones; bound when something was posted."""
    factory = formset_factory(
        MeetingForm,
        extra=spare,
        max_num=MOST_MEETINGS,
        absolute_max=MOST_MEETINGS,
        validate_max=True,
        can_delete=can_delete,
        can_delete_extra=False,
    )
    return factory(request.POST if request.method == "POST" else None, initial=initial, prefix="meetings")


def shown(formset: BaseFormSet, existing: int) -> list[tuple[Any, bool]]:
    """The forms of meetings, each with whether it is folded away: spare ones in which nothing was typed."""
    return [
        (form, index >= max(1, existing) and not (form.is_bound and form.has_changed()))
        for index, form in enumerate(formset)
    ]


def kept(formset: BaseFormSet) -> list[Any]:
    """The valid forms in which there is a meeting that stays."""
    filled = [one for one in formset if one.has_changed() or one.initial]
    return [one for one in filled if not one.cleaned_data.get("DELETE")]


def error_lines(form: Form) -> list[tuple[str, str]]:
    """(id of the field, sentence) of everything that is not right yet on one form."""
    several = [name for name in form.fields if isinstance(form.fields[name].widget, CheckboxSelectMultiple)]
    return [("", error) for error in form.non_field_errors()] + [
        (f"{form[name].auto_id}_0" if name in several else form[name].auto_id, error)
        for name in form.fields
        for error in form[name].errors
    ]


def place_refusal(refused: ValidationError, form: Form, names: dict[str, str]) -> None:
    """The sentences of an action at the fields of the form; ``names``: where these have another name."""
    found = refused.message_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: refused.messages}
    for field, errors in found.items():
        name = names.get(field, field)
        for error in errors:
            form.add_error(name if name in form.fields else None, error)
