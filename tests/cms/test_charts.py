import datetime
import re
from decimal import Decimal
from fractions import Fraction

import pytest

from cms import charts

JAN = datetime.date(2026, 1, 1)


def day(month: int, number: int = 1, year: int = 2026) -> datetime.date:
    return datetime.date(year, month, number)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0.0"),
        (Fraction(1, 3), "0.3"),
        (Fraction(1, 20), "0.0"),
        (Fraction(3, 20), "0.2"),
        (-2, "-2.0"),
        (1234, "1234.0"),
    ],
)
def test_a_position_is_rounded_once_from_the_exact_value(value, words):
    assert charts.px(value) == words


@pytest.mark.parametrize(
    ("highest", "step", "top"),
    [
        (0, 1, 1),
        (1, 1, 1),
        (5, 1, 5),
        (6, 2, 6),
        (142, 50, 150),
        (200, 50, 200),
        (201, 50, 250),
        (Decimal("96.5"), 20, 100),
        (100_000, 20_000, 100_000),
    ],
)
def test_the_axis_begins_at_zero_and_holds_the_highest_in_round_steps(highest, step, top):
    assert charts.axis(highest) == (step, top)


def test_dates_under_a_plot_are_months_then_quarters_then_years():
    assert [words for _day, words in charts.dates_under(day(1), day(4), 12)] == [
        "1 jan 2026",
        "1 feb",
        "1 mrt",
        "1 apr",
    ]
    assert [words for _day, words in charts.dates_under(day(1), day(12), 4)] == [
        "1 jan 2026",
        "1 apr",
        "1 jul",
        "1 okt",
    ]
    assert [words for _day, words in charts.dates_under(day(6, year=2022), day(6), 4)] == [
        "2023",
        "2024",
        "2025",
        "2026",
    ]


def test_within_a_month_the_first_and_last_date_stand_under_a_plot():
    assert [words for _day, words in charts.dates_under(day(3, 4), day(3, 20), 12)] == ["4 mrt 2026", "20 mrt 2026"]


def test_a_line_runs_from_the_left_edge_to_the_right_edge_in_proportion_to_days():
    line = charts.Line("Trained", [(day(1, 1), 0), (day(1, 2), 50), (day(1, 5), 100)])
    svg = charts.trend(lines=[line], label="Grows", frame=charts.WIDE)
    assert re.findall(r'class="line" d="([^"]*)"', svg) == ["M40.0 266.0 L270.5 146.0 L962.0 26.0"]


def test_steps_stay_flat_until_the_next_date():
    line = charts.Line("Trained", [(day(1, 1), 0), (day(1, 5), 100)])
    svg = charts.trend(lines=[line], label="Jumps", frame=charts.WIDE, step=True)
    assert re.findall(r'class="line" d="([^"]*)"', svg) == ["M40.0 266.0 L962.0 266.0 L962.0 26.0"]


def test_the_target_is_on_the_axis_even_when_it_is_far_above_the_line():
    line = charts.Line("Trained", [(day(1), 3), (day(2), 4)])
    svg = charts.trend(lines=[line], label="Low", frame=charts.NARROW, target=200)
    assert '<line class="target" x1="40.0" x2="322.0" y1="26.0" y2="26.0"/>' in svg
    assert "200" in svg


def test_two_lines_that_end_close_together_keep_their_words_apart():
    lines = [charts.Line("A", [(day(1), 10), (day(2), 100)]), charts.Line("B", [(day(1), 10), (day(2), 99)])]
    svg = charts.trend(lines=lines, label="Close", frame=charts.WIDE)
    places = {words: float(y) for y, words in re.findall(r'y="([\d.]+)" text-anchor="end">([AB]: \d+)<', svg)}
    assert places == {"A: 100": 12.0, "B: 99": 52.4}


def test_a_single_point_is_a_dot():
    svg = charts.trend(lines=[charts.Line("A", [(JAN, 7)])], label="One", frame=charts.WIDE)
    assert '<circle class="dot" cx="962.0" cy="56.0" r="6"/>' in svg


def test_words_are_escaped():
    line = charts.Line("<b>", [(JAN, 7), (day(2), 8)])
    svg = charts.trend(lines=[line], label='"><script>', frame=charts.WIDE)
    assert "<script>" not in svg
    assert "<b>" not in svg
    assert "&lt;b&gt;: 8" in svg


@pytest.mark.parametrize("lines", [[], [charts.Line("A", [])], [charts.Line("A", [(JAN, 1)])] * 3])
def test_a_trend_has_one_or_two_lines_with_points(lines):
    with pytest.raises(ValueError, match="one or two lines"):
        charts.trend(lines=lines, label="x", frame=charts.WIDE)


def test_bars_are_in_proportion_and_a_hidden_count_has_none():
    rows = [charts.Bar("A", 40), charts.Bar("B", 10, "col col--2"), charts.Bar("C", "<5")]
    svg = charts.bars(rows=rows, unit="", label="Groups", width=300)
    assert re.findall(r'<rect class="([^"]*)" x="0" y="[\d.]+" width="([\d.]+)"', svg) == [
        ("col", "268.0"),
        ("col col--2", "67.0"),
    ]
    assert "&lt;5" in svg


def test_the_table_of_two_lines_has_every_date_once():
    lines = [charts.Line("A", [(day(1), 1), (day(2), 2)]), charts.Line("B", [(day(2), 5), (day(3), 6)])]
    assert list(charts.table_of(lines)) == [(day(1), [1, None]), (day(2), [2, 5]), (day(3), [None, 6])]
