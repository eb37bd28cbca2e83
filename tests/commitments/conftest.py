import pytest
from wagtail.models import Locale, Page, Site


@pytest.fixture
def site(db: None) -> Site:
    """What Wagtail's own migrations make: a locale, a root page and a site."""
    Locale.objects.get_or_create(language_code="nl")
    root = Page.objects.filter(depth=1).first() or Page.add_root(instance=Page(title="Root", slug="root"))
    return Site.objects.create(hostname="testserver", root_page=root, is_default_site=True)
