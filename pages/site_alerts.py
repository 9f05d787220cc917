"""Site-wide alerts become public, and end: the acts, each recorded with who did it."""

from dataclasses import replace
from datetime import timedelta

from django.contrib.admin.models import CHANGE
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from . import content_checks, document, html, people, readiness, second_person
from .address_checks import language_in_sentence
from .document import LANGUAGES, Bilingual, Document
from .link_targets import LinkTargets
from .local_time import format_date_time
from .models import audit_entry
from .models.site_alert import MAX_SHOWN, SiteAlert

# Longer ones are a page, or a notice in the identity of the site.
MAX_PERIOD = timedelta(days=90)


def reasons_not_to_publish(alert):
    """What keeps an alert from being published, as sentences: texts that are missing, and what the checks block."""
    content = alert.read()
    block = content.blocks[0]
    reasons = []
    for language in LANGUAGES:
        name = language_in_sentence(language)
        if not block.heading[language]:
            reasons.append(_("The heading is missing in %(language)s.") % {"language": name})
        if html.is_blank(block.body[language]):
            reasons.append(_("The text is missing in %(language)s.") % {"language": name})
    broken = readiness.broken_links(content, LinkTargets.of_documents([content]))
    reasons += [reason.message for reason in broken]
    return reasons or [finding.message for finding in content_checks.blocking(content)]


def with_addresses(content: Document) -> Document:
    """Returns the document of an alert whose links to pages are links to the addresses that these have now.

    Such links come along with what is pasted from the text of a page. Every page shows an alert, and none looks up for
    it where other pages are.
    """
    targets = LinkTargets.of_documents([content])
    block = content.blocks[0]
    bodies = {
        language: targets.resolver(content, language)(block.body[language] or "") for language in LANGUAGES
    }
    return replace(content, blocks=(replace(block, body=Bilingual(**bodies)),))


@transaction.atomic
def publish(pk, *, by, ends_at, starts_at=None, at=None):
    """Publishes a draft: readers see it from `starts_at` (default: now) until `ends_at`. Returns the alert.

    Raises ValidationError where it is published already, is not ready, where the times are wrong, where too many would
    be shown at once, and where the person wrote it alone and may not.
    """
    at = at or timezone.now()
    # All that are not over, so that of two publications at once the second one sees the first.
    list(SiteAlert.objects.published().filter(ends_at__gt=at).for_update_in_order())
    alert = SiteAlert.objects.for_update_in_order().get(pk=pk)
    alert.refuse_change()
    if reasons := reasons_not_to_publish(alert):
        raise ValidationError(reasons)
    starts_at = starts_at or at
    _refuse_times(starts_at, ends_at, at)
    _refuse_own(alert, by)
    _refuse_crowd(starts_at, ends_at)
    alert.document = document.dumps(with_addresses(alert.read()))
    alert.starts_at, alert.ends_at, alert.published_at = starts_at, ends_at, at
    for name, value in people.columns(published_by=by).items():
        setattr(alert, name, value)
    alert.save()
    _record(by, alert, "published_at", "starts_at", "ends_at")
    return alert


@transaction.atomic
def end(pk, *, by, at=None):
    """Ends an alert at once, or cancels one that is still to come. Raises ValidationError where it is neither."""
    at = at or timezone.now()
    alert = SiteAlert.objects.for_update_in_order().get(pk=pk)
    if alert.state(at) not in ("scheduled", "shown"):
        raise ValidationError(_("This alert is not on the site and will not be."))
    was_shown = alert.state(at) == "shown"
    alert.ends_at = at if was_shown else alert.starts_at
    alert.save(update_fields=["ends_at"])
    _record(by, alert, "ends_at")
    return alert


def _refuse_times(starts_at, ends_at, at):
    if starts_at < at:
        raise ValidationError({"at": _("This date and time has passed. Choose a later one, or “Now”.")})
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("The alert must end after it starts.")})
    if ends_at - starts_at > MAX_PERIOD:
        text = _("An alert is shown for %(days)s days at most. Say what lasts longer on a page.")
        raise ValidationError({"ends_at": text % {"days": MAX_PERIOD.days}})


def _refuse_own(alert, by):
    if second_person.is_required(by) and alert.saved_by_id == by.pk:
        raise ValidationError(_("Someone else must publish the alert that you wrote."))


def _refuse_crowd(starts_at, ends_at):
    """More are shown than there may be, if ever, when the period begins or another alert within it."""
    others = list(SiteAlert.objects.overlapping(starts_at, ends_at))
    for moment in (starts_at, *(other.starts_at for other in others if other.starts_at > starts_at)):
        shown = [other for other in others if other.starts_at <= moment < other.ends_at]
        if len(shown) >= MAX_SHOWN:
            names = ", ".join(
                f"“{other}” ({format_date_time(timezone.localtime(other.ends_at))})" for other in shown
            )
            text = _(
                "At most %(limit)s alerts are shown at once. End one of these first, or choose other times: %(names)s."
            )
            raise ValidationError(text % {"limit": MAX_SHOWN, "names": names})


def _record(by, alert, *changed):
    """Adds to the activity log which fields an act has changed."""
    with override(None):
        labels = [str(SiteAlert._meta.get_field(name).verbose_name) for name in changed]
    audit_entry.record_objects(by, [alert], CHANGE, [{"changed": {"fields": labels}}])
