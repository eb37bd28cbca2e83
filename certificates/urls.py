from django.urls import path

from certificates.views import check, mine, programmes

app_name = "certificates"
urlpatterns = [
    path("mijn/bewijzen/", mine.certificates, name="mine"),
    path("bewijzen/<str:number>.pdf", mine.pdf, name="pdf"),
    path("controle/", check.checks, name="checks"),
    path("controle/<str:code>/", check.check, name="check"),
    path("leerroutes/<slug:slug>/", programmes.programme, name="programme"),
]
