"""Publish one language alone when it cannot wait for the other, and tell readers when that one follows."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from . import approval, readiness, single_language, working_copy
from .local_time import format_date
from .models.edition import Edition, Emergency
from .models.page import Page
from .models.review import ReviewStep


def publish_in_emergency(page, *, language, reason, due_on, by):
    """Makes one language of the working copy public at once, and returns the edition.

    The other language stays as it is, under a notice that its translation follows by `due_on`. Nobody else has to
    approve it. Raises NotReady with the reasons, or ValidationError, with the names of the arguments where one is
    at fault, when the page is not live, another emergency stands in the way or nothing has changed.
    """
    _refuse_without_reason(reason)
    with transaction.atomic():
        page = Page.objects.for_update_in_order().get(pk=page.pk)
        live = Edition.objects.live().filter(page=page).select_related("emergency_record__agreed").first()
        obstacle = reason_against_emergency(live, page.editions.scheduled().defer("document"), language)
        if obstacle:
            raise ValidationError(obstacle)
        _refuse_due_date(due_on, latest_due_date(live.emergency))
        written, before = working_copy.read(page), live.read()
        document = single_language.merge_languages(written, before, language)
        if document == before:
            raise ValidationError(
                {"language": _("This language has not changed. There is nothing to publish.")}
            )
        reasons = readiness.reasons_not_to_publish_alone(written, language)
        if reasons:
            raise approval.NotReady(reasons)
        edition = approval.approve_document(page, document, by=by, at=None, note="")
        Emergency.objects.create(
            edition=edition,
            language=language,
            reason=reason,
            due_on=due_on,
            since=edition.publish_at,
            agreed=live.emergency.agreed if live.emergency else live,
        )
        approval.record_step(edition, ReviewStep.Action.EMERGENCY, by=by)
        approval.index_and_check([edition], by=by)
        return edition


def reason_against_emergency(live, scheduled, language=""):
    """Why a page cannot be published in one language only (in this one, if given), in a sentence; "" when it can.

    `live` is its edition that is live, or None; `scheduled` are those to come.
    """
    if live is None or live.kind != Edition.Kind.CURRENT:
        return _(
            "A page that is not yet online must be published in both languages, because the other language "
            "has no text yet."
        )
    if any(not edition.changes_state for edition in scheduled):
        return _("An edition is already scheduled and would replace the current one. Cancel it first.")
    if language and live.emergency and live.emergency.language != language:
        return _("The translation of an earlier emergency text is still due. Publish both languages.")
    return ""


def latest_due_date(emergency=None):
    """Returns the last date by which a translation may be due, in the time zone of the site.

    EMERGENCY_DAYS count from the first edition of an emergency: publishing again while `emergency` (that of the live
    edition) lasts gives no more time. Once they are over, only today is left.
    """
    today = since = timezone.localdate()
    if emergency:
        first = Emergency.objects.filter(agreed=emergency.agreed_id).aggregate(since=Min("since"))
        since = timezone.localdate(first["since"])
    return max(today, since + timedelta(days=settings.EMERGENCY_DAYS))


def _refuse_without_reason(reason):
    if not reason.strip():
        raise ValidationError({"reason": _("Explain why this cannot wait. Your reason is kept on record.")})


def _refuse_due_date(due_on, latest):
    if not timezone.localdate() <= due_on <= latest:
        text = _("Choose a date from today to %(latest)s.")
        raise ValidationError({"due_on": text % {"latest": format_date(latest)}})
