"""The components say what they should, and refuse what they do not know."""

import datetime
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError, engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.html import strip_tags
from lxml import html

from cms.templatetags.components import ICONS, register
from cms.views.style import style_view
from cms.views.style_exercises import exercise_states
from courses.exercises import OUTCOMES


def render(source: str, **context: object) -> str:
    return engines["django"].from_string("{% load components %}" + source).render(context)


def tree(source: str, **context: object) -> html.HtmlElement:
    return html.fragment_fromstring(render(source, **context), create_parent="div")


def words(source: str, **context: object) -> str:
    return " ".join(tree(source, **context).text_content().split())


class ExampleForm(forms.Form):
    name = forms.CharField(help_text="As on your card")
    answer = forms.ChoiceField(choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect)
    needs = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    agree = forms.BooleanField()
    token = forms.CharField(widget=forms.HiddenInput)


@pytest.mark.parametrize(
    "source",
    [
        '{% badge label="x" colour="red" %}',
        '{% badge "x" %}',
        '{% icon "arrow" %}',
        "{% field form.name %}",
        '{% button label="x" onclick="y" %}',
    ],
)
def test_arguments_are_named_and_known(source):
    with pytest.raises(TemplateSyntaxError):
        render(source)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ('{% icon name="unicorn" %}', "arrow"),
        ('{% badge label="x" tone="red" %}', "active, danger, neutral, success, warning"),
        ('{% side side="werkplek" %}', "school, workplace"),
        ('{% button label="x" variant="big" %}', "danger, primary, secondary, subtle"),
        ('{% alert title="x" tone="loud" %}', "error"),
        ('{% lens name="x" %}', "erkennen"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(source, names):
    with pytest.raises(ValueError, match=names):
        render(source)


def test_the_sprite_has_every_icon():
    sprite = Path(settings.BASE_DIR / "static/icons.svg").read_text()
    assert {name for name in ICONS if f'id="i-{name}"' not in sprite} == set()
    assert sprite.count("<symbol") == len(ICONS)


def test_a_side_has_its_shape_and_its_word():
    school, workplace = (
        tree('{% side side="school" %}'),
        tree('{% side side="workplace" chip=True label="Vanuit de werkplek" %}'),
    )
    assert (school[0].get("class"), school.text_content()) == ("side side--school", "School")
    assert (workplace[0].get("class"), workplace.text_content()) == ("side side--werk side--chip", "Vanuit de werkplek")


def test_a_button_is_a_link_when_it_has_an_address():
    link, button = (
        tree("{% button label=label href=href %}", label="Naar <huis>", href="/?a=1&b=2")[0],
        tree('{% button label="Bewaar" variant="primary" name="do" value="save" %}')[0],
    )
    assert (link.tag, link.get("href"), link.text_content().strip()) == ("a", "/?a=1&b=2", "Naar <huis>")
    assert (button.tag, button.get("type"), button.get("name"), button.get("value")) == (
        "button",
        "submit",
        "do",
        "save",
    )
    assert "utrecht-button--primary-action" in button.get("class")


def test_breadcrumbs_end_with_the_page_itself():
    crumbs = tree("{% breadcrumbs items=items %}", items=[("Trainingen", "/trainingen/"), ("Eerlijk <begeleiden>", "")])
    assert [(a.get("href"), a.text) for a in crumbs.iter("a")] == [("/trainingen/", "Trainingen")]
    assert [e.text for e in crumbs.iterfind(".//span[@aria-current='page']")] == ["Eerlijk <begeleiden>"]


def test_a_field_without_errors_is_labelled_and_described():
    field = tree("{% field field=form.name %}", form=ExampleForm())
    control = field.find(".//input")
    assert field.find(".//label").get("for") == control.get("id") == "id_name"
    assert field.get_element_by_id(control.get("aria-describedby")).text == "As on your card"
    assert control.get("aria-required") == "true"
    assert control.get("required") is None
    assert control.get("aria-invalid") is None


def test_a_field_with_an_error_keeps_what_was_typed_and_points_to_its_sentence():
    class Number(forms.Form):
        seats = forms.IntegerField(error_messages={"invalid": "Vul een getal in, bijvoorbeeld 6."})

    field = tree("{% field field=form.seats %}", form=Number({"seats": "<zes>"}))
    control = field.find(".//input")
    assert (control.get("value"), control.get("aria-invalid")) == ("<zes>", "true")
    assert (control.get("type"), control.get("inputmode")) == ("text", "numeric")  # a browser empties type="number"
    sentence = field.get_element_by_id(control.get("aria-describedby"))
    assert sentence.text_content().strip() == "Vul een getal in, bijvoorbeeld 6."


@pytest.mark.parametrize(
    ("name", "kind", "css"), [("answer", "radio", "utrecht-radio-button"), ("needs", "checkbox", "utrecht-checkbox")]
)
def test_choices_are_a_group_with_a_legend_and_a_label_each(name, kind, css):
    group = tree("{% field field=field %}", field=ExampleForm({name: ["y" if name == "answer" else "a"]})[name]).find(
        "fieldset"
    )
    inputs = group.findall(".//input")
    assert group.find("legend").text.lower() == name
    assert [(one.get("type"), one.get("id")) for one in inputs] == [(kind, f"id_{name}_0"), (kind, f"id_{name}_1")]
    assert [label.get("for") for label in group.iter("label")] == [one.get("id") for one in inputs]
    assert all(css in one.get("class") for one in inputs)


def test_the_choice_that_was_made_stays_made():
    group = tree("{% field field=form.answer %}", form=ExampleForm({"answer": "n"}))
    assert [one.get("value") for one in group.iter("input") if one.get("checked") is not None] == ["n"]


def test_own_attributes_of_a_widget_are_kept():
    class Code(forms.Form):
        code = forms.CharField(widget=forms.TextInput(attrs={"class": "code-input", "autocomplete": "one-time-code"}))

    control = tree("{% field field=form.code %}", form=Code()).find(".//input")
    assert control.get("autocomplete") == "one-time-code"
    assert control.get("class") == "utrecht-textbox utrecht-textbox--html-input code-input"


def test_the_summary_leads_to_every_field_that_is_wrong():
    form = ExampleForm({})
    form.add_error(None, "Dit past niet bij elkaar.")
    summary = tree("{% form_errors form=form %}", form=form)
    fields = tree("{% for one in form %}{% field field=one %}{% endfor %}", form=form)
    targets = [a.get("href")[1:] for a in summary.iter("a")]
    assert targets == ["id_name", "id_answer_0", "id_needs_0", "id_agree"]
    assert [fields.get_element_by_id(target).get("id") for target in targets] == targets
    lines = [li.text_content().strip() for li in summary.iter("li") if li.find("a") is None]
    assert lines == ["Dit past niet bij elkaar.", form.errors["token"][0]]
    assert summary.find(".//div").get("tabindex") == "-1"


def test_there_is_no_summary_without_errors():
    assert render("{% form_errors form=form %}", form=ExampleForm()).strip() == ""


@pytest.mark.parametrize(
    ("value", "maximum", "bar", "sentence"),
    [
        (142, 200, ("142.0", "200"), "Getraind 142 van 200 142 van 200"),
        (1.5, 4, ("1.5", "4"), "Getraind 1,5 van 4 1,5 van 4"),
        (7, 5, ("5.0", "5"), "Getraind 7 van 5 7 van 5"),
        ("<5", 20, None, "Getraind <5 van 20"),
        (14, None, None, "Getraind 14"),
    ],
)
def test_progress_says_v_of_m_and_draws_only_what_may_be_known(value, maximum, bar, sentence):
    source = '{% progress label="Getraind" value=value maximum=maximum %}'
    drawn = tree(source, value=value, maximum=maximum).find(".//progress")
    assert (None if drawn is None else (drawn.get("value"), drawn.get("max"))) == bar
    assert words(source, value=value, maximum=maximum) == sentence


@pytest.mark.parametrize(
    ("taken", "waiting", "you", "sentence", "shapes"),
    [
        (0, 0, "", "6 plekken vrij", ["free"] * 6),
        (5, 0, "school", "5 van 6 bezet, met jou", ["taken"] * 4 + ["you", "free"]),
        (6, 2, "", "vol · 2 wachten", ["taken"] * 6),
        (6, 1, "", "vol · 1 wacht", ["taken"] * 6),
    ],
)
def test_seats_say_in_words_what_they_draw(taken, waiting, you, sentence, shapes):
    source = "{% seats school_taken=taken school_total=6 workplace_taken=1 workplace_total=2 school_waiting=waiting you=you %}"
    side = tree(source, taken=taken, waiting=waiting, you=you).find(".//div[@class='seats__side seats__side--school']")
    assert " ".join(side.find(".//span[@class='small']").text_content().split()) == sentence
    assert [one.get("class") for one in side.iter("circle")] == [f"seat seat--{shape}" for shape in shapes]


def test_a_big_room_is_told_and_not_drawn():
    seats = tree("{% seats school_taken=30 school_total=40 workplace_taken=1 workplace_total=2 %}")
    assert len(list(seats.iter("circle"))) == 0
    assert "30 van 40 bezet" in seats.text_content()


def test_times_are_those_of_amsterdam_in_winter_and_in_summer():
    def at(month: int, hour: int) -> datetime.datetime:
        return datetime.datetime(2027, month, 14, hour, 30, tzinfo=datetime.UTC)

    source = "{% meeting_time start=start end=end %}"
    assert words(source, start=at(1, 12), end=at(1, 15)) == "Datum: 14 januari 2027. donderdag, 13.30 tot 16.30 uur"
    assert words(source, start=at(7, 12), end=at(7, 15)) == "Datum: 14 juli 2027. woensdag, 14.30 tot 17.30 uur"
    assert words("{% date_block when=day %}", day=datetime.datetime(2027, 2, 28, 23, 30, tzinfo=datetime.UTC)) == "1mrt"


def test_pages_keep_the_filters():
    page = Paginator(range(100), 10).get_page(2)
    request = RequestFactory().get("/", {"afdeling": "ICT & Media", "pagina": "2"})
    links = tree("{% pagination page=page %}", page=page, request=request)
    assert [a.get("href") for a in links.iter("a")] == [
        f"?afdeling=ICT+%26+Media&pagina={number}" for number in (1, 1, 2, 3, 10, 3)
    ]
    assert [a.text for a in links.iterfind(".//a[@aria-current]")] == ["2"]


def test_one_page_needs_no_pages():
    page = Paginator(range(3), 10).get_page(1)
    assert render("{% pagination page=page %}", page=page, request=RequestFactory().get("/")).strip() == ""


def test_a_trend_has_the_same_numbers_as_a_table():
    points = [(datetime.date(2026, 1, 1), 38), (datetime.date(2026, 2, 1), 44)]
    chart = tree(
        '{% trend_chart title="Getraind" finding="Van 38 naar 44." lines=lines %}', lines=[("Met <bewijs>", points)]
    )
    assert [svg.get("aria-label") for svg in chart.iterfind(".//svg[@role='img']")] == ["Getraind. Van 38 naar 44."] * 2
    assert [[cell.text for cell in row] for row in chart.iterfind(".//tbody/tr")] == [
        ["1 januari 2026", "38"],
        ["1 februari 2026", "44"],
    ]


def test_a_trend_without_numbers_says_so():
    assert (
        words('{% trend_chart title="Getraind" lines=lines %}', lines=[("Getraind", [])])
        == "Getraind Er zijn nog geen cijfers."
    )


def test_bars_have_the_same_numbers_as_a_table():
    rows = [("Alle", 10, ""), ("Enkele", "<5", "other")]
    chart = tree('{% bar_chart title="Wie?" rows=rows group="Groep" measure="Aandeel" unit="%" %}', rows=rows)
    assert [[cell.text_content() for cell in row] for row in chart.iterfind(".//tbody/tr")] == [
        ["Alle", "10%"],
        ["Enkele", "<5%"],
    ]


def style_page() -> str:
    request = RequestFactory().get("/stijl/")
    request.user, request.session = AnonymousUser(), {}
    return style_view(request).content.decode()


def test_the_style_page_shows_every_component(db):
    page = style_page()
    source = Path(settings.BASE_DIR / "templates/cms/style.html").read_text()
    assert {name for name in register.tags if f"{{% {name} " not in source} == set()
    assert "style=" not in page
    assert "<script>" not in page
    assert [page.count(name) for name in ("legal-note", "by-side__part--", "<video", 'class="download"', 'id="kijk"')] == [
        1, 2, 1, 1, 1,
    ]  # fmt: skip


def test_the_style_page_shows_every_exercise_in_every_state(db):
    page = html.fromstring(style_page())
    shown = [one for _, one in exercise_states()]
    assert {one.kind for one in shown} == set(OUTCOMES) - {"scenario"}  # a story stands there as markup
    for kind in {one.kind for one in shown}:
        states = {(bool(one.error), one.state.attempted, one.answered) for one in shown if one.kind == kind}
        assert states >= {(False, False, False), (True, False, False), (False, True, True)}, kind
    forms = [form.get("id") for form in page.iterfind(".//form") if "exercise-form" in form.get("class", "")]
    assert forms == [f"blok-{one.block_id}" for one in shown]


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "500.html"])
def test_an_error_page_needs_no_request_and_no_list_of_static_files(name, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    page = render_to_string(name)
    assert strip_tags(page).strip() != ""
    for address in html.fromstring(page).iterfind(".//link"):
        assert Path(settings.BASE_DIR / address.get("href").lstrip("/")).exists()
