"""Filling in the forms of the admin as a browser would: what a page holds, changed, and blocks added to it."""

from html.parser import HTMLParser

from django.urls import reverse


class _Fields(HTMLParser):
    """Collects what a browser would send of the form around `inside`, an id of the form element."""

    def __init__(self, inside):
        super().__init__(convert_charrefs=True)
        self.inside, self.is_open = inside, False
        self.data, self.select, self.textarea = {}, None, None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.is_open = (
                attributes.get("id") == self.inside or not self.inside and "action" not in attributes
            )
        if not self.is_open:
            return
        name = attributes.get("name")
        if tag == "input" and name:
            self._input(name, attributes)
        elif tag == "textarea":
            self.textarea = name
            self.data[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in attributes:
            self.data[self.select] = attributes.get("value", "")

    def _input(self, name, attributes):
        kind = attributes.get("type", "text")
        if kind in ("submit", "button", "file"):
            return
        if kind in ("checkbox", "radio"):
            if "checked" in attributes:
                self.data.setdefault(name, []).append(attributes.get("value", "on"))
            return
        self.data[name] = attributes.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.is_open = False
        elif tag == "textarea":
            self.textarea = None
        elif tag == "select":
            self.select = None

    def handle_data(self, text):
        if self.is_open and self.textarea:
            self.data[self.textarea] += text


def fields(response, form=""):
    """What the form of a page would send as it stands; `form` is its id, or "" for the one without an action."""
    parser = _Fields(form)
    parser.feed(response.content.decode())
    # HTML leaves out one line end at the start of a textarea.
    return {
        name: value.removeprefix("\n") if isinstance(value, str) else value
        for name, value in parser.data.items()
    }


def change_address(page):
    return reverse("admin:pages_page_change", args=[page.pk])


def page_form(client, page):
    """What the form of a page's working copy would send as it stands."""
    return fields(client.get(change_address(page)), "page_form")


def add_block(data, kind, **values):
    """Adds a new block to the data of a page's form, at the end; `kind` is the name of its model in small letters."""
    prefix = f"pages_{kind}_set"
    index = int(data[f"{prefix}-TOTAL_FORMS"])
    data[f"{prefix}-TOTAL_FORMS"] = str(index + 1)
    last = max(
        (int(value) for name, value in data.items() if name.endswith("-ordering") and value), default=0
    )
    new = {"region": "main", "ordering": str(last + 10), "known_as": "", "id": "", **values}
    data.update({f"{prefix}-{index}-{name}": value for name, value in new.items()})
    return data


def save_image(client, row, **changes):
    """What follows from saving an image of the library with some fields of its form changed."""
    address = reverse("admin:pages_libraryimage_change", args=[row.pk])
    return client.post(address, fields(client.get(address), "libraryimage_form") | changes, follow=True)
