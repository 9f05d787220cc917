"""The public site as it was at a moment of the past, for staff who answer for what it said.

A moment stands in the address in UTC, and every link to a page leads on within the same moment.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime

from csp.decorators import csp_replace
from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import Resolver404, re_path, resolve, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import rendering
from ..link_targets import LinkTargets
from ..local_time import MIN_YEAR
from ..models.edition import Edition
from ..models.page import ADDRESS
from ..models.site_alert import alert_documents
from ..public_urls import page_path
from ..views import edition_at
from .datetimes import LocalDateTimeField
from .media import MEDIA_URL

FORMAT = "%Y%m%dT%H%M%SZ"
PAGE_URL_NAMES = {"home", "page", "language_selection"}

as_in_public = csp_replace(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])


class SiteAtForm(forms.Form):
    at = LocalDateTimeField()
    language = forms.ChoiceField(label=gettext_lazy("Language of the pages"), choices=settings.LANGUAGES)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        zone = timezone.get_current_timezone_name()
        self.fields["at"].help_text = _("Format: YYYY-MM-DD and time (%(zone)s).") % {"zone": zone}

    def clean_at(self):
        at = self.cleaned_data["at"]
        if at > timezone.now():
            raise forms.ValidationError(_("Choose a date and time in the past."))
        return at


@require_safe
def choose(request):
    """Asks for the moment, and leads to the home page as it was then."""
    _require_permission(request)
    form = SiteAtForm(request.GET or None, initial={"language": get_language()})
    if form.is_bound and form.is_valid():
        moment = form.cleaned_data["at"].astimezone(UTC).strftime(FORMAT)
        return HttpResponseRedirect(path_at(moment, page_path(form.cleaned_data["language"], "")))
    context = {**admin.site.each_context(request), "title": _("View the site on a past date"), "form": form}
    return TemplateResponse(request, "admin/pages/site_at/choose.html", context)


@require_safe
def front(request, moment):
    _require_permission(request)
    _parse_moment(moment)
    return HttpResponseRedirect(path_at(moment, page_path(get_language(), "")))


@require_safe
def page(request, moment, language, address=""):
    """What stood at an address, answered as it was then: 200, moved (301), withdrawn (410) or nothing (404)."""
    _require_permission(request)
    at = _parse_moment(moment)
    editions = Edition.objects.fetch_with_navigation(language, address, at)
    edition = edition_at(address, language, editions)
    if edition is None:
        return _render("missing", {"status": 404}, moment, at, language)
    alerts = rendering.site_alerts(alert_documents(edition), language)
    if edition.kind == Edition.Kind.WITHDRAWN:
        context = {"status": 410, "withdrawn": rendering.withdrawal(edition, language), "alerts": alerts}
        return _render("withdrawn", context, moment, at, language)
    if edition.text("address", language) != address:
        path = page_path(language, edition.text("address", language))
        return HttpResponsePermanentRedirect(path_at(moment, path))
    # Which pages a past edition links to is in no index.
    links = LinkTargets.of_documents([edition.read()], at)
    context = rendering.render_edition(edition, language, editions, links=links, media=MEDIA_URL)
    context = replace(context, is_preview=True, takes_reports=False, corrections="")
    return _render("page", {"page": context, "edition": edition, "alerts": alerts}, moment, at, language)


def _require_permission(request):
    if not request.user.has_perm("pages.view_edition"):
        raise PermissionDenied


def _parse_moment(moment):
    try:
        at = datetime.strptime(moment, FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise Http404 from None
    if at > timezone.now() or at.year < MIN_YEAR:
        raise Http404
    return at


def _render(template, context, moment, at, language):
    zone = timezone.get_current_timezone_name()
    context = {**context, "language": language, "at": timezone.localtime(at), "zone": zone}
    html = render_to_string(f"admin/pages/site_at/{template}.html", context)
    response = HttpResponse(_rewrite_links(html, moment), status=context.get("status", 200))
    response["Content-Language"] = language
    return response


def path_at(moment, path):
    """The address of the record for a path of the public site."""
    return reverse("record") + moment + path


_HREF = re.compile(rf'(<a\b[^>]*\bhref=")(?:{re.escape(settings.SITE_URL)})?(/[^"#?]*)')


def _rewrite_links(html, moment):
    """Lets every link to a page of the site lead to that page as it was at the same moment."""
    return _HREF.sub(
        lambda link: link[1] + path_at(moment, link[2]) if _leads_to_a_page(link[2]) else link[0], html
    )


def _leads_to_a_page(path):
    try:
        return resolve(path).url_name in PAGE_URL_NAMES
    except Resolver404:
        return False


def _for_staff(view):
    return admin.site.admin_view(view)


MOMENT = r"(?P<moment>[0-9]{8}T[0-9]{6}Z)"

urlpatterns = [
    re_path(r"^\Z", _for_staff(choose), name="record"),
    re_path(rf"^{MOMENT}/\Z", _for_staff(front), name="record_front"),
    re_path(
        rf"^{MOMENT}/(?P<language>en|fr)/(?P<address>{ADDRESS})?\Z",
        as_in_public(_for_staff(page)),
        name="record_page",
    ),
]
