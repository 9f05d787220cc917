"""The rule of the second person: where REVIEW_BY_SECOND_PERSON is on, nobody alone shows the public a text.

Code that publishes text asks here: the text of a page, the correction beside it, the explanation of a withdrawal. What
one person submits for review becomes public when another one approves it. An archive, a withdrawal without explanation
and the cancellation of an edition show no new text: one person may do these. The only exception is an emergency.

`by` is always the account that acts; None stands for a command of the operator, who answers for what it publishes.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Why a person cannot approve an edition.
OWN = gettext_lazy("Someone else must approve what you submitted.")


def is_required(by):
    """Returns whether this person needs another one to show the public a text."""
    return settings.REVIEW_BY_SECOND_PERSON and by is not None


def may_approve(edition, by):
    """Returns whether this rule lets a person approve an edition; their permissions are checked elsewhere."""
    return not is_required(by) or edition.author_id != by.pk


def refuse_alone(by):
    """Raises ValidationError where this person would publish a text that nobody else has approved."""
    if is_required(by):
        raise ValidationError(_("Someone else must approve what the public reads. Submit it for review."))


def refuse_own(edition, by):
    """Raises ValidationError where this person would approve an edition that they submitted."""
    if not may_approve(edition, by):
        raise ValidationError(OWN)
