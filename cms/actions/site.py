"""What every installation has, demo or not: the page tree, the eight parties, the five efforts, the two programmes."""

import uuid
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from certificates.actions.programmes import programme_ensure_basic, programme_ensure_intervision
from cms.actions.search import pages_index
from cms.models import HomePage, InformationPage
from commitments.actions.base import efforts_load
from courses.actions.content import body_load, modules_load, routes_load
from courses.models import LegalReviewTask, ModuleIndexPage
from parties.actions.desks import desk_add
from parties.actions.roles import EDITORS, EXPERTS
from parties.languages import LANGUAGES, MAIN
from parties.models import Desk, Party
from sessions.models import EvaluationForm, IntervisionMethod, IntervisionPlace, SchoolHoliday

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
INFORMATION_PAGES = ("over-het-manifest", "waar-kun-je-terecht", "privacy", "toegankelijkheid", "hulp")
LAW_REVIEW = "Goedkeuring van wetteksten"
LAW_TASK = "Deskundige kijkt naar de wetteksten"


@transaction.atomic
def site_ensure() -> HomePage:
    """Makes what is missing and leaves the rest as people changed it. Safe to repeat."""
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    home = _home_ensure()
    translated_homes = [_home_translate(home, locales[code]) for code in LANGUAGES if code != MAIN]
    for one in (home, *translated_homes):
        editors_ensure(one)
    experts_ensure()
    parties_load()
    efforts_load()
    desks_load()
    evaluation_form_ensure()
    intervision_ensure()
    methods_ensure()
    for slug in INFORMATION_PAGES:
        _information_page_ensure(home, slug)
    index = ModuleIndexPage.objects.child_of(home).first()
    if index is None:
        index = home.add_child(instance=ModuleIndexPage(title="Modules", slug="modules"))
        index.save_revision().publish()
    workflow = law_review_ensure(index)
    modules_load(parent=index)
    routes_load(parent=index)
    for translated_home in translated_homes:
        modules_load(parent=_index_translate(index, translated_home, workflow))
    pages_index()
    programme_ensure_basic()
    programme_ensure_intervision()
    return home


def _read(path: str) -> dict:
    return yaml.safe_load((FIXTURES / path).read_text())


def _home_ensure() -> HomePage:
    root = Page.objects.filter(depth=1).first() or Page.add_root(instance=Page(title="Root", slug="root"))
    home = HomePage.objects.in_main_language().child_of(root).first()
    if home is None:
        root.get_children().filter(slug="home").delete()  # Wagtail's own welcome page
        root.refresh_from_db()
        content = _read("pages/home.yaml")
        home = root.add_child(
            instance=HomePage(
                title=content["title"],
                slug="home",
                lead=content["lead"],
                body=body_load(content.get("body", []), namespace="home"),
            )
        )
        home.save_revision().publish()
    address = urlsplit(settings.SITE_URL)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": address.hostname,
            "port": address.port or (443 if address.scheme == "https" else 80),
            "root_page": home,
            "site_name": settings.WAGTAIL_SITE_NAME,
        },
    )
    return home


def _home_translate(home: HomePage, locale: Locale) -> HomePage:
    """The top of the tree of another language, from fixtures/pages/<language>/home.yaml."""
    found = HomePage.objects.filter(translation_key=home.translation_key, locale=locale).first()
    if found is not None:
        return found
    content = _read(f"pages/{locale.language_code}/home.yaml")
    translated = home.get_parent().add_child(
        instance=HomePage(
            title=content["title"],
            slug=f"{home.slug}-{locale.language_code}",
            lead=content["lead"],
            body=body_load(content["body"], namespace="home"),
            translation_key=home.translation_key,
            locale=locale,
        )
    )
    translated.save_revision().publish()
    Site.clear_site_root_paths_cache()  # it has the addresses of this tree from now on
    return translated


def _index_translate(index: ModuleIndexPage, home: HomePage, workflow: Workflow) -> ModuleIndexPage:
    """/modules/ of another language, with the same approval of legal notes, from fixtures/pages/<language>/modules.yaml."""
    found = ModuleIndexPage.objects.filter(translation_key=index.translation_key, locale=home.locale).first()
    if found is not None:
        return found
    content = _read(f"pages/{home.language}/modules.yaml")
    translated = home.add_child(
        instance=ModuleIndexPage(
            title=content["title"],
            slug=index.slug,
            intro=content["intro"],
            translation_key=index.translation_key,
            locale=home.locale,
        )
    )
    translated.save_revision().publish()
    WorkflowPage.objects.create(workflow=workflow, page=translated.page_ptr)
    return translated


