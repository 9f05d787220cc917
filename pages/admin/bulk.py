"""What is done with several pages at once: a screen says for each what will happen or why not, and then does it.

Each page has a transaction of its own, and an edition of its own where one is made: what one page refuses keeps no
other one from it. Only pages that are new and link to one another are published in one transaction, because neither can
be first. The same rules hold as on the screens about one page.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from .. import (
    indexes,
    publishing,
)
from ..integers import parse_integers
from ..models.edition import Edition
from ..models.page import Page
from .field_links import with_urls
from .page_views import may_publish
from .publishing import TimingForm

# So many pages at a time: a request that takes more would take too long.
MAX_PAGES = 100
TEMPLATE = "admin/pages/page/bulk.html"


@dataclass(slots=True)
class Line:
    """One page on the screen: what will happen to it, or why not as pairs of a sentence and an address (or None).

    `seen` names the text that the act is about, where it is about one: the digest of the working copy, or the id of an
    edition, which can be read at `url`. `needed` has the keys of pages that are not public yet and that it links to.
    """

    page: Page
    text: str = ""
    reasons: list[tuple[str, Any]] | tuple = ()
    seen: str = ""
    url: str = ""
    is_done: bool = False
    needed: frozenset[str] = frozenset()


class NoteForm(forms.Form):
    note = TimingForm.base_fields["note"]


class BulkView(View):
    """Something that is done with several pages, named by `pages` in the address or in what is sent.

    A subclass has the name of the act, its words, `lines` and `act_on`. `choice_form` asks something first that decides
    what will happen to each page; `details_form` asks what is kept beside it.
    """

    http_method_names = ("get", "head", "post", "options")
    model_admin = None
    act = permission = ""
    title = button = None
    choice_form = details_form = None

    @classmethod
    def url_pattern(cls, model_admin):
        """Returns the URL pattern of this view, open to staff only."""
        view = model_admin.admin_site.admin_view(cls.as_view(model_admin=model_admin))
        return path(f"bulk/{cls.act}/", view, name=f"pages_page_bulk_{cls.act}")

    @classmethod
    def url(cls, ids):
        """Returns the address of the screen for some pages."""
        return f"{reverse(f'admin:pages_page_bulk_{cls.act}')}?pages={','.join(map(str, ids))}"

    def dispatch(self, request, *args, **kwargs):
        is_open = may_publish(request) if self.permission == "publish" else True
        if not (is_open and self.model_admin.has_change_permission(request)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        data = request.POST if request.method == "POST" else request.GET
        pages = _pages(data.get("pages", ""))
        if not pages:
            messages.error(request, _("Select at least one page."))
            return HttpResponseRedirect(reverse("admin:pages_page_changelist"))
        choice = self.choice_form and self.choice_form(_sent(self.choice_form, data))
        if choice and not choice.is_valid():
            return self._render(request, pages, choice=choice)
        details = self.details(request)
        chosen = choice.cleaned_data if choice else {}
        lines = self.lines(request, pages, **chosen)
        if request.method == "POST" and (details is None or details.is_valid()):
            values = {**chosen, **(details.cleaned_data if details else {})}
            refused = [line for line in lines if line.reasons]
            done = self.do_all(request, [line for line in lines if not line.reasons], values)
            return self._render(request, pages, lines=[*done, *refused], is_done=True)
        return self._render(request, pages, lines=lines, choice=choice, details=details)

    post = get

    def details(self, request):
        """Returns the form of what is kept beside the act; None where nothing is."""
        return self.details_form and self.details_form(request.POST or None)

    def do_all(self, request, lines, values):
        """Does it to each page that does not refuse it; returns their lines."""
        return [self._do(request, line, values) for line in lines]

    def _do(self, request, line, values):
        """Does it to one page; returns the line that says so, or why it was not done."""
        seen = request.POST.get(f"seen-{line.page.pk}", "")
        try:
            with transaction.atomic():
                text = self.act_on(request, line.page, seen, **values)
        except publishing.NotReady as refusal:
            return Line(line.page, reasons=with_field_urls(line.page, refusal.reasons))
        except ValidationError as error:
            return Line(line.page, reasons=[(message, None) for message in error.messages])
        except Page.DoesNotExist:
            return Line(line.page, reasons=[(_("The page has been deleted."), None)])
        return Line(line.page, text, is_done=True)

    def _render(self, request, pages, *, lines=None, choice=None, details=None, is_done=False):
        lines = lines and [line for line in lines if not line.reasons] + [
            line for line in lines if line.reasons
        ]
        context = {
            **self.model_admin.admin_site.each_context(request),
            "opts": self.model_admin.opts,
            "title": self.title,
            "button": self.button,
            "pages": ",".join(str(page.pk) for page in pages),
            "selected": pages,
            "choice": choice,
            "details": details,
            "lines": lines,
            "possible": [line for line in lines or () if not line.reasons],
            "refused": [line for line in lines or () if line.reasons],
            "is_done": is_done,
        }
        return TemplateResponse(request, TEMPLATE, context)

    def lines(self, request, pages, **chosen):
        """Returns a `Line` for each page, in as many queries for many pages as for few."""
        raise NotImplementedError

    def act_on(self, request, page, seen, **values):
        """Does it to one page and says so in a sentence. Raises NotReady or ValidationError."""
        raise NotImplementedError


def _pages(text):
    """The pages whose ids stand in a text, in tree order, with all that they say."""
    indexes.backfill(["tree"])  # a process of an older version may have added some pages
    ids = parse_integers(text.split(",")[:MAX_PAGES])
    pages = Page.objects.with_content().select_related("owner", "tree_path")
    return list(pages.filter(pk__in=ids).in_tree_order())


def _sent(form, data):
    """What was sent for a form; None where nothing was, so that it asks."""
    return data if any(name in data for name in form.base_fields) else None


def with_field_urls(page, reasons):
    """Returns reasons as pairs of a sentence and the address of the field that it is about."""
    return [(reason.message, url) for reason, url in with_urls(page, reasons)]


def undecided(status, url):
    """Why a page with a scheduled text needs a decision that only the screen at `url` asks for; None without one."""
    texts = [edition for edition in status.scheduled if edition.kind == Edition.Kind.CURRENT]
    if not texts:
        return None
    text = _(
        "Edition %(number)s is scheduled for later. Use the screen of the page, which asks what happens to it."
    )
    return text % {"number": texts[0].number}, url
