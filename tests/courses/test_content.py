"""The words that ship: the modules, the pages, the efforts and the parties, as the YAML files in fixtures/ hold them."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

Block = dict[str, Any]

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
MODULES = ["herkennen", "erkennen", "tegengaan"]
PAGES = ["home", "hulp", "over-het-manifest", "privacy", "toegankelijkheid", "waar-kun-je-terecht"]
VALUES = {
    "accordion": {"items"},
    "by_side": {"title", "school", "workplace"},
    "legal_note": {"title", "html", "law", "url", "checked"},
    "matching": {"question", "pairs", "feedback", "lenses"},
    "multiple_choice": {"question", "choices", "feedback"},
    "ordering": {"question", "items", "feedback", "lenses"},
    "poll": {"question", "choices", "feedback"},
    "reflection": {"question", "hint"},
    "statement": {"statement", "truth", "feedback_true", "feedback_false", "lenses"},
    "text": {"html"},
    "image": {"file", "alt", "caption"},
    "quote": {"text", "attribution"},
    "callout": {"kind", "title", "html"},
    "figure": {"title", "rows", "population", "source", "year", "url", "note"},
    "single_choice": {"question", "choices"},
    "scenario": {"title", "view", "notice", "setting", "sentence", "question", "start", "nodes"},
}
OPTIONAL = {"statement": {"source", "year", "url"}}
NOT_READ = {"id", "to", "start", "file", "url", "kind", "view", "unit", "lenses", "checked", "type"}
LENSES = {"herkennen", "erkennen", "tegengaan"}
TAGS = {"p", "h2", "h3", "ul", "ol", "li", "b", "i", "a", "br"}
FORBIDDEN = re.compile(r"supervisie|verplichting|aanmeld|certificaat|allochto|\[[SKD]\d*", re.IGNORECASE)
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read(path: str) -> Any:
    return yaml.safe_load((FIXTURES / path).read_text(encoding="utf-8"))


def module(slug: str) -> dict[str, Any]:
    return read(f"modules/{slug}.yaml")


def blocks(slug: str, *types: str) -> list[Block]:
    return [
        block for lesson in module(slug)["lessons"] for block in lesson["body"] if not types or block["type"] in types
    ]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


class Markup(HTMLParser):
    """Collects the text of a piece of HTML, and what is wrong with its tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        self.wrong += [f"<{tag}> stays open" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(f"<{tag}>")
        href = dict(attrs).get("href") or ""
        if [name for name, _ in attrs] != (["href"] if tag == "a" else []) or (
            tag == "a" and not re.match(r"https://|/", href)
        ):
            self.wrong.append(f"<{tag} {attrs}>")
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.text += " " + data


def words(*parts: str) -> int:
    return sum(len(Markup(part).text.split()) for part in parts)


def read_by_people(value: Any) -> Iterator[str]:
    """Everything in a block that is shown or can be chosen."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in NOT_READ:
                yield from read_by_people(item)
    elif isinstance(value, list):
        for item in value:
            yield from read_by_people(item)
    elif isinstance(value, str):
        yield value


def assert_blocks(body: list[Block]) -> None:
    for block in body:
        assert block.keys() == {"type", "id", "value"}, block
        assert SLUG.fullmatch(block["id"]), block["id"]
        assert block["value"].keys() - OPTIONAL.get(block["type"], set()) == VALUES[block["type"]], block["id"]
        if block["type"] == "callout":
            assert block["value"]["kind"] in {"sentence", "info", "tip"}, block["id"]
    repeated = [key for key, count in Counter(block["id"] for block in body).items() if count > 1]
    assert repeated == []


def html_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key in {"html", "setting", "school", "workplace"} or (key == "feedback" and item.startswith("<")):
                yield item
            else:
                yield from html_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from html_of(item)


def all_files() -> list[str]:
    return (
        [f"modules/{slug}.yaml" for slug in MODULES]
        + [f"pages/{slug}.yaml" for slug in PAGES]
        + ["efforts.yaml", "parties.yaml"]
    )


def test_these_are_all_the_files():
    assert sorted(path.stem for path in (FIXTURES / "modules").glob("*.yaml")) == sorted(MODULES)
    assert sorted(path.stem for path in (FIXTURES / "pages").glob("*.yaml")) == PAGES


@pytest.mark.parametrize("path", all_files())
def test_html_uses_few_tags_and_closes_them(path: str):
    pieces = list(html_of(read(path)))
    assert pieces or path in {"efforts.yaml", "parties.yaml"}
    assert [(piece[:60], Markup(piece).wrong) for piece in pieces if Markup(piece).wrong] == []


@pytest.mark.parametrize("path", all_files())
def test_outside_html_there_is_no_markup(path: str):
    html = set(html_of(read(path)))
    assert [text for text in strings(read(path)) if text not in html and re.search(r"[<>]|\*\*|\n\n", text)] == []


@pytest.mark.parametrize("path", all_files())
def test_words_that_we_do_not_use(path: str):
    assert [found for text in strings(read(path)) for found in FORBIDDEN.findall(text)] == []


@pytest.mark.parametrize("slug", MODULES)
class TestModule:
    def test_schema(self, slug: str):
        data = module(slug)
        assert data.keys() == {"slug", "title", "position", "minutes", "summary", "goals", "sign", "lessons"}
        assert (data["slug"], data["position"], data["sign"]) == (slug, MODULES.index(slug) + 1, f"module-{slug}")
        assert len(data["goals"]) >= 3
        assert [goal for goal in data["goals"] if not goal.startswith("Na deze module kun je ")] == []
        assert len(data["lessons"]) >= 4
        for lesson in data["lessons"]:
            assert lesson.keys() - {"minutes"} == {"slug", "title", "summary", "body"}
            assert SLUG.fullmatch(lesson["slug"])
            assert lesson["body"]
        assert len({lesson["slug"] for lesson in data["lessons"]}) == len(data["lessons"])
        assert_blocks(blocks(slug))

    def test_enough_of_everything(self, slug: str):
        counts = Counter(block["type"] for block in blocks(slug))
        assert counts["scenario"] == 4
        exercises = ("single_choice", "multiple_choice", "statement", "ordering", "matching", "reflection", "poll")
        assert [kind for kind in (*exercises, "legal_note", "by_side", "accordion", "figure") if not counts[kind]] == []

    def test_length(self, slug: str):
        total = sum(words(*read_by_people(block["value"])) for block in blocks(slug))
        sys.stdout.write(f"{slug}: {total} words that are shown or chosen\n")
        assert 4000 <= total <= 7000

    def test_images_exist_and_carry_nothing_active(self, slug: str):
        for block in blocks(slug, "image"):
            assert len(block["value"]["alt"]) > 20
            root = ElementTree.parse(FIXTURES / "images" / block["value"]["file"]).getroot()
            names = {element.tag.rpartition("}")[2] for element in root.iter()}
            assert names <= {"svg", "g", "rect", "circle", "path"}
            assert {"width", "height", "viewBox"} <= root.attrib.keys()

    def test_each_figure_says_who_was_asked_by_whom_and_when(self, slug: str):
        for block in blocks(slug, "figure"):
            value = block["value"]
            assert value["source"], block["id"]
            assert value["population"], block["id"]
            assert 2015 <= value["year"] <= 2026, block["id"]
            assert value["url"].startswith("https://"), block["id"]
            for row in value["rows"]:
                assert row.keys() == {"label", "value", "unit"}, block["id"]
                assert isinstance(row["label"], str), block["id"]
                assert isinstance(row["value"], int | float), block["id"]

    def test_percentages_in_running_text_have_a_source_and_a_year_in_the_same_block(self, slug: str):
        sourced = re.compile(r"\([^()]*, 20\d\d\)")
        for block in blocks(slug, "text", "callout"):
            text = Markup(block["value"]["html"]).text
            if "%" in text:
                assert sourced.search(text), block["id"]

    def test_single_choices_have_one_right_answer_and_say_something_to_each(self, slug: str):
        for block in blocks(slug, "single_choice"):
            choices = block["value"]["choices"]
            assert 2 <= len(choices) <= 5, block["id"]
            assert [choice["correct"] for choice in choices].count(True) == 1, block["id"]
            assert len({choice["id"] for choice in choices}) == len(choices), block["id"]
            for choice in choices:
                assert choice.keys() == {"id", "text", "correct", "feedback", "lenses"}, block["id"]
                assert words(choice["feedback"]) >= 10, block["id"]
                assert set(choice["lenses"]) <= LENSES, block["id"]
                assert choice["lenses"], block["id"]

    def test_scenarios_can_be_walked_to_an_end_on_every_way(self, slug: str):
        for block in blocks(slug, "scenario"):
            value = block["value"]
            nodes = {node["id"]: node for node in value["nodes"]}
            assert len(nodes) == len(value["nodes"]), block["id"]
            assert value["view"] in {"school", "workplace", "both"}, block["id"]
            assert value["notice"], block["id"]
            reached: set[str] = set()

            def walk(
                key: str, came_by: tuple[str, ...], nodes: dict[str, Any] = nodes, reached: set[str] = reached
            ) -> None:
                assert key in nodes, came_by
                assert key not in came_by, came_by
                reached.add(key)
                for choice in nodes[key]["choices"]:
                    assert choice.keys() == {"id", "text", "to"}
                    walk(choice["to"], (*came_by, key))

            walk(value["start"], ())
            assert reached == set(nodes), block["id"]

    def test_scenarios_have_three_first_choices_and_two_second_ones(self, slug: str):
        for block in blocks(slug, "scenario"):
            value = block["value"]
            nodes = {node["id"]: node for node in value["nodes"]}
            first = nodes[value["start"]]
            assert sorted(choice["id"] for choice in first["choices"]) == ["a", "b", "c"], block["id"]
            going_on = [node for choice in first["choices"] if (node := nodes[choice["to"]])["choices"]]
            assert nodes["b"] in going_on, block["id"]
            assert [[choice["id"] for choice in node["choices"]] for node in going_on] == [["x", "y"]] * len(going_on)
            for node in value["nodes"]:
                assert node.keys() == {"id", "speaker", "html", "feedback", "lenses", "prompt", "choices"}, block["id"]
                assert bool(node["prompt"]) == bool(node["choices"]), (block["id"], node["id"])
                assert set(node["lenses"]) <= LENSES
                assert bool(node["feedback"]) == bool(node["lenses"]) == (node is not first), (block["id"], node["id"])


def test_the_twelve_scenarios_are_there_and_the_modules_show_school_and_workplace():
    titles = [block["value"]["title"] for slug in MODULES for block in blocks(slug, "scenario")]
    assert len(set(titles)) == len(titles) == 12
    for slug in MODULES:
        views = {block["value"]["view"] for block in blocks(slug, "scenario")}
        assert {"school", "workplace"} <= views


@pytest.mark.parametrize("slug", PAGES)
def test_page(slug: str):
    data = read(f"pages/{slug}.yaml")
    expected = {"slug", "title", "lead" if slug == "home" else "summary", "body"}
    assert data.keys() == expected | ({"shows_places"} if slug == "waar-kun-je-terecht" else set())
    assert data["slug"] == slug
    assert {block["type"] for block in data["body"]} <= {"text", "callout", "quote", "image"}
    assert_blocks(data["body"])


def test_pages_link_to_pages_that_exist():
    links = {
        link
        for slug in PAGES
        for piece in html_of(read(f"pages/{slug}.yaml"))
        for link in re.findall(r'href="/([^"]*)/"', piece)
    }
    assert links == {"hulp", "waar-kun-je-terecht"}
    assert links <= set(PAGES)


def test_efforts():
    efforts = read("efforts.yaml")
    assert [effort["number"] for effort in efforts] == [1, 2, 3, 4, 5]
    for effort in efforts:
        assert effort.keys() == {"number", "title", "summary", "text", "shown_by"}


def test_parties_stand_in_the_order_of_the_manifest():
    parties = read("parties.yaml")
    assert [(party["position"], party["slug"], party["kind"]) for party in parties] == [
        (1, "hogeschool-inholland", "employer"),
        (2, "de-haagse-hogeschool", "employer"),
        (3, "roc-mondriaan", "employer"),
        (4, "gemeente-den-haag", "employer"),
        (5, "vno-ncw-regio-den-haag", "member_based"),
        (6, "mkb-den-haag", "member_based"),
        (7, "sbb", "member_based"),
        (8, "elbho", "member_based"),
    ]
    for party in parties:
        assert party.keys() == {"position", "slug", "name", "kind", "sort", "intro"}
        assert re.findall(r"\d", party["intro"]) == []
