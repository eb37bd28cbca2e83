"""The accounts of the demo; they exist only where DEMO is 1."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Account:
    """``description`` says in words what this person is and does."""

    email: str
    name: str
    description: Promise


ACCOUNTS = (
    Account("school@demo.example", "Yasmina Bouali", _("supervisor (school) at ROC Mondriaan, nothing done yet")),
    Account("werkplek@demo.example", "Ruben de Graaf", _("supervisor (workplace) at a small company, halfway")),
    Account("trainer@demo.example", "Femke Adriaansen", _("trainer")),
    Account("gespreksleider@demo.example", "Sunil Ramdin", _("facilitator of two intervision groups")),
    Account("hr@demo.example", "Marjan Postma", _("HR of ROC Mondriaan")),
    Account("coordinator@demo.example", "Emre Yıldız", _("coordinator of the party ROC Mondriaan")),
    Account("netwerk@demo.example", "Charlotte van Rijn", _("network coordinator")),
    Account("redactie@demo.example", "Noor Haddad", _("editor")),
    Account("deskundige@demo.example", "Tessa Vermeulen", _("expert in law, who approves legal notes")),
    Account("beheer@demo.example", "Bas Willemse", _("administrator")),
)
