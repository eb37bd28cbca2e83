from django.http import HttpRequest, HttpResponse
from django.urls import path

from sessions.views import answers


def training(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse()


app_name = "sessions"
urlpatterns = [
    path("trainingen/<int:pk>/", training, name="training"),
    path("antwoord/<str:token>/", answers.answer, name="answer"),
]
