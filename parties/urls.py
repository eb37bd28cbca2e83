from django.urls import URLPattern, URLResolver, include, path

from parties.views import desks, details, hr, organisations, sign_in

desk_pages = [  # of a party, and without a slug those for everyone
    path("", desks.desks, name="desks"),
    path("nieuw/", desks.desk_new, name="desk-new"),
    path("<int:pk>/", desks.desk_edit, name="desk"),
    path("<int:pk>/verplaatsen/", desks.desk_order, name="desk-order"),
    path("<int:pk>/weg/", desks.desk_delete, name="desk-delete"),
]
own: list[URLPattern | URLResolver] = [
    path("inloggen/wachtwoord/", sign_in.sign_in_password, name="sign-in-password"),
    path("mijn/gegevens/", details.details, name="details"),
    path("mijn/gegevens/adres/", details.address_new, name="address-new"),
    path("mijn/gegevens/adres/code/", details.address_code, name="address-code"),
    path("mijn/gegevens/adres/<int:pk>/", details.address_change, name="address-change"),
    path("mijn/gegevens/wachtwoord/", details.password, name="password"),
    path("mijn/werkplek/", details.workplace, name="workplace"),
    path("mijn/werkplek/<int:pk>/stoppen/", details.workplace_end, name="workplace-end"),
    path("organisaties/<slug:slug>/bevestigen/", hr.confirm, name="confirm"),
    path("organisaties/<slug:slug>/import/", hr.roster, name="roster"),
    path("organisaties/<slug:slug>/import/<int:pk>/", hr.preview, name="roster-preview"),
    path("partijen/<slug:slug>/organisaties/", organisations.organisations, name="organisations"),
    path("partijen/<slug:slug>/organisaties/nieuw/", organisations.organisation_new, name="organisation-new"),
    path("partijen/<slug:slug>/organisaties/aansluiten/", organisations.affiliation_new, name="affiliation-new"),
    path("partijen/<slug:slug>/organisaties/<int:pk>/stoppen/", organisations.affiliation_stop, name="affiliation-end"),
    path("partijen/<slug:slug>/organisaties/<slug:organisation>/hr/", organisations.hr_contact, name="hr-contact"),
    path("partijen/<slug:slug>/waar-kun-je-terecht/", include(desk_pages)),
    path("waar-kun-je-terecht/plekken/", include(desk_pages)),
]

urlpatterns = [
    path("", include((own, "parties"))),
    # allauth looks these up under its own names
    path("inloggen/", sign_in.sign_in, name="account_login"),
    path("inloggen/code/", sign_in.sign_in_code, name="account_confirm_login_code"),
    path("uitloggen/", sign_in.sign_out, name="account_logout"),
]