def _information_page_ensure(home: HomePage, slug: str) -> None:
    content = _read(f"pages/{slug}.yaml")
    page = InformationPage.objects.child_of(home).filter(slug=slug).first()
    if page is None:
        key = uuid.uuid5(uuid.NAMESPACE_URL, f"gelijkop:{slug}")
        page = home.add_child(instance=_filled(InformationPage(slug=slug, translation_key=key), content))
    elif content.get("shows_places") and not page.shows_places and page.revisions.count() == 1:
        _filled(page, content)  # from before the places were kept apart from the text, and no editor wrote here since
    else:
        return
    page.save_revision().publish()


def _filled(page: InformationPage, content: dict) -> InformationPage:
    page.title = content["title"]
    page.summary = content.get("summary", "")
    page.body = body_load(content["body"], namespace=page.slug)
    page.shows_places = content.get("shows_places", False)
    return page


def editors_ensure(home: Page) -> Group:
    """The group that an editor's role puts somebody in: pages and images, nothing about people."""
    group, _ = Group.objects.get_or_create(name=EDITORS)
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
        *Permission.objects.filter(content_type__app_label="courses", codename__in=["add_course", "change_course"]),
        Permission.objects.get(content_type__app_label="meetings", codename="change_evaluationform"),
        *Permission.objects.filter(
            content_type__app_label="certificates", codename__in=["add_programme", "change_programme"]
        ),
    )
    group.permissions.add(
        Permission.objects.get(content_type__app_label="simple_translation", codename="submit_translation")
    )
    for codename in ("add_page", "change_page", "publish_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page=home.page_ptr, permission=permission)
    root = Collection.get_first_root_node()
    for kind in ("image", "document"):
        for verb in ("add", "change", "choose"):
            permission = Permission.objects.get(
                content_type__app_label=f"wagtail{kind.replace('document', 'doc')}s", codename=f"{verb}_{kind}"
            )
            GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)
    return group


def desks_load() -> None:
    """The places where everyone can turn to, from fixtures/desks.yaml, as long as there are none."""
    if not Desk.objects.of(None).exists():
        for entry in _read("desks.yaml"):
            desk_add(party=None, values=entry, by=None)


def evaluation_form_ensure() -> None:
    """What participants are asked after a training, from fixtures/evaluation.yaml, as long as there is nothing."""
    if not EvaluationForm.objects.exists():
        content = _read("evaluation.yaml")
        practice = content["practice"]
        form = EvaluationForm(practice_nl=practice["nl"], practice_en=practice["en"])
        form.questions = form.questions.stream_block.to_python(content["questions"])
        form.full_clean()
        form.save()


def intervision_ensure() -> None:
    """Places and school holidays from fixtures/intervision.yaml, each as long as there are none."""
    content = _read("intervision.yaml")
    if not IntervisionPlace.objects.exists():
        IntervisionPlace.objects.bulk_create(
            IntervisionPlace(name=name, position=position) for position, name in enumerate(content["places"])
        )
    if not SchoolHoliday.objects.exists():
        SchoolHoliday.objects.bulk_create(SchoolHoliday(**values) for values in content["holidays"])


def methods_ensure() -> None:
    """The methods of fixtures/intervision_methods.yaml, as long as there are none; after that they are the editors'."""
    if IntervisionMethod.objects.exists():
        return
    for values in _read("intervision_methods.yaml"):
        method = IntervisionMethod(**values | {"steps": [("step", step) for step in values["steps"]]})
        method.full_clean()
        method.save()


def experts_ensure() -> Group:
    """The group that an expert's role puts somebody in: they enter /cms/ and see there what waits for them, no more."""
    group, _ = Group.objects.get_or_create(name=EXPERTS)
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    return group


def law_review_ensure(index: ModuleIndexPage) -> Workflow:
    """The workflow by which legal notes get approved, on all modules; what an administrator changed in it stays."""
    workflow, created = Workflow.objects.get_or_create(name=LAW_REVIEW)
    if created:
        task = LegalReviewTask.objects.create(name=LAW_TASK)
        task.groups.add(experts_ensure())
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        WorkflowPage.objects.create(workflow=workflow, page=index.page_ptr)
    return workflow


def parties_load() -> None:
    """The eight signatories, in the manifest's order, from fixtures/parties.yaml; texts that people changed stay."""
    for entry in _read("parties.yaml"):
        Party.objects.get_or_create(
            slug=entry["slug"],
            defaults={key: entry[key] for key in ("name", "position", "kind", "intro")},
        )
