from django.urls import path

from sessions.views import (
    answers,
    attendance,
    check_in,
    code,
    feeds,
    materials,
    offers,
    outbox,
    participants,
    planning,
    registration,
    trainings,
)

app_name = "sessions"
urlpatterns = [
    path("trainingen/", trainings.training_list, name="trainings"),
    path("trainingen/nieuw/", planning.training_new, name="training-new"),
    path("trainingen/<int:pk>/", trainings.training_detail, name="training"),
    path("trainingen/<int:pk>/bewerken/", planning.training_edit, name="training-edit"),
    path("trainingen/<int:pk>/openzetten/", planning.training_open, name="training-publish"),
    path("trainingen/<int:pk>/afzeggen/", planning.training_call_off, name="training-cancel"),
    path("trainingen/<int:pk>/inschrijven/", registration.register, name="register"),
    path("trainingen/<int:pk>/uitschrijven/", registration.unregister, name="unregister"),
    path("trainingen/<int:pk>/deelnemers/", participants.participant_list, name="participants"),
    path("trainingen/<int:pk>/deelnemers/toevoegen/", participants.participant_add, name="participant-add"),
    path(
        "trainingen/<int:pk>/deelnemers/<int:registration_pk>/weghalen/",
        participants.participant_remove,
        name="participant-remove",
    ),
    path("trainingen/<int:pk>/deelnemers/bericht/", participants.message, name="message"),
    path("trainingen/<int:pk>/berichten/", outbox.message_list, name="messages"),
    path("trainingen/<int:pk>/berichten/<int:message_pk>/", outbox.message_again, name="message-again"),
    path("trainingen/<int:pk>/aanwezigheid/", attendance.attendance_list, name="attendance"),
    path(
        "trainingen/<int:pk>/aanwezigheid/<int:meeting_pk>/<int:person_pk>/",
        attendance.attendance_row,
        name="attendance-row",
    ),
    path("trainingen/<int:pk>/aanwezigheid/<int:meeting_pk>/nu/", attendance.attendance_now, name="attendance-now"),
    path("trainingen/<int:pk>/aanwezigheid/code/", code.code_screen, name="attendance-code"),
    path("trainingen/<int:pk>/aanwezigheid/sluiten/", attendance.attendance_close, name="attendance-close"),
    path("trainingen/<int:pk>/materiaal/", materials.material_upload, name="materials"),
    path("trainingen/<int:pk>/materiaal/<int:file_pk>/", materials.material_download, name="material"),
    path("trainingen/<int:pk>/materiaal/<int:file_pk>/weghalen/", materials.material_take_away, name="material-remove"),
    path("mijn/agenda/", feeds.own_feed, name="feed"),
    path("aanwezig/", check_in.check_in, name="check_in"),
    path("aanbod/<str:token>/", offers.offer, name="offer"),
    path("antwoord/<str:token>/", answers.answer, name="answer"),
]
