"""Addresses that exist only with DEMO=1."""

from django.urls import path

from cms.views import demo
from parties.views.demo import demo_sign_in

urlpatterns = [
    path("demo/", demo.tour, name="demo-tour"),
    path("demo/inloggen/", demo_sign_in, name="demo-sign-in"),
    path("demo/postbus/", demo.mailbox, name="demo-mailbox"),
    path("demo/postbus/<str:name>.eml", demo.mail_file, name="demo-mail"),
]
