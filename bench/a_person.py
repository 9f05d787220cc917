"""Somebody at a browser, whose clicks, keys and screens are counted."""

import mimetypes


class Person:
    """Counts a click for each press of the mouse, a key for each letter, a screen for each document that is loaded."""

    def __init__(self, context, path):
        self.page = context.new_page()
        self.page.set_default_timeout(60_000)
        self.clicks = self.keys = self.screens = 0
        self.page.on("load", self._note_screen)
        self.page.goto(path)

    def _note_screen(self, _page):
        self.screens += 1

    def click(self, selector, **options):
        self.clicks += 1
        self.page.locator(selector, **options).first.click()

    def lead(self, selector, **options):
        """Clicks on what leads to another screen."""
        with self.page.expect_navigation():
            self.click(selector, **options)

    def choose(self, selector, label):
        self.clicks += 2
        self.page.select_option(selector, label=label)

    def type(self, selector, text):
        """Goes to a field by a click, and writes."""
        self.click(selector)
        self.keys += len(text)
        self.page.keyboard.type(text)

    def write(self, text):
        """Writes where the focus is."""
        self.keys += len(text)
        self.page.keyboard.type(text)

    def press(self, key, times=1):
        """Presses a key, or several at once."""
        for _time in range(times):
            self.keys += 1
            self.page.keyboard.press(key)

    def paste(self, selector, html):
        """Goes to a text by a click, and pastes what another program has put on the clipboard."""
        self.click(selector)
        self.keys += 1
        self.page.evaluate(
            """(html) => {
                const data = new DataTransfer()
                data.setData("text/html", html)
                const event = { clipboardData: data, bubbles: true, cancelable: true }
                document.activeElement.dispatchEvent(new ClipboardEvent("paste", event))
            }""",
            html,
        )

    def upload(self, selector, name, content):
        """Chooses a file: a click on the field, and one on the file in the window of the system."""
        self.clicks += 2
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self.page.set_input_files(selector, {"name": name, "mimeType": kind, "buffer": content})

    def drag(self, selector, target, part):
        """Drags one thing onto another: to a part of its height from above."""
        self.clicks += 1
        onto = self.page.locator(target).first
        place = {"x": 60, "y": onto.bounding_box()["height"] * part}
        with self.page.expect_navigation():
            self.page.locator(selector).first.drag_to(onto, target_position=place)

    def open(self, path):
        """Goes to a screen that the menu or a link leads to: a click."""
        self.clicks += 1
        self.page.goto(path)

    def go_to(self, selector, key="Tab"):
        """Goes on with the Tab key, or another one, as often as it takes, until something has the focus."""
        for _time in range(300):
            if self.page.evaluate("(each) => document.activeElement.matches(each)", selector):
                return
            self.press(key)
        raise RuntimeError(f"Tab does not reach {selector}.")

    def follow(self):
        """Presses Enter on what leads to another screen."""
        with self.page.expect_navigation():
            self.press("Enter")

    def put_date(self, selector, moment="2027-11-30T09:00"):
        """Writes a date and time, which has twelve digits."""
        self.clicks, self.keys = self.clicks + 1, self.keys + 12
        self.page.fill(selector, moment)
