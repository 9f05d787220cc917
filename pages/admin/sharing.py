"""The screen on which links to what is not public yet are made for people without an account, listed and revoked."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import preview_links, shared
from ..addresses import absolute
from ..document import LANGUAGES
from ..editions import Edition
from ..preview_links import PreviewLink
from .comparing import WORKING_COPY, described
from .screens import Screens

DAYS, MOST_DAYS = 7, 90
LINKS_SHOWN = 100


class ShareForm(forms.Form):
    """What is shown to whom, and for how long. `editions` are those that are not public yet."""

    what = forms.ChoiceField(label=gettext_lazy("What to show"), initial=WORKING_COPY)
    days = forms.IntegerField(
        label=gettext_lazy("For how many days"), min_value=1, max_value=MOST_DAYS, initial=DAYS
    )
    note = forms.CharField(
        label=gettext_lazy("For whom"),
        help_text=gettext_lazy("So that staff can tell this link from others. Only they can see it."),
        required=False,
        max_length=100,
    )

    def __init__(self, *args, editions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [
            (WORKING_COPY, _("Working copy, as it is when the link is followed")),
            *((str(edition.number), described(edition)) for edition in editions),
        ]


class Sharing(Screens):
    def get_urls(self):
        return [
            self.screen_path("share", self.share_view, "share"),
            self.screen_path("share/<int:number>/revoke", self.revoke_view, "revoke"),
            *super().get_urls(),
        ]

    def share_view(self, request, page_id):
        page = self._page_to_share(request, page_id)
        editions = {str(edition.number): edition for edition in _to_come(page)}
        form = ShareForm(request.POST or None, editions=editions.values())
        made = None
        if request.method == "POST" and form.is_valid():
            made = self._make(request, page, form, editions)
            form = ShareForm(editions=editions.values())
        links = PreviewLink.objects.filter(page=page).select_related("edition", "created_by")
        return self.screen(
            request,
            page,
            "share",
            title=_("Share a preview"),
            form=form,
            made=made,
            links=links[:LINKS_SHOWN],
        )

    def _make(self, request, page, form, editions):
        """The addresses of a new link by language, to be shown this once."""
        values = form.cleaned_data
        link, token = preview_links.make(
            page,
            by=request.user,
            days=values["days"],
            edition=editions.get(values["what"]),
            note=values["note"],
        )
        self.log_change(request, page, [{"added": {"name": "preview link", "object": str(link)}}])
        return {language: absolute(shared.path_of_preview(language, token)) for language in LANGUAGES}

    def revoke_view(self, request, page_id, number):
        page = self._page_to_share(request, page_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        link = get_object_or_404(PreviewLink, page=page, pk=number)
        if PreviewLink.objects.open().filter(pk=link.pk).update(revoked_at=timezone.now()):
            self.log_change(request, page, [{"deleted": {"name": "preview link", "object": str(link)}}])
        self.message_user(request, _("The link no longer works."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:pages_page_share", args=[page.pk]))

    def _page_to_share(self, request, page_id):
        page = self.page_to_view(request, page_id)
        if not self.has_change_permission(request, page):
            raise PermissionDenied
        return page


def _to_come(page):
    """Editions that wait for their moment or for a decision; what withdraws a page shows nothing."""
    waiting = Q(status=Edition.Status.IN_REVIEW) | Q(
        status=Edition.Status.APPROVED, publish_at__gt=timezone.now()
    )
    return Edition.objects.filter(waiting, page=page).readable().defer("document")
