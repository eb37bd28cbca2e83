"""Addresses that exist only with DEMO=1."""

app_name = "demo"
urlpatterns: list = []
