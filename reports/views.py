"""The public doors of the report form: show it, take what was sent, say thank you."""

import logging

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from pages import rendering
from pages.compression import compressed
from pages.integers import MAX_INTEGER, parse_integer
from pages.models.edition import Edition
from pages.public_urls import other_language

from . import report_throttle, spam
from .csrf import is_cross_site
from .form_context import reported_page
from .forms import (
    DECOY,
    EDITION,
    FORM_LANGUAGE,
    SHOWN,
    TEXTS,
    ReportForm,
    seconds_since_shown,
    sign_time_shown,
)

logger = logging.getLogger(__name__)

# Seconds until it is worth trying again when the database takes no writes.
WHEN_LOCKED = 30

# The parameter by which the thanks know the key of the page that was reported.
PAGE = "page"


@gzip_page  # nothing secret is on these pages that compression could tell
@csrf_exempt  # `is_cross_site` does this work without a cookie; see `csrf`
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
def report(request, language, key):
    """The form as a page of its own (GET), and where every form of this kind is sent (POST)."""
    if request.method == "POST" and is_cross_site(request):
        raise PermissionDenied("Sent from another site")
    live = Edition.objects.live().readable().filter(page__key=key).with_links(language).first()
    document = live and live.read()
    if not (document and document.takes_reports):
        raise Http404
    links = rendering.linked_paths(live, language)
    if request.method != "POST":
        return _form_page(ReportForm(page=reported_page(live, document, language, links)))
    seen = _edition_seen(live, request.POST.get(EDITION, ""))
    if seen not in (live, None):
        document = seen.read()
    page = reported_page(seen or live, document, language, links)
    clients = report_throttle.client_keys(request)
    if wait := report_throttle.retry_after(*clients):
        logger.warning("A report was turned away: too many in a short time")
        return _form_page(ReportForm.unread(request.POST, page=page), status=429, wait=wait)
    form = ReportForm(request.POST, page=page)
    if seen is None:
        form.add_error(
            None, _("The page has changed since you opened it. Check your report, then submit it again.")
        )
    if not form.is_valid():
        logger.info("A report on %s was refused: %s", key, ", ".join(form.codes))
        return _form_page(form, status=422)
    return _accept(request, form, seen, client=clients[0] if clients else "")


def _edition_seen(live, number):
    """The edition that the visitor had before them, or None if the page never had a public one of that number.

    A form that names none came from the live one.
    """
    if number in ("", str(live.number)):
        return live
    number = parse_integer(number, maximum=MAX_INTEGER)
    if number is None:
        return None
    public = Edition.objects.approved().readable().filter(publish_at__lte=timezone.now())
    return public.filter(page=live.page_id, number=number).first()


@sensitive_variables()
def _accept(request, form, edition, *, client):
    report = form.report(edition, spam_sign=spam.detect(_submission(request, form, client)))
    try:
        with transaction.atomic():
            report.save()
    except OperationalError as error:
        logger.error("A report could not be stored: %s", type(error).__name__)
        return _form_page(form, status=503, wait=WHEN_LOCKED)
    return HttpResponseRedirect(_thank_you_path(form.page.language, form.page.key), status=303)


def _thank_you_path(language, key):
    """Names the page, so that its reader finds the way back; nothing of the report."""
    query = f"?{urlencode({PAGE: key})}" if key else ""
    return reverse("reports:thank_you", kwargs={"language": language}) + query


def _submission(request, form, client):
    details = "\n".join(filter(None, (form.cleaned_data.get(name) for name in TEXTS)))
    return spam.Submission(
        details=details,
        reasons=tuple(form.cleaned_data["reasons"]),
        language=form.page.language,
        decoy=request.POST.get(DECOY, ""),
        form_languages=tuple(request.POST.getlist(FORM_LANGUAGE)),
        seconds_since_shown=seconds_since_shown(request.POST.get(SHOWN, "")),
        sent_before=report_throttle.is_repeat(client, details),
    )


def _form_page(form, *, status=200, wait=0):
    page = form.page
    context = {
        "form": form,
        "page": page,
        "language": page.language,
        "alerts": rendering.current_site_alerts(page.language),
        "stamp": sign_time_shown(),
        "status": status,
        "toggle": reverse(
            "reports:report", kwargs={"language": other_language(page.language), "key": page.key}
        ),
    }
    headers = {"Retry-After": str(wait)} if wait else {}
    response = HttpResponse(render_to_string("reports/report.html", context), status=status, headers=headers)
    # Made for one visitor: it may hold what they wrote.
    patch_cache_control(response, no_store=True)
    return response


@compressed
@require_safe
def thank_you(request, language):
    key = request.GET.get(PAGE, "")
    live = Edition.objects.live().readable().filter(page__key=key).defer("document").first() if key else None
    context = {
        "language": language,
        "alerts": rendering.current_site_alerts(language),
        "contact": rendering.site_links(language)["contact"],
        "page": live and rendering.link(live, language),
        "toggle": _thank_you_path(other_language(language), key if live else ""),
    }
    response = HttpResponse(render_to_string("reports/thank_you.html", context))
    patch_cache_control(response, public=True, no_cache=True)
    return response
