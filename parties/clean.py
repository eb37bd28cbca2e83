"""The one way in which HTML that people typed becomes HTML that we show or mail.

bleach cleans first; nh3 cleans after it, because bleach gets no fixes any more (docs/decisions). Both get the same short
list, so nothing that one of them misreads comes through the other. No style, no class, no image, no frame.
"""

import html
import re

import bleach
import nh3
from django.utils.html import linebreaks, strip_tags

TAGS = frozenset({"a", "b", "blockquote", "br", "em", "h3", "h4", "i", "li", "ol", "p", "strong", "ul"})
ATTRIBUTES = {"a": {"href"}}
SCHEMES = frozenset({"http", "https", "mailto"})
#: What a browser runs or reads differently goes with its content; of everything else the words stay.
DROPPED_WITH_CONTENT = {
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "title",
    "textarea",
}

_DROPPED = re.compile(rf"<({'|'.join(sorted(DROPPED_WITH_CONTENT))})\b.*?(</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(r"<(p|ul|ol|h3|h4|blockquote|br)\b")


def clean_html(text: str) -> str:
    """Allowed HTML only: paragraphs, lists, small headings, emphasis, quotes, and links to http, https and mailto.

    Cleaning twice gives the same as cleaning once.
    """
    words_only = _DROPPED.sub("", text.replace("\x00", ""))
    first = bleach.clean(
        words_only,
        tags=TAGS,
        attributes={tag: sorted(names) for tag, names in ATTRIBUTES.items()},
        protocols=SCHEMES,
        strip=True,
        strip_comments=True,
    )
    return nh3.clean(
        first,
        tags=set(TAGS),
        clean_content_tags={"script", "style"},
        attributes=ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
        strip_comments=True,
    ).strip()


def typed_html(text: str) -> str:
    """``clean_html`` of what somebody typed in a plain field: where there are no paragraphs, lines become them."""
    cleaned = clean_html(text)
    return cleaned if _BLOCK.search(cleaned) or not cleaned else clean_html(linebreaks(cleaned))


def as_typed(text: str) -> str:
    """What somebody types to get this HTML from ``typed_html``: lines instead of paragraphs, where that gives the same."""
    lines = re.sub(r"\s*<br>\s*", "\n", re.sub(r"</p>\s*<p>", "\n\n", text.strip()))
    words = html.unescape(lines.removeprefix("<p>").removesuffix("</p>"))
    return words if typed_html(words) == text else text


def plain_text(text: str) -> str:
    """What somebody typed as words alone: through ``clean_html`` like all else, then without tags. Lines stay lines.

    It is text, not HTML: a template escapes it.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return html.unescape(strip_tags(clean_html(lines))).strip()
