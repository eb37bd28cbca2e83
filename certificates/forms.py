from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.codes import is_code, is_number, read_typed


class CodeForm(forms.Form):
    """What somebody reads from a certificate and types. Cleans to the code without dashes."""

    code = forms.CharField(
        label=_("Code on the certificate"),
        max_length=60,
        help_text=_(
            "Twelve letters and digits in three groups, for example K3F7-9QWX-2M4P. Capitals and dashes do not matter."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={
            "required": _("Type the code. It stands at the bottom of the certificate, beside the QR code.")
        },
    )

    def clean_code(self) -> str:
        read = read_typed(self.cleaned_data["code"])
        if is_number(read):
            raise forms.ValidationError(
                _("This is the number. Type the code that stands below it: three groups of four letters and digits.")
            )
        if not is_code(read):
            raise forms.ValidationError(
                _(
                    "This is not a whole code. A code has twelve letters and digits, without the letters O and I and without 0 and 1."
                )
            )
        return read
