"""The page above a page, chosen by typing a part of its title: a field as light with ten thousand pages as with ten.

It works without a script too: a whole title or a key is understood as well.
"""

import re

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import JsonResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.generic import View

from ..models.active_language import active_language_first
from ..models.page import Page

MAX_SUGGESTIONS = 12
# Two titles and a key.
MAX_LENGTH = sum(Page._meta.get_field(name).max_length for name in ("title_en", "title_fr", "key")) + len(
    " /  ()"
)

_WITH_KEY = re.compile(r"\(([\w-]+)\)\s*\Z")


def page_label(page):
    """How the field names a page: its titles, that in the language of the screen first, and its key, by which it is
    known again.
    """
    texts = (getattr(page, f"title_{language}") for language in active_language_first())
    titles = dict.fromkeys(title for title in texts if title)
    return f"{' / '.join(titles)} ({page.key})" if titles else f"({page.key})"


def parse_key(text):
    """The key in what the field was sent with; the text itself where nothing was chosen."""
    found = _WITH_KEY.search(text)
    return found[1] if found else _clean(text)


def _clean(text):
    return text.replace("\0", "")[:MAX_LENGTH].strip()


class ParentInput(forms.TextInput):
    """A text field with a list of suggestions that a script fills in as one types."""

    def render(self, name, value, attrs=None, renderer=None):
        suggestions = f"{(attrs or {}).get('id', name)}_pages"
        attrs = {
            **(attrs or {}),
            "list": suggestions,
            "data-pages": reverse("admin:pages_page_parents"),
            "autocomplete": "off",
            "maxlength": MAX_LENGTH,
            "class": "vTextField",
        }
        field = super().render(name, value, attrs, renderer)
        return format_html('{}<datalist id="{}"></datalist>', field, suggestions)


class ParentField(forms.ModelChoiceField):
    widget = ParentInput

    def prepare_value(self, value):
        """Of a key that was sent, of a row or of the number of one; what is none of these stays as it was typed."""
        if isinstance(value, str):
            page = self.queryset.filter(key=parse_key(value)).first()
        else:
            page = self.queryset.filter(pk=getattr(value, "pk", value)).first()
        return page_label(page) if page else value

    def to_python(self, value):
        if value in self.empty_values:
            return None
        text = _clean(str(value))
        page = self.queryset.filter(key=parse_key(text)).first() or self._titled(text)
        if page is None:
            raise ValidationError(
                _("There is no page “%(text)s”. Choose one from the list that appears as you type."),
                params={"text": text},
            )
        return page

    def _titled(self, text):
        """The only page with that title."""
        found = self.queryset.filter(Q(title_en=text) | Q(title_fr=text))[:2]
        return found[0] if len(found) == 1 else None

    def has_changed(self, initial, data):
        before = self.queryset.filter(pk=initial).first() if initial else None
        return (before.key if before else "") != parse_key(data or "")


def refuse_unplaced(parent):
    """Raises ValidationError when a page is in a cycle or below one: nothing can be put there."""
    try:
        Page(key="new", parent=parent).clean()
    except ValidationError as error:
        raise ValidationError(error.messages) from None


class SuggestionsView(View):
    """What the field suggests, in JSON, for the text that was typed so far."""

    http_method_names = ("get", "head", "options")
    model_admin = None

    @classmethod
    def url_pattern(cls, model_admin):
        """Returns the URL pattern of this view, open to staff only."""
        view = model_admin.admin_site.admin_view(cls.as_view(model_admin=model_admin))
        return path("parents/", view, name="pages_page_parents")

    def get(self, request):
        if not self.model_admin.has_view_or_change_permission(request):
            raise PermissionDenied
        text = _clean(request.GET.get("q", ""))
        found = Page.objects.filter(
            Q(title_en__icontains=text) | Q(title_fr__icontains=text) | Q(key__icontains=parse_key(text))
        )
        title = f"title_{active_language_first()[0]}"
        return JsonResponse(
            {"pages": [page_label(page) for page in found.order_by(title, "pk")[:MAX_SUGGESTIONS]]}
        )
