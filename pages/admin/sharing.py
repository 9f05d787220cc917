"""The screen on which links to what is not public yet are made for people without an account, listed and revoked."""

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import shared_preview
from ..document import LANGUAGES
from ..fields import PlainTextFormField
from ..models import preview_link
from ..models.edition import Edition
from ..models.preview_link import PreviewLink
from ..public_urls import absolute_url
from .comparing import WORKING_COPY, edition_label
from .page_views import ChangingView

DAYS, MAX_DAYS = 7, 90
LINKS_SHOWN = 100


class ShareForm(forms.Form):
    """What is shown to whom, and for how long. `editions` are those that are not public yet."""

    what = forms.ChoiceField(label=gettext_lazy("Version to show"), initial=WORKING_COPY)
    days = forms.IntegerField(
        label=gettext_lazy("Number of days"), min_value=1, max_value=MAX_DAYS, initial=DAYS
    )
    note = PlainTextFormField(
        label=gettext_lazy("Shared with"),
        help_text=gettext_lazy("Helps staff tell this link from others. Only staff can see it."),
        required=False,
        max_length=100,
    )

    def __init__(self, *args, editions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [
            (WORKING_COPY, _("Working copy (as it is when the link is opened)")),
            *((str(edition.number), edition_label(edition)) for edition in editions),
        ]


class ShareView(ChangingView):
    route = name = "share"

    def respond(self, request, page):
        editions = {str(edition.number): edition for edition in _upcoming(page)}
        form = ShareForm(request.POST or None, editions=editions.values())
        new_urls = None
        if request.method == "POST" and form.is_valid():
            new_urls = self._make(request, page, form, editions)
            form = ShareForm(editions=editions.values())
        links = PreviewLink.objects.filter(page=page).select_related("edition", "created_by")
        return self.render(
            request,
            page,
            "share",
            title=_("Share a preview"),
            form=form,
            made=new_urls,
            links=links[:LINKS_SHOWN],
            kept_days=preview_link.ENDED_LINKS_KEPT_DAYS,
        )

    def _make(self, request, page, form, editions):
        """The addresses of a new link by language, to be shown this once."""
        values = form.cleaned_data
        link, token = preview_link.create_link(
            page,
            by=request.user,
            days=values["days"],
            edition=editions.get(values["what"]),
            note=values["note"],
        )
        return {
            language: absolute_url(shared_preview.preview_path(language, token)) for language in LANGUAGES
        }


class RevokeView(ChangingView):
    """Ends a link."""

    route, name = "share/<int:number>/revoke", "revoke"
    http_method_names = ("post", "options")

    def respond(self, request, page, number):
        link = get_object_or_404(PreviewLink, page=page, pk=number)
        if PreviewLink.objects.open().filter(pk=link.pk).update(revoked_at=timezone.now()):
            self.model_admin.log_deletions(request, [link])
        messages.success(request, _("This link no longer works."))
        return HttpResponseRedirect(reverse("admin:pages_page_share", args=[page.pk]))


def _upcoming(page):
    """Editions that wait for their moment or for a decision; what withdraws a page shows nothing."""
    waiting = Q(status=Edition.Status.IN_REVIEW) | Q(
        status=Edition.Status.APPROVED, publish_at__gt=timezone.now()
    )
    return Edition.objects.filter(waiting, page=page).readable().defer("document")
