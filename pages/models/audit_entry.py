"""What people did in the admin: the log of Django, in a table that outlives their accounts.

Django deletes its log entries with the account of their author, so a page would lose its history when somebody leaves.
"""

import json

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import people
from ..fields import PlainCharField

# Names of objects and fields in older entries, which catalogues know by another name now.
RENAMED = {
    "kind": "type",
    "list of pages": "list of subpages",
    "Owner": "Page owner",
    "owner": "page owner",
    "Review by": "Content review date",
    "review by": "content review date",
    "second factor": "two-factor authentication",
}


class AuditEntryQuerySet(models.QuerySet):
    def of_model(self, model):
        """Finds the entries about objects of one type."""
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def about(self, model, object_id):
        """Finds the entries about one object, the newest first, with their accounts."""
        entries = self.of_model(model).filter(object_id=str(object_id))
        return entries.select_related("user").order_by("-action_time", "-pk")

    def saves(self, page):
        """The entries about the working copy of a page, the newest first.

        Earlier releases also logged here what the acts on editions and the preview links say themselves.
        """
        entries = self.about(type(page), page.pk)
        for name in ("edition", "scheduled edition", "preview link"):
            entries = entries.exclude(change_message__contains=f'"name": "{name}"')
        return entries


class AuditEntry(models.Model):
    """One act of a person in the admin. Its columns are those of Django's `LogEntry`, and the name.

    Never changed, but that a draft which saves itself adds to the entry of the same sitting.
    """

    action_time = models.DateTimeField(_("date and time"), default=timezone.now, editable=False)
    user = people.account_field(_("account"))
    user_name = people.name_field(_("name"))
    content_type = models.ForeignKey(
        ContentType, verbose_name=_("type of object"), on_delete=models.CASCADE, related_name="+"
    )
    object_id = models.CharField(_("id of the object"), max_length=255, blank=True)
    object_repr = PlainCharField(_("object"), max_length=200)
    action_flag = models.PositiveSmallIntegerField(_("action"))
    change_message = models.TextField(_("what was done"), blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity log entry")
        verbose_name_plural = _("activity log entries")
        default_permissions = ()
        ordering = ["-action_time", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id", "-action_time"], name="audit_of_object")]

    def __str__(self):
        return f"{self.action_time:%Y-%m-%d %H:%M} {self.object_repr}"

    @property
    def user_shown(self):
        """The name of the person who did it, as far as it is known."""
        return people.recorded(self, "user")

    def continue_with(self, message):
        """Adds what the same person has just changed to an entry about changes; says whether it is one."""
        try:
            earlier = json.loads(self.change_message)
        except ValueError:
            return False
        if not isinstance(earlier, list) or not earlier:
            return False
        self.change_message = json.dumps(_joined(earlier, message))
        self.action_time = timezone.now()
        self.save(update_fields=["change_message", "action_time"])
        return True

    def get_change_message(self):
        """Returns what was done, in the active language and in the words of today."""
        message = _with_names_of_today(self.change_message)
        return LogEntry(action_flag=self.action_flag, change_message=message).get_change_message()


def _joined(acts, later):
    """Returns the acts of two messages as one: what was added stays added, and the fields of a change are told once."""
    joined = [dict(act) for act in acts]
    for act in later:
        [(verb, details)] = act.items()
        about = (details.get("name"), details.get("object"))
        same = [
            known
            for known in joined
            for known_verb, known_details in known.items()
            if (known_details.get("name"), known_details.get("object")) == about and known_verb != "deleted"
        ]
        if verb != "changed" or not same:
            joined.append(act)
            continue
        if "changed" in same[-1]:
            fields = [*same[-1]["changed"].get("fields", ()), *details.get("fields", ())]
            same[-1]["changed"] = {**details, "fields": list(dict.fromkeys(fields))}
    return joined


def _with_names_of_today(message):
    """Returns a change message with the names that texts of the interface have now; plain text as it is."""
    try:
        acts = json.loads(message)
    except ValueError:
        return message
    if not isinstance(acts, list):
        return message
    for details in (details for act in acts for details in act.values()):
        if name := details.get("name"):
            details["name"] = RENAMED.get(name, name)
        if fields := details.get("fields"):
            details["fields"] = [RENAMED.get(field, field) for field in fields]
    return json.dumps(acts)


def record(person, model, object_id, object_repr, flag, message):
    """Adds an entry; `message` is a text, or a list as `LogEntry` takes it."""
    return _entry(person, model, object_id, object_repr, flag, message).save(force_insert=True)


def record_objects(person, objects, flag, message=""):
    """Adds an entry for each of some objects of one model."""
    AuditEntry.objects.bulk_create(
        _entry(person, type(row), row.pk, str(row), flag, message) for row in objects
    )


def _entry(person, model, object_id, object_repr, flag, message):
    return AuditEntry(
        **people.columns(user=person),
        content_type=ContentType.objects.get_for_model(model),
        object_id=str(object_id),
        object_repr=object_repr[:200],
        action_flag=flag,
        change_message=json.dumps(message) if isinstance(message, list) else message,
    )
