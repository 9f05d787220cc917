"""Screens about facts: what the editor’s dialog finds, where a fact is used, and publishing these pages together."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.urls import path
from django.utils.translation import get_language, ngettext
from django.views.generic import View

from .. import letters
from ..document import LANGUAGES
from ..models.fact import Fact
from ..typography import date_text, typeset
from .field_links import field_urls
from .page_links import MAX_RESULTS, MAX_TYPED
from .shared_content import UsesView, place_label


class FactSearchView(View):
    """What the dialog for facts shows, in JSON: facts whose names, figures or key have all of the words of `q`; with
    `fact`, a key, that one. For those who may write pages, so it is one of the screens of pages.
    """

    http_method_names = ("get", "head", "options")
    model_admin = None

    @classmethod
    def url_pattern(cls, model_admin):
        """Returns the URL pattern of this view, open to staff only."""
        view = model_admin.admin_site.admin_view(cls.as_view(model_admin=model_admin))
        return path("facts/", view, name="pages_page_facts")

    def get(self, request):
        if not self.model_admin.has_view_or_change_permission(request):
            raise PermissionDenied
        if "fact" in request.GET:
            fact = Fact.objects.filter(key=request.GET["fact"].replace("\0", "")).first()
            if fact is None:
                raise Http404
            return JsonResponse({"fact": _described(fact)})
        typed = request.GET.get("q", "").replace("\0", "")[:MAX_TYPED]
        return JsonResponse({"facts": _find(letters.fold(typed).split())})


def _find(wanted):
    found = []
    for fact in Fact.objects.order_by("key"):
        described = _described(fact)
        names, words = described["names"], described["words"]
        text = letters.fold("\n".join([fact.key, fact.value, *names.values(), *words.values()]))
        if all(word in text for word in wanted):
            found.append(described)
        if len(found) == MAX_RESULTS:
            break
    return found


def _described(fact):
    return {
        "key": fact.key,
        "names": {language: fact.name[language] for language in LANGUAGES},
        "words": {language: fact.words[language] for language in LANGUAGES},
        "asOf": date_text(fact.as_of, get_language()) if fact.as_of else "",
        "isOverdue": fact.is_overdue,
    }


class FactUsesView(UsesView):
    """Each page and place that uses a fact, with the words around it."""

    template = "admin/pages/fact/uses.html"

    def context(self, row):
        return {"words": {language: typeset(row.words[language], language) for language in LANGUAGES}}

    def published(self, number):
        text = ngettext(
            "%(number)s page was published with the figure, in both languages.",
            "%(number)s pages were published with the figure, in both languages.",
            number,
        )
        return text % {"number": number}

    def places_of(self, uses):
        """Each place with the address and the name of its field."""
        urls = field_urls(uses.page, [(use.path, use.language) for use in uses.uses])
        return [
            (use, url, place_label(uses.document, use.path)) for use, url in zip(uses.uses, urls, strict=True)
        ]
