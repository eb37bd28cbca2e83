from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms.views.health import healthz, readyz
from cms.views.mine import mine
from cms.views.search import search_view

urlpatterns = [
    path("cms/", include(wagtailadmin_urls)),
    path("beheer/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("mijn/", mine, name="mine"),
    path("zoeken/", search_view, name="search"),
    path("", include("parties.urls")),
    path("", include("courses.urls")),
    path("documenten/", include(wagtaildocs_urls)),  # after the courses' own way of sending documents, in parts
    path("", include("sessions.urls")),
    path("", include("certificates.urls")),
    path("", include("commitments.urls")),
]
if settings.DEMO:
    urlpatterns += [path("", include("cms.demo_urls"))]
urlpatterns += [path("", include(wagtail_urls))]
