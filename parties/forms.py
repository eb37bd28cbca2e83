from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from parties.models import Desk, Membership, Organisation, Party, Person, Side
from parties.periods import today

MOST_ADDRESSES = 5


class AddressField(forms.EmailField):
    """A mail address, lower case."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"})
        messages = {
            "required": _("Fill in a mail address."),
            "invalid": _("This is not a mail address. Write it like name@organisation.nl."),
        }
        super().__init__(**{"label": _("Mail address"), "widget": widget, "error_messages": messages, **kwargs})

    def clean(self, value: Any) -> str:
        return super().clean(value).lower()


class SignInForm(forms.Form):
    email = AddressField()


class PasswordSignInForm(forms.Form):
    email = AddressField()
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Fill in your password.")},
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of 6 digits"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-input"}),
        error_messages={"required": _("Fill in the code from the mail.")},
    )

    def clean_code(self) -> str:
        return "".join(sign for sign in self.cleaned_data["code"] if sign.isdigit())


class DetailsForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ["name", "language"]
        labels = {"name": _("Your name"), "language": _("Language of mails")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].error_messages["required"] = _("Fill in your name.")


class AddAddressForm(forms.Form):
    email = AddressField(label=_("Another mail address"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        """Says nothing of addresses of others: whether one is taken shows only to who reads its mail."""
        email = self.cleaned_data["email"]
        own = EmailAddress.objects.filter(user=self.person)
        if own.filter(email=email).exists():
            raise forms.ValidationError(_("You have this address already."))
        if own.count() >= MOST_ADDRESSES:
            raise forms.ValidationError(_("You have %(most)d addresses. Remove one first.") % {"most": MOST_ADDRESSES})
        return email


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least 12 characters. A few words in a row are easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Fill in a password.")},
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password


class WorkplaceForm(forms.Form):
    """Where somebody works and on which side; asks their name when we do not have it yet."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("So that your organisation knows who you are."),
        error_messages={"required": _("Fill in your name.")},
    )
    side = forms.ChoiceField(
        label=_("From where do you supervise interns?"),
        choices=[(Side.SCHOOL, _("From school")), (Side.WORKPLACE, _("From the workplace"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose from where you supervise.")},
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if person.name:
            del self.fields["name"]


class RosterForm(forms.Form):
    file = forms.FileField(
        label=_("Your list, from Excel or as CSV"),
        help_text=_(
            "One row a person. Columns: name, e-mail, personnel number, department, job title, side, from, until."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,text/csv"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty."),
        },
    )
    complete = forms.BooleanField(
        label=_("This is the complete list"),
        required=False,
        help_text=_(
            "Whoever an earlier list brought in and who is not on this one, has left. You see who before it counts."
        ),
    )


class NewOrganisationForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=200, error_messages={"required": _("Fill in the name of the organisation.")}
    )
    place = forms.CharField(label=_("Place"), max_length=100, required=False)
    default_side = forms.ChoiceField(
        label=_("From where do its people supervise?"),
        choices=[(Side.SCHOOL, _("From school")), (Side.WORKPLACE, _("From the workplace"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose from where its people supervise.")},
    )

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if Organisation.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError(
                _("This organisation exists already. Search for it below and let it join your party.")
            )
        return name


class AffiliationForm(forms.Form):
    """An organisation that exists joins the party."""

    organisation = forms.ModelChoiceField(queryset=Organisation.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, party: Party, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.not_affiliated(party, today())


class HrContactForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150, error_messages={"required": _("Fill in a name.")})
    email = AddressField(label=_("Work address"))


class DeskForm(forms.ModelForm):
    url = forms.URLField(
        label=_("Address of a page"),
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("This is not the address of a page. Write it like https://organisation.nl/page.")},
    )

    class Meta:
        model = Desk
        fields = ["name", "for_whom", "offer", "phone", "email", "url", "hours"]
        labels = {
            "name": _("Name of this place"),
            "for_whom": _("For whom"),
            "offer": _("What they do"),
            "phone": _("Phone number"),
            "email": _("Mail address"),
            "hours": _("When they can be reached"),
        }
        help_texts = {
            "name": _("Such as: confidential adviser, or: desk for social safety."),
            "for_whom": _("Such as: students in mbo, or: everyone who works here."),
            "offer": _("In plain words: who listens, what happens then, and whether anything is passed on."),
            "hours": _("Such as: on working days from 9.00 to 17.00."),
        }
        widgets = {
            "offer": forms.Textarea(attrs={"rows": 4}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        }
        error_messages = {
            "name": {"required": _("Fill in a name.")},
            "for_whom": {"required": _("Fill in for whom this place is.")},
            "offer": {"required": _("Fill in what they do.")},
            "email": {"invalid": _("This is not a mail address. Write it like name@organisation.nl.")},
        }


class AnswerForm(forms.Form):
    """Yes or no to somebody who says that they work here."""

    membership = forms.ModelChoiceField(queryset=Membership.objects.none())
    answer = forms.ChoiceField(choices=[("confirm", ""), ("decline", "")])

    def __init__(self, *args: Any, waiting: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"].queryset = waiting
