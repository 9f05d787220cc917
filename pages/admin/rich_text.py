"""The editor for rich text: a textarea that a script turns into an editor of what the site can show."""

from django import forms
from django.urls import reverse
from django_prose_editor.widgets import importmap
from js_asset import Media, Script


class RichTextInput(forms.Textarea):
    offers_pages = True  # in the dialog for links; and facts and images

    def __init__(self, attrs=None):
        super().__init__({"rows": 8, "class": "ci-rich-text", "data-rich-text": "", **(attrs or {})})

    def get_context(self, name, value, attrs):
        """Adds where the dialogs for links, facts and images find them."""
        context = super().get_context(name, value, attrs)
        if self.offers_pages:
            context["widget"]["attrs"]["data-links"] = reverse("admin:pages_page_links")
            context["widget"]["attrs"]["data-facts"] = reverse("admin:pages_page_facts")
            context["widget"]["attrs"]["data-images"] = reverse("admin:pages_libraryimage_search")
        return context

    @property
    def media(self):
        return Media(
            importmap=importmap,
            js=[Script("pages/admin/rich_text.js", type="module")],
        )


class AddressesOnlyRichTextInput(RichTextInput):
    """For texts that belong to no page: they link to addresses, not to pages by their keys; no facts, no images."""

    offers_pages = False
