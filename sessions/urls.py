from django.urls import path

from sessions.views import answers

app_name = "sessions"
urlpatterns = [
    path("antwoord/<str:token>/", answers.answer, name="answer"),
]
