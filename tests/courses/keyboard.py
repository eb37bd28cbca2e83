"""A person who has a keyboard and nothing else: reaches things by Tab, chooses with arrows and Space, presses Enter.

At every stop the focus must be seen: a ring around it, inside the screen, under nothing. Never a click.
"""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

MOST_STOPS = 400
#: What is wrong with where the focus is; "" when it can be seen.
SEEN = """() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body || focused === document.documentElement) return "nowhere";
  const shown = focused.closest("label") ?? focused;
  const ringed = [shown, focused].some((element) => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  });
  if (!ringed) return `no ring around ${focused.outerHTML.slice(0, 120)}`;
  const boxes = [...shown.getClientRects()].filter((box) => box.width && box.height);
  const free = boxes.some((box) => {
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    if (right <= left || bottom <= top) return false;
    const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return there && (shown.contains(there) || there.contains(shown));
  });
  return free ? "" : `out of sight or covered: ${focused.outerHTML.slice(0, 120)}`;
}"""


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def seen(self) -> str:
        """What is wrong with where the focus is, once the page has scrolled there."""
        for _ in range(20):
            wrong = self.page.evaluate(SEEN)
            if not wrong or wrong == "nowhere":
                break
            self.page.wait_for_timeout(50)
        return wrong

    def has(self, wanted: Locator) -> bool:
        return wanted.evaluate("element => element === document.activeElement")

    def tab_to(self, wanted: Locator, key: str = "Tab") -> None:
        """Tabs on until ``wanted`` has the focus; past the end of the page it begins again at the top, once."""
        expect(wanted).to_be_visible()
        round_the_end = 0
        for _ in range(MOST_STOPS):
            if self.has(wanted):
                return
            self.press(key)
            wrong = self.seen()
            if wrong == "nowhere":
                round_the_end += 1
            else:
                assert not wrong, f"{self.page.url}: {wrong}"
            assert round_the_end < 3, f"{self.page.url}: Tab never reaches {wanted}"
        raise AssertionError(f"{self.page.url}: Tab never reaches {wanted}")

    def go(self, link_or_button: Locator) -> None:
        """Enter on something that leads to another page."""
        self.tab_to(link_or_button)
        with self.page.expect_navigation():
            self.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self.tab_to(field)
        self.press("ControlOrMeta+a")
        self.type(text)

    def tick(self, box: Locator) -> None:
        self.tab_to(box)
        if not box.is_checked():
            self.press("Space")
        expect(box).to_be_checked()

    def choose_radio(self, group: Locator, index: int) -> None:
        """Tab comes to the chosen one of a group, or the first; arrows move and choose, Space chooses where one is."""
        at = next((place for place, radio in enumerate(group.all()) if radio.is_checked()), 0)
        self.tab_to(group.nth(at))
        for _ in range(abs(index - at)):
            self.press("ArrowDown" if index > at else "ArrowUp")
        if not group.nth(index).is_checked():
            self.press("Space")
        expect(group.nth(index)).to_be_checked()
        assert self.seen() == ""

    def choose_option(self, select: Locator, index: int) -> None:
        """By letters and arrows a closed list changes at once; Home goes to its first line."""
        self.tab_to(select)
        self.press("Home")
        for _ in range(index):
            self.press("ArrowDown")
        assert select.evaluate("select => select.selectedIndex") == index

    def push(self, button: Locator) -> None:
        """Enter on a button that changes something on the page."""
        self.tab_to(button)
        self.press("Enter")
        assert self.seen() == ""


class Mouse:
    """The same for somebody who points: quick, and without a word about the focus."""

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def tick(self, box: Locator) -> None:
        box.check()

    def choose_radio(self, group: Locator, index: int) -> None:
        group.nth(index).check()

    def choose_option(self, select: Locator, index: int) -> None:
        select.select_option(index=index)

    def push(self, button: Locator) -> None:
        button.click()


Hand = Keyboard | Mouse


def exercises_on(page: Page) -> list[Locator]:
    """What a lesson asks, in the order of the page; each keeps its place when it is answered."""
    roots = page.locator('[id^="blok-"]').all()
    signs = [root.get_attribute("id") for root in roots if root.locator("input[name=keer]").count()]
    return [page.locator(f"[id='{sign}']") for sign in signs]


def kind_of(root: Locator) -> str:
    """What there is to do here, by the fields that it posts."""
    if root.evaluate("root => root.matches('section.scenario')"):
        return "scenario"
    fields = {
        "reflection": "textarea[name=tekst]",
        "ordering": "select[name^='plek-']",
        "matching": "select[name^='paar-']",
        "multiple_choice": "input[type=checkbox][name=keuze]",
        "choice": "input[type=radio][name=keuze]",
    }
    return next(kind for kind, field in fields.items() if root.locator(field).count())


def choice(hand: Hand, root: Locator) -> None:
    """A single choice, a statement or a poll."""
    hand.choose_radio(root.locator("input[name=keuze]"), 1)


def multiple_choice(hand: Hand, root: Locator) -> None:
    boxes = root.locator("input[name=keuze]")
    hand.tick(boxes.nth(0))
    hand.tick(boxes.nth(1))


def ordering(hand: Hand, root: Locator) -> None:
    """With script a line is moved by its buttons; without, each line gets a number."""
    selects = root.locator("select[name^='plek-']")
    if selects.first.is_visible():
        for index in range(selects.count()):
            hand.choose_option(selects.nth(index), index + 1)
        return
    hand.push(root.locator("[data-move='1']").first)


def matching(hand: Hand, root: Locator) -> None:
    selects = root.locator("select[name^='paar-']")
    for index in range(selects.count()):
        hand.choose_option(selects.nth(index), index + 1)


def reflection(hand: Hand, root: Locator) -> None:
    hand.write(root.locator("textarea[name=tekst]"), "Ik dacht aan onze eerste stagiair.")


FILL: dict[str, Callable[[Hand, Locator], None]] = {
    "choice": choice,
    "multiple_choice": multiple_choice,
    "ordering": ordering,
    "matching": matching,
    "reflection": reflection,
}
