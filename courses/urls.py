from django.urls import path

from courses.models.pages import PAPER
from courses.views import learning, lesson_view, notes, pages

app_name = "courses"
urlpatterns = [
    path("modules/", pages.index, name="modules"),
    path("modules/kijk/", lesson_view.choose, name="lesson_view"),
    path("modules/<slug:module>/", pages.module, name="module"),
    path(f"modules/<slug:module>/{PAPER}/", pages.on_paper, name="paper"),
    path("modules/<slug:module>/<slug:lesson>/", pages.lesson, name="lesson"),
    path("modules/<slug:module>/<slug:lesson>/antwoord/<uuid:block_id>/", learning.answer, name="answer"),
    path("modules/<slug:module>/<slug:lesson>/verder/", learning.onward, name="onward"),
    path("modules/<slug:module>/<slug:lesson>/aantekening/", learning.note, name="note"),
    path("mijn/aantekeningen/", notes.own_texts, name="own-texts"),
    path("mijn/aantekeningen/<int:note>/wissen/", notes.note_gone, name="note-delete"),
    path("mijn/aantekeningen/<uuid:reflection>/wissen/", notes.reflection_gone, name="reflection-delete"),
]
