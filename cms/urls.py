"""All addresses. What people read stands in each language: Dutch with nothing in front, English under /en/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls

from cms.views.account import EditorAccount, people_in_bulk
from cms.views.health import healthz, readyz
from cms.views.mine import mine
from cms.views.pages import home, information
from cms.views.search import search_view
from cms.views.style import style_view
from commitments.views.parties import network_json
from courses.views.documents import document
from courses.views.images import image
from sessions.views.feeds import feed

# One address each: the screens of editors and administrators, what machines read, and files.
urlpatterns = [
    path("cms/account/", require_admin_access(EditorAccount.as_view())),
    path("cms/bulk/parties/person/<slug:action>/", people_in_bulk),
    path("cms/", include(wagtailadmin_urls)),
    path("beheer/", admin.site.urls),
    path("documenten/<int:document_id>/<str:document_filename>", document, name="document"),
    path("documenten/", include(wagtaildocs_urls)),  # after the courses' own way of sending documents, in parts
    path("media/images/<path:path>", image, name="image"),
    path("voortgang.json", network_json, name="network-json"),
    path("agenda/<str:token>.ics", feed, name="feed"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
if settings.DEMO:
    urlpatterns += [path("stijl/", style_view, name="style")]
read: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("mijn/", mine, name="mine"),
    path("zoeken/", search_view, name="search"),
    path("", include("parties.urls")),
    path("", include("courses.urls")),
    path("", include("sessions.urls")),
    path("", include("certificates.urls")),
    path("", include("commitments.urls")),
]
if settings.DEMO:
    read += [path("", include("cms.demo_urls"))]
read += [
    path("<slug:slug>/", information, name="information"),
    path("", include(wagtail_urls)),
]
urlpatterns += i18n_patterns(*read, prefix_default_language=False)
