"""The screens on which a page is submitted for review, and an edition in review commented, returned or approved."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import document as shape
from .. import publishing, readiness, states, working_copy
from ..editions import Edition
from .bilingual import ShortTextInput
from .places import placed
from .publishing import PublishForm, panels_of, told
from .screens import Screens, locked_as_seen
from .translations import StalePanel


class SubmitForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("What the reviewer should know"),
        required=False,
        max_length=2000,
        widget=ShortTextInput({"rows": 4}),
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class CommentForm(forms.Form):
    comment = forms.CharField(
        label=gettext_lazy("Comment"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )


class Reviewing(Screens):
    def get_urls(self):
        return [
            self.screen_path("submit", self.submit_view, "submit"),
            self.screen_path("review/<int:number>", self.review_view, "review"),
            *super().get_urls(),
        ]

    # Submitting

    def submit_view(self, request, page_id):
        page = self.page_to_view(request, page_id)
        if not self.has_change_permission(request, page):
            raise PermissionDenied
        document = working_copy.read(page)
        seen = shape.digest(shape.dumps(document))
        form = SubmitForm(request.POST or None, initial={"seen": seen})
        if request.method == "POST" and form.is_valid():
            edition = self._submit(request, page, form)
            if edition:
                return self._to_review(page, edition)
        if form.is_bound:
            form.data = {**form.data.dict(), "seen": seen}
        return self.screen(
            request,
            page,
            "submit",
            title=_("Submit for review"),
            form=form,
            standing=states.standing(page),
            candidate=candidate_of(page),
            reasons=placed(page, readiness.reasons_not_to_publish(document)),
        )

    def _submit(self, request, page, form):
        try:
            with transaction.atomic():
                locked_as_seen(page, form.cleaned_data["seen"])
                edition = publishing.submit(page, by=request.user, note=form.cleaned_data["note"])
        except publishing.NotReady:
            return None
        except ValidationError as error:
            form.add_error(None, error)
            return None
        text = _("Edition %(number)s is in review. It stays as it is, whatever is written meanwhile.")
        self.message_user(request, text % {"number": edition.number}, messages.SUCCESS)
        return edition

    # Reviewing

    def review_view(self, request, page_id, number):
        page = self.page_to_view(request, page_id)
        edition = get_object_or_404(Edition.objects.select_related("author"), page=page, number=number)
        document = edition.read()
        act = self._allowed(request, page)
        form = PublishForm(
            request.POST if act == "approve" else None, initial={"seen": edition.digest}, auto_id="id_%s"
        )
        comment = CommentForm(request.POST if act in ("comment", "return") else None)
        panels = [StalePanel(request, page, document), *panels_of(request, page, document)]
        done = act and self._act(request, edition, act, form, comment, panels)
        if done:
            self.message_user(request, done, messages.SUCCESS)
            return self._to_review(page, edition)
        return self.screen(
            request,
            page,
            "review",
            title=_("Review of edition %(number)s") % {"number": number},
            edition=edition,
            live=Edition.objects.live().filter(page=page).defer("document").first(),
            steps=edition.steps.select_related("by"),
            is_open=edition.status == Edition.Status.IN_REVIEW,
            form=form,
            comment=comment,
            panels=panels,
            reasons=placed(page, readiness.reasons_not_to_publish(document)),
            can_comment=self.has_change_permission(request, page),
            can_decide=self.has_publish_permission(request),
            may_approve=publishing.may_approve(edition, request.user),
        )

    def _allowed(self, request, page):
        """What the form asks to be done, "" for nothing; refused to who may not."""
        act = request.POST.get("act", "") if request.method == "POST" else ""
        if act not in ("approve", "return", "comment"):
            return ""
        is_allowed = (
            self.has_change_permission(request, page)
            if act == "comment"
            else self.has_publish_permission(request)
        )
        if not is_allowed:
            raise PermissionDenied
        return act

    def _act(self, request, edition, act, form, comment, panels):
        """What was done, in a sentence; "" if it was not, and the form says why."""
        filled = form if act == "approve" else comment
        if not all([filled.is_valid(), act != "approve" or panels[0].is_valid()]):
            return ""
        try:
            with transaction.atomic():
                if act == "approve":
                    return _approve(request, edition, form, panels)
                said = {"by": request.user, "comment": comment.cleaned_data["comment"]}
                if act == "return":
                    publishing.send_back(edition, **said)
                    return _("Edition %(number)s has been returned.") % {"number": edition.number}
                publishing.comment(edition, **said)
                return _("The comment is kept.")
        except publishing.NotReady:
            return ""
        except ValidationError as error:
            filled.add_error(None, error)
            return ""

    def _to_review(self, page, edition):
        return HttpResponseRedirect(reverse("admin:pages_page_review", args=[page.pk, edition.number]))


def _approve(request, edition, form, panels):
    edition = publishing.approve(
        edition,
        by=request.user,
        at=form.moment,
        significant=form.cleaned_data["significant"] == "yes",
        note=form.cleaned_data["note"],
        correction=form.correction,
        thanks=form.cleaned_data["thanks"],
    )
    for panel in panels:
        panel.published(edition)
    return told(edition)


def candidate_of(page):
    """The edition of a page that is in review, if there is one."""
    waiting = Edition.objects.filter(page=page, status=Edition.Status.IN_REVIEW)
    return waiting.defer("document").select_related("author").first()
