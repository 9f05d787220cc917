"""The public doors of the report form: show it, take what was sent, say thank you."""

import logging

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from pages import rendering
from pages.addresses import other
from pages.editions import Edition

from . import limits, spam
from .forms import DECOY, EDITION, FORM_LANGUAGE, SHOWN, ReportForm, seconds_since, stamp
from .origin import is_foreign
from .subject import subject_of

logger = logging.getLogger(__name__)

# The key of the page that tells how to reach a person, if the site has one.
CONTACT = "contact"

# Seconds until it is worth trying again when the database takes no writes.
WHEN_LOCKED = 30


@csrf_exempt  # `is_foreign` does this work without a cookie; see `origin`
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
def report(request, language, key):
    """The form as a page of its own (GET), and where every form of this kind is sent (POST)."""
    if request.method == "POST" and is_foreign(request):
        raise PermissionDenied("Sent from another site")
    live = Edition.objects.live().readable().filter(page__key=key).first()
    document = live and live.read()
    if not (document and document.takes_reports):
        raise Http404
    if request.method != "POST":
        return _form_page(ReportForm(page=subject_of(live, document, language)))
    seen = _edition_seen(live, request.POST.get(EDITION, ""))
    if seen not in (live, None):
        document = seen.read()
    form = ReportForm(request.POST, page=subject_of(seen or live, document, language))
    if seen is None:
        form.add_error(
            None, _("The page has changed since you opened it. Check your report, then send it again.")
        )
    if not form.is_valid():
        logger.info("A report on %s was refused: %s", key, ", ".join(form.codes))
        return _form_page(form, status=422)
    return _accept(request, form, seen)


def _edition_seen(live, number):
    """The edition that the visitor had before them, or None if the page never had a public one of that number.

    A form that names none came from the live one.
    """
    if number in ("", str(live.number)):
        return live
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    public = Edition.objects.approved().readable().filter(publish_at__lte=timezone.now())
    return public.filter(page=live.page_id, number=int(number)).first()


@sensitive_variables()
def _accept(request, form, edition):
    sender = limits.sender_of(request)
    if wait := limits.seconds_to_wait(sender):
        logger.warning("A report was turned away: too many in a short time")
        return _form_page(form, status=429, wait=wait)
    report = form.report(edition, spam_sign=spam.sign_of(_submission(request, form, sender)))
    try:
        with transaction.atomic():
            report.save()
    except OperationalError as error:
        logger.error("A report could not be stored: %s", type(error).__name__)
        return _form_page(form, status=503, wait=WHEN_LOCKED)
    return HttpResponseRedirect(
        reverse("reports:thank_you", kwargs={"language": form.page.language}), status=303
    )


def _submission(request, form, sender):
    details = form.cleaned_data["details"]
    return spam.Submission(
        details=details,
        reasons=tuple(form.cleaned_data["reasons"]),
        language=form.page.language,
        decoy=request.POST.get(DECOY, ""),
        form_languages=tuple(request.POST.getlist(FORM_LANGUAGE)),
        seconds_since_shown=seconds_since(request.POST.get(SHOWN, "")),
        sent_before=limits.has_sent(sender, details),
    )


def _form_page(form, *, status=200, wait=0):
    page = form.page
    context = {
        "form": form,
        "page": page,
        "language": page.language,
        "stamp": stamp(),
        "status": status,
        "toggle": reverse("reports:report", kwargs={"language": other(page.language), "key": page.key}),
    }
    headers = {"Retry-After": str(wait)} if wait else {}
    response = HttpResponse(render_to_string("reports/report.html", context), status=status, headers=headers)
    # Made for one visitor: it may hold what they wrote.
    patch_cache_control(response, no_store=True)
    return response


@require_safe
def thank_you(request, language):
    contact = Edition.objects.live().readable().filter(page__key=CONTACT).first()
    context = {
        "language": language,
        "contact": contact and rendering.link(contact, language),
        "toggle": reverse("reports:thank_you", kwargs={"language": other(language)}),
    }
    response = HttpResponse(render_to_string("reports/thank_you.html", context))
    patch_cache_control(response, public=True, no_cache=True)
    return response
