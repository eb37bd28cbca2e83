from django.urls import path

from commitments.views import parties, people, promises, seats

app_name = "commitments"
urlpatterns = [
    path("partijen/", parties.party_list, name="parties"),
    path("partijen/<slug:slug>/", parties.party_page, name="party"),
    path("partijen/<slug:slug>/toezeggingen/nieuw/<int:effort>/", promises.promise_new, name="promise-new"),
    path("partijen/<slug:slug>/toezeggingen/<int:pk>/", promises.promise_edit, name="promise"),
    path("partijen/<slug:slug>/toezeggingen/<int:pk>/bewijs/", promises.evidence, name="evidence"),
    path(
        "partijen/<slug:slug>/toezeggingen/<int:pk>/bewijs/<int:evidence_pk>/weg/",
        promises.evidence_delete,
        name="evidence-delete",
    ),
    path("voortgang/", parties.network_page, name="network"),
    path("organisaties/<slug:slug>/", people.organisation_page, name="staff"),
    path("organisaties/<slug:slug>/inschrijven/", seats.training_choice, name="training-choice"),
    path("organisaties/<slug:slug>/inschrijven/<int:pk>/", seats.sign_up, name="sign-up"),
]
