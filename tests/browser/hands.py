"""Two ways of using a page, with the same words: by pointer and by keyboard alone.

A journey is written once against `Hand` and walked with either. Selectors are such as hold in
every language: addresses and names of fields, no words.
"""

MOST_STEPS = 250  # of Tab on one page; no page of the portal has as many stops
# Where the focus is, and whether somebody who sees the screen can tell.
FOCUS = """selector => {
  const at = document.activeElement;
  if (!at || at === document.body) return {lost: true};
  const style = getComputedStyle(at), box = at.getBoundingClientRect();
  const before = window.lastFocus;
  window.lastFocus = at;
  return {
    lost: false,
    what: at.outerHTML.slice(0, 120),
    found: at.matches(selector),
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
    covered: !at.contains(document.elementFromPoint(
      Math.min(Math.max(box.left + 3, 0), innerWidth - 1),
      Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1))),
    forward: !before || !before.isConnected
      || (before === at && at.matches("[type=date], [type=time]"))  // day, month and year
      || Boolean(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING),
  };
}"""


class Hand:
    """By pointer. After each page it asks that nothing is wider than the screen, and that the
    page is in the reader's language and direction.
    """

    def __init__(self, page):
        self.page = page
        self.language = page.locator("html").get_attribute("lang")

    def go(self, path):
        """Open an address, as a bookmark or a mail would."""
        self.page.goto(path)
        self.arrive()

    def follow(self, selector):
        """Use what leads to another page, and wait for that page."""
        target = self.page.locator(selector).first
        words = target.locator("span:not(.vh)")  # beside words that are only read aloud
        with self.page.expect_navigation():
            (words.first if words.count() else target).click()
        self.arrive()

    def send(self, selector):
        """Send the form of a one-line field by Enter, and wait for the answer."""
        with self.page.expect_navigation():
            self.page.press(selector, "Enter")
        self.arrive()

    def write(self, selector, text):
        self.page.fill(selector, text)

    def choose(self, selector, value):
        self.page.select_option(selector, value)

    def tick(self, selector):
        self.page.check(selector)

    def unfold(self, selector):
        """Open a group that is folded."""
        self.page.click(selector)

    def arrive(self):
        html = self.page.locator("html")
        assert html.get_attribute("lang") == self.language
        assert html.get_attribute("dir") == ("rtl" if self.language == "ar" else "ltr")
        wider = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, f"{self.page.url} is {wider} px wider than the screen"


class Keys(Hand):
    """By keyboard alone. On a page opened at its start the skip link comes first and leads to
    the content; at each press of Tab the focus is somewhere, marked, on the screen, uncovered
    and further down.
    """

    def arrive(self):
        super().arrive()
        if "#" in self.page.url or self._at("[data-focus]")["found"]:
            return  # the address leads past the start, or what went wrong has the focus
        self.page.keyboard.press("Tab")
        assert self._at(".skip")["found"], f"{self.page.url} does not begin with the skip link"
        self.page.keyboard.press("Enter")
        assert self._at("main")["found"], f"the skip link of {self.page.url} leads elsewhere"

    def follow(self, selector):
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.arrive()

    def send(self, selector):
        assert self._at(selector)["found"]
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.arrive()

    def write(self, selector, text):
        self.reach(selector)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        assert self.page.evaluate("document.activeElement.value") == text

    def choose(self, selector, value):
        label = self.page.locator(f"{selector} option[value='{value}']").inner_text()
        self.reach(selector)
        self.page.keyboard.type(label)  # a list jumps to what begins with it
        assert self.page.evaluate("document.activeElement.value") == value

    def tick(self, selector):
        name = self.page.locator(selector).first.get_attribute("name")
        self.reach(f"[name={name}]")
        if self.page.evaluate("document.activeElement.type") == "checkbox":
            self.page.keyboard.press("Space")
        for _ in range(10):
            if self._at(selector)["found"] and self.page.is_checked(selector):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {selector}")

    def unfold(self, selector):
        self.reach(selector)
        self.page.keyboard.press("Enter")
        assert self._at(selector)["found"]

    def reach(self, selector):
        """Press Tab until the focus is on it."""
        for _ in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            at = self._at(selector)
            assert not at["lost"], f"the focus is lost on {self.page.url} before {selector}"
            assert at["marked"], f"nothing shows the focus on {at['what']}"
            assert at["seen"], f"the focus is off the screen at {at['what']}"
            assert not at["covered"], f"something covers {at['what']}"
            assert at["forward"], f"the focus jumps back to {at['what']}"
            if at["found"]:
                return
        raise AssertionError(f"no Tab leads to {selector} on {self.page.url}")

    def _at(self, selector):
        at = self.page.evaluate(FOCUS, selector)
        return at if not at["lost"] else {**at, "found": False}
