"""The modules in fixtures/modules/ and the short routes in fixtures/routes/ as pages. Safe to repeat: what an editor changed stays as the editor left it."""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

import yaml
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from courses.actions.files import FIXTURES
from courses.models import Course, CoursePage, LessonPage, ModuleIndexPage, ShortRoutePage
from courses.readers.exercises import EXERCISES
from courses.readers.reading import READING
from courses.readers.rows import Values, stable_id
from parties.languages import MAIN

LoadedPage = CoursePage | LessonPage | ShortRoutePage


@transaction.atomic
def modules_load(*, parent: ModuleIndexPage) -> list[CoursePage]:
    """The pages of every module under ``parent``, in the order of the modules.

    A page is made when it is not there, and follows its file as long as no editor changed it. Translations stand in a
    folder of their language, with the slugs and ids of what they translate; what is not there is not translated.
    """
    folder = FIXTURES / "modules"
    files = sorted((folder if parent.language == MAIN else folder / parent.language).glob("*.yaml"))
    contents = sorted(
        (yaml.safe_load(file.read_text(encoding="utf-8")) for file in files), key=lambda item: item["position"]
    )
    return [_module_load(parent, content) for content in contents]


@transaction.atomic
def routes_load(*, parent: ModuleIndexPage) -> list[ShortRoutePage]:
    """The page of every short route under ``parent``; made and kept as the pages of modules are.

    Raises:
        LessonPage.DoesNotExist: when a file names a lesson that no module has.
    """
    return [
        _route_load(parent, yaml.safe_load(file.read_text(encoding="utf-8")))
        for file in sorted((FIXTURES / "routes").glob("*.yaml"))
    ]


def body_load(blocks: Iterable[Values], *, namespace: str) -> str:
    """Blocks as they stand in a fixture, as the JSON of a StreamField.

    Ids of blocks follow from ``namespace`` and the slug of the block, so loading again gives the same ids.
    """
    return json.dumps([_block(block, namespace) for block in blocks])


def _module_load(parent: ModuleIndexPage, content: Values) -> CoursePage:
    slug = content["slug"]
    course = _course_ensure(content) if parent.language == MAIN else Course.objects.get(slug=slug)
    page = CoursePage.objects.filter(course=course, locale=parent.locale).first()
    values = {"title": content["title"], "summary": content["summary"], "sign": content["sign"]}
    if page is None:
        page = CoursePage(slug=slug, course=course, translation_key=stable_id(slug))
    _page_load(parent, page, values)
    for lesson in content["lessons"]:
        key = stable_id(f"{slug}/{lesson['slug']}")
        lesson_page = LessonPage.objects.filter(translation_key=key, locale=parent.locale).first()
        values = {name: lesson[name] for name in ("title", "summary")}
        values["body"] = body_load(lesson["body"], namespace=slug)
        _page_load(page, lesson_page or LessonPage(slug=lesson["slug"], translation_key=key), values)
    return page


def _route_load(parent: ModuleIndexPage, content: Values) -> ShortRoutePage:
    slug = content["slug"]
    key = stable_id(f"route/{slug}")
    rows = [
        {
            "type": "lesson",
            "id": str(stable_id(f"route/{slug}/{row['lesson']}")),
            "value": {
                "lesson": LessonPage.objects.get(translation_key=stable_id(row["lesson"]), locale=parent.locale).pk,
                "why": row["why"],
            },
        }
        for row in content["lessons"]
    ]
    values = {"title": content["title"], "intro": content["intro"], "body": json.dumps(rows)}
    page = ShortRoutePage.objects.filter(translation_key=key, locale=parent.locale).first()
    page = page or ShortRoutePage(slug=slug, translation_key=key)
    _page_load(parent, page, values)
    return page


def _course_ensure(content: Values) -> Course:
    defaults = {key: content[key] for key in ("title", "position", "minutes", "goals")}
    return Course.objects.get_or_create(slug=content["slug"], defaults=defaults)[0]


def _page_load(parent: ModuleIndexPage | CoursePage, page: LoadedPage, values: Values) -> None:
    """Makes the page, or changes it to these values when only the fixtures ever wrote it."""
    new = page.pk is None
    digest = _digest({**values, "body": json.loads(values["body"])} if "body" in values else values)
    if not new and (page.loaded == digest or page.has_unpublished_changes or not _only_loaded(page, values)):
        return
    for name, value in values.items():
        setattr(page, name, value)
    page.loaded = digest
    if new:
        page.locale = parent.locale
        parent.add_child(instance=page)
    page.save_revision().publish()


def _only_loaded(page: LoadedPage, names: Iterable[str]) -> bool:
    """Nobody but the fixtures wrote what stands here. Until lessons counted their own minutes, those were loaded too."""
    before = [_digest_of(page, [*names, "minutes"])] if isinstance(page, LessonPage) else []
    return page.loaded in [_digest_of(page, names), *before]


def _digest_of(page: LoadedPage, names: Iterable[str]) -> str:
    """The digest of what stands in the database for these fields."""
    current = {name: getattr(page, name) for name in names}
    if "body" in current:
        current["body"] = current["body"].get_prep_value()
    return _digest(current)


def _digest(values: Values) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()


def _block(block: Values, namespace: str) -> dict[str, Any]:
    name = f"{namespace}#{block['id']}"
    return {"type": block["type"], "id": str(stable_id(name)), "value": READERS[block["type"]](block["value"], name)}


READERS: dict[str, Callable[[Values, str], Any]] = {**READING, **EXERCISES}
