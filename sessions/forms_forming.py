"""What is filled in while groups form."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parties.forms import AddressField
from parties.models import Person
from sessions.actions.forming import GroupFacts
from sessions.forms import RegisterForm
from sessions.models import (
    LARGEST,
    SMALLEST,
    GroupMember,
    IntervisionGroup,
    IntervisionPlace,
    IntervisionWish,
    KeptApart,
    Slot,
)

MOST_APART = 20


def slot_choices() -> list[tuple[str, str]]:
    """The fixed times as they begin a line: in Dutch a weekday has no capital inside one."""
    return [(slot.value, capfirst(str(slot.label))) for slot in Slot]


class GroupForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("Only the members and you see it. Name no company, school or person in it."),
        error_messages={"required": _("Fill in a name.")},
    )
    place = forms.ModelChoiceField(
        label=_("Place"), queryset=IntervisionPlace.objects.all(), required=False, empty_label=_("Online")
    )
    slot = forms.ChoiceField(
        label=_("Fixed time"), choices=lambda: [("", _("Not known yet")), *slot_choices()], required=False
    )
    size = forms.TypedChoiceField(
        label=_("Number of places"),
        choices=[(size, size) for size in range(SMALLEST, LARGEST + 1)],
        coerce=int,
        initial=LARGEST,
        help_text=_("You are not counted. A group of five to eight works best."),
    )
    reply_to = AddressField(
        label=_("Mail address for questions"),
        required=False,
        help_text=_("Members see this address, and their answers go to it."),
    )
    is_open = forms.BooleanField(
        label=_("Others can ask for a place"),
        required=False,
        help_text=_("Who looks for a group then reads where and when this one meets, without its name and without its members. You decide who gets a place."),
    )  # fmt: skip

    def facts(self) -> GroupFacts:
        return GroupFacts(**self.cleaned_data)

    @staticmethod
    def initial_of(group: IntervisionGroup) -> dict[str, Any]:
        return {name: getattr(group, name) for name in GroupFacts.__dataclass_fields__}


class AddressLinesField(forms.CharField):
    """Mail addresses, each on a line of its own or after a comma; cleans to a list in lower case, each once."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"})
        super().__init__(required=False, widget=widget, **options)

    def clean(self, value: Any) -> list[str]:
        lines = super().clean(value).replace(",", "\n").replace(";", "\n").splitlines()
        addresses = list(dict.fromkeys(line.strip().lower() for line in lines if line.strip()))
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(
                    _("“%(address)s” is not a mail address. Write each on a line of its own."),
                    params={"address": address},
                ) from None
        if len(addresses) > MOST_APART:
            raise ValidationError(_("Fill in at most %(most)s addresses."), params={"most": MOST_APART})
        return addresses


class WishForm(RegisterForm):
    """What somebody looks for. ``membership`` is asked of who works at several places."""

    online = forms.BooleanField(label=_("Online"), required=False)
    places = forms.ModelMultipleChoiceField(
        label=_("Places where you can come"),
        queryset=IntervisionPlace.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    slots = forms.MultipleChoiceField(
        label=_("When can you usually come?"),
        choices=slot_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick as many as you can: the more times, the sooner there is a group."),
        error_messages={"required": _("Choose at least one time.")},
    )
    manager = AddressLinesField(
        label=_("Mail addresses of your manager, and of people whose manager you are (optional)"),
        help_text=_("They never come into a group with you. They do not hear that you filled this in."),
    )
    same_student = AddressLinesField(
        label=_("Mail addresses of people who supervise or assess the same student (optional)"),
        help_text=_("They never come into a group with you either."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "places" in data and not data.get("online") and not data["places"]:
            self.add_error("online", _("Choose online, a place, or both."))
        for address in {*data.get("manager", [])} & {*data.get("same_student", [])}:
            self.add_error(
                "same_student", ValidationError(_("“%(address)s” stands in both lists."), params={"address": address})
            )
        return data

    def apart(self) -> list[tuple[str, str]]:
        return [(address, kind) for kind in KeptApart.Kind.values for address in self.cleaned_data[kind]]

    @staticmethod
    def initial_of(person: Person, wish: IntervisionWish | None) -> dict[str, Any]:
        declared = KeptApart.objects.filter(person=person, other=None).order_by("pk").values_list("kind", "address")
        listed = {
            kind: "\n".join(address for its_kind, address in declared if its_kind == kind)
            for kind in KeptApart.Kind.values
        }
        if wish is None:
            return listed
        return listed | {
            "membership": wish.membership_id,
            "online": wish.online,
            "places": wish.places.all(),
            "slots": [row.slot for row in wish.slots.all()],
        }


class InviteForm(forms.Form):
    address = AddressField(help_text=_("We mail a link to this address. Who reads it decides."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].widget.attrs["autocomplete"] = "off"


class HandOverForm(forms.Form):
    address = AddressField(label=_("Mail address of the other facilitator"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].widget.attrs["autocomplete"] = "off"


class FellowField(forms.ModelChoiceField):
    def label_from_instance(self, obj: GroupMember) -> str:
        return obj.person.name or gettext("Name not filled in")


class ApartForm(forms.Form):
    other = FellowField(
        label=_("Who?"),
        queryset=GroupMember.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose a member.")},
    )
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=KeptApart.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is.")},
    )

    def __init__(self, *args: Any, member: GroupMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["other"])
        fellows = member.group.members.current().exclude(pk=member.pk)
        field.queryset = fellows.select_related("person").order_by("person__name", "pk")
