"""The editor for rich text: a textarea that a script turns into an editor of what the site can show."""

from django import forms
from django_prose_editor.widgets import importmap
from js_asset import Media, Script


class RichTextInput(forms.Textarea):
    def __init__(self, attrs=None):
        super().__init__({"rows": 8, "class": "ci-rich-text", "data-rich-text": "", **(attrs or {})})

    @property
    def media(self):
        return Media(
            importmap=importmap,
            js=[Script("pages/admin/rich_text.js", type="module")],
        )
