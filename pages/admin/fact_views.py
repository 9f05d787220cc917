"""Screens about facts: what the editor’s dialog finds, where a fact is used, and publishing these pages together."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from .. import fact_uses, letters, publishing, second_person
from ..document import LANGUAGES
from ..models.fact import Fact
from ..models.page import Page
from ..readiness import field_label
from ..typography import date_text, typeset
from .field_links import field_urls, with_urls
from .page_links import MAX_RESULTS, MAX_TYPED
from .page_views import may_publish


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


class FactUsesView(View):
    """Each page and place that uses a fact: what readers see, and what the working copy says.

    From here all of the pages are published together, or submitted for review.
    """

    http_method_names = ("get", "head", "post", "options")
    model_admin = None

    def dispatch(self, request, *args, **kwargs):
        may_look = self.model_admin.has_view_or_change_permission(request)
        if not may_look or not request.user.has_perm("pages.view_page"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, object_id):
        return self._render(request, self._fact(request, object_id))

    def post(self, request, object_id):
        fact = self._fact(request, object_id)
        acts = {"publish": self._publish, "submit": self._submit}
        act = acts.get(_act_of(request))
        if act is None:
            raise PermissionDenied
        try:
            text = act(fact, request.POST.get("seen", ""), request.user)
        except publishing.NotReady as refusal:
            return self._render(request, fact, reasons=_linked(refusal.reasons))
        except ValidationError as error:
            return self._render(request, fact, reasons=[(message, None) for message in error.messages])
        messages.success(request, text)
        return HttpResponseRedirect(reverse("admin:pages_fact_uses", args=[fact.pk]))

    def _fact(self, request, object_id):
        fact = self.model_admin.get_object(request, str(object_id))
        if fact is None:
            raise Http404
        return fact

    def _publish(self, fact, was_seen, person):
        number = len(fact_uses.publish_everywhere(fact, was_seen, by=person))
        text = ngettext(
            "%(number)s page was published with the figure, in both languages.",
            "%(number)s pages were published with the figure, in both languages.",
            number,
        )
        return text % {"number": number}

    def _submit(self, fact, was_seen, person):
        number = len(fact_uses.submit_everywhere(fact, was_seen, by=person))
        text = ngettext(
            "%(number)s page was submitted for review.", "%(number)s pages were submitted for review.", number
        )
        return text % {"number": number}

    def _render(self, request, fact, reasons=()):
        found = fact_uses.find_uses(fact)
        context = {
            **self.model_admin.admin_site.each_context(request),
            "opts": self.model_admin.opts,
            "title": _("Where it is used"),
            "original": fact,
            "subtitle": str(fact),
            "words": {language: typeset(fact.words[language], language) for language in LANGUAGES},
            "reasons": reasons,
            "act": _act_of(request),
            "seen": fact_uses.seen(found),
            **_groups(found),
        }
        return TemplateResponse(request, "admin/pages/fact/uses.html", context)


def _act_of(request):
    """What this person can do with all of the pages: publish them, submit them for review, or nothing."""
    if may_publish(request) and not second_person.is_required(request.user):
        return "publish"
    return "submit" if request.user.has_perm("pages.change_page") else ""


def _groups(found):
    """The pages that wait, those that show the figure already, and all others, each with its places."""
    views = [(uses, _places_of(uses)) for uses in found]
    return {
        "waiting": [view for view in views if view[0].is_waiting],
        "current": [view for view in views if not view[0].is_waiting and view[0].is_up_to_date],
        "others": [view for view in views if not view[0].is_waiting and not view[0].is_up_to_date],
    }


def _places_of(uses):
    """Each place of a page with the address and the name of its field."""
    urls = field_urls(uses.page, [(use.path, use.language) for use in uses.uses])
    return [(use, url, _label(uses.document, use.path)) for use, url in zip(uses.uses, urls, strict=True)]


def _label(document, path):
    try:
        return capfirst(field_label(document, path))
    except StopIteration:  # a block that the working copy no longer has
        return capfirst(_("live edition"))


def _linked(reasons):
    """Each reason with the address at which it can be corrected: one query for all pages."""
    pages = {page.key: page for page in Page.objects.filter(key__in={reason.page for reason in reasons})}
    linked = []
    for key, page in pages.items():
        own = [reason for reason in reasons if reason.page == key]
        linked += [(f"{page}: {reason.message}", url) for reason, url in with_urls(page, own)]
    return linked
