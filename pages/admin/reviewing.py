"""The screens on which a page is submitted for review, and an edition in review commented, returned or approved."""

from dataclasses import dataclass, replace

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import page_status, publishing, readiness, reviews, second_person, working_copy
from ..approval import ArchiveRefused
from ..document import NOTHING, Document, digest, dumps
from ..field_kinds import TEXTS, names_of
from ..fields import PlainTextFormField
from ..indexes.references import links_to
from ..integers import parse_integer
from ..models.edition import Edition
from ..models.review import CommentedPassage, ReviewRequest, ReviewStep
from ..people import name_of
from . import changes
from .bilingual import ShortTextInput
from .field_links import with_urls
from .notices import CorrectionForm, ExplanationForm, correction_initial, explanation_initial
from .page_views import ChangingView, PageView, lock_if_unchanged, may_publish
from .publishing import PublishForm, TimingForm, are_valid, panels_of, success_message
from .rescheduling import AdvicePanel, ScheduledPanel, settle_panels
from .scripts import own_media
from .translations import StalePanel

COMMENTED = ReviewStep.Action.COMMENTED


class ReviewerField(forms.ChoiceField):
    """Asks for a person or a group that may review; gives the arguments of `reviews.submit` for it, {} for nobody."""

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, **kwargs})
        self.found = {}

    def offer(self, people_and_groups):
        """Sets the choices: lists of accounts and of groups."""
        accounts, groups = people_and_groups
        self.found = {f"person-{account.pk}": {"reviewer": account} for account in accounts}
        self.found |= {f"group-{group.pk}": {"group": group} for group in groups}
        self.choices = [
            ("", _("Anyone who can review")),
            (_("People"), [(f"person-{account.pk}", name_of(account)) for account in accounts]),
            (_("Groups"), [(f"group-{group.pk}", group.name) for group in groups]),
        ]

    def clean(self, value):
        return self.found.get(super().clean(value), {})


class ReviewNoteForm(forms.Form):
    reviewer = ReviewerField(
        label=gettext_lazy("Reviewer (optional)"),
        help_text=gettext_lazy("They are notified and see it first. Others who can review still may."),
    )
    note = PlainTextFormField(
        label=gettext_lazy("Note for the reviewer"),
        required=False,
        max_length=2000,
        widget=ShortTextInput({"rows": 4}),
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].offer(
            (list(reviews.possible_reviewers(by)), list(reviews.possible_groups(by)))
        )


class SubmitForm(CorrectionForm, ReviewNoteForm):
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    field_order = ["reviewer", "note", "correction_en", "correction_fr", "thanks"]


class SubmitWithdrawalForm(ExplanationForm, ReviewNoteForm):
    field_order = ["explanation_en", "explanation_fr", "reviewer", "note"]


class CommentForm(forms.Form):
    comment = PlainTextFormField(
        label=gettext_lazy("Comment"), max_length=2000, multiline=True, widget=forms.Textarea({"rows": 4})
    )
    quote = PlainTextFormField(
        label=gettext_lazy("Words that the comment is about (optional)"),
        required=False,
        max_length=500,
        multiline=True,
        widget=forms.Textarea({"rows": 2}),
    )
    part = forms.ChoiceField(label=gettext_lazy("Part of the page"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the words"),
        required=False,
        choices=[("en", gettext_lazy("English")), ("fr", gettext_lazy("French"))],
    )

    def __init__(self, data, *, document):
        super().__init__(data)
        self.document = document
        self.fields["part"].choices = [
            ("", _("The page in general")),
            *((block.key, _block_name(block)) for block in document.blocks),
        ]

    @property
    def passage(self):
        """What the comment is about."""
        values = self.cleaned_data
        quote = values.get("quote", "")
        language = (values.get("language") or "en") if quote else ""
        return reviews.Passage(values.get("part", ""), language, quote)

    def clean(self):
        values = super().clean()
        if values.get("quote") and not self.errors and not reviews.says(self.document, self.passage):
            self.add_error("quote", reviews.NOT_SAID)
        return values


def _block_name(block):
    return changes.block_name(working_copy.MODELS[type(block)], None, block)


class SubmitView(ChangingView):
    route = name = "submit"

    def respond(self, request, page):
        document = working_copy.read(page)
        seen = digest(dumps(document))
        last = reviews.last_proposal(page, Edition.Kind.CURRENT)
        initial = {"seen": seen, **correction_initial(last), **reviewer_initial(last)}
        form = SubmitForm(request.POST or None, initial=initial, by=request.user)
        advice = AdvicePanel(request, page, document)
        if request.method == "POST" and all([form.is_valid(), advice.is_valid()]):
            edition = self._submit(request, page, form, advice)
            if edition:
                return _to_review(page, edition)
        if form.is_bound:
            form.data = {**form.data.dict(), "seen": seen}
        return self.render(
            request,
            page,
            "submit",
            title=_("Submit for review"),
            form=form,
            panels=[advice],
            status=page_status.page_status(page),
            candidate=in_review(page).filter(kind=Edition.Kind.CURRENT).first(),
            reasons=with_urls(page, reviews.reasons_not_to_submit(document)),
        )

    def _submit(self, request, page, form, advice):
        try:
            with transaction.atomic():
                lock_if_unchanged(page, form.cleaned_data["seen"])
                note = "\n".join(filter(None, [form.cleaned_data["note"], advice.advice]))
                thanks = form.cleaned_data["thanks"]
                edition = reviews.submit(
                    page,
                    by=request.user,
                    note=note,
                    correction=form.text,
                    thanks=thanks,
                    **form.cleaned_data["reviewer"],
                )
        except publishing.NotReady:
            return None
        except ValidationError as error:
            form.add_error(None, error)
            return None
        return _submitted(request, edition)


class SubmitWithdrawalView(ChangingView):
    """Proposes to withdraw a page, or to explain the withdrawal of one that is withdrawn."""

    route, name = "submit-withdrawal", "submit_withdrawal"

    def respond(self, request, page):
        status = page_status.page_status(page)
        is_withdrawn = status.state == page_status.State.WITHDRAWN
        proposal = reviews.last_proposal(page, Edition.Kind.WITHDRAWN)
        initial = explanation_initial(proposal or (status.live if is_withdrawn else None))
        initial |= reviewer_initial(proposal)
        form = SubmitWithdrawalForm(request.POST or None, initial=initial, by=request.user)
        if request.method == "POST" and form.is_valid():
            edition = self._submit_withdrawal(request, page, form)
            if edition:
                return _to_review(page, edition)
        return self.render(
            request,
            page,
            "submit_withdrawal",
            title=_("Submit an explanation for review")
            if is_withdrawn
            else _("Submit a withdrawal for review"),
            form=form,
            status=status,
            is_withdrawn=is_withdrawn,
            candidate=in_review(page).filter(kind=Edition.Kind.WITHDRAWN).first(),
            uses=links_to(page),
        )

    def _submit_withdrawal(self, request, page, form):
        note = form.cleaned_data["note"]
        try:
            edition = reviews.submit_withdrawal(
                page, by=request.user, explanation=form.text, note=note, **form.cleaned_data["reviewer"]
            )
        except ValidationError as error:
            form.add_error(None, error)
            return None
        return _submitted(request, edition)


def reviewer_initial(edition):
    """Gives the initial value of the field of a reviewer: who was asked about an edition (or None)."""
    asked = getattr(edition, "review_request", None)
    if asked is None:
        return {}
    return {"reviewer": f"group-{asked.group_id}" if asked.group_id else f"person-{asked.reviewer_id}"}


def _submitted(request, edition):
    text = _("Edition %(number)s is in review. It will not change while you keep editing.")
    messages.success(request, text % {"number": edition.number})
    return edition


class ReviewView(PageView):
    """What an edition in review changes, and what is said and decided about it."""

    route, name = "review/<int:number>", "review"

    def respond(self, request, page, number):
        edition = get_object_or_404(Edition, page=page, number=number)
        document = edition.read()
        act = self._allowed(request, page)
        live = Edition.objects.live().filter(page=page).first()
        form = _approval_form(request, edition, live, request.POST if act == "approve" else None)
        comment = CommentForm(request.POST if act in ("comment", "return") else None, document=document)
        panels = _panels(request, page, edition, document)
        if act in ("resolve", "reopen"):
            message = self._set_resolved(request, edition, live, is_resolved=act == "resolve")
        else:
            message = act and self._act(request, edition, act, form, comment, panels)
        if message:
            messages.success(request, message)
            return _to_review(page, edition)
        steps = list(edition.steps.select_related("by", "passage"))
        return self.render(
            request,
            page,
            "review",
            title=_("Review of edition %(number)s") % {"number": number},
            edition=edition,
            live=live,
            correction=getattr(edition, "correction", None),
            steps=steps,
            asked=ReviewRequest.objects.select_related("reviewer", "group").filter(edition=edition).first(),
            decided=next((step for step in reversed(steps) if step.action != COMMENTED), None),
            is_open=edition.status == Edition.Status.IN_REVIEW,
            form=form,
            comment=comment,
            comments=_comment_views(edition, live, document, working_copy.read(page)),
            changes=None if edition.changes_state else changes.view(_shown_before(live, document), document),
            media=own_media(request, "passages.js", "edition_pages.js"),
            panels=panels,
            reasons=[] if edition.changes_state else with_urls(page, readiness.reasons_at_any_time(document)),
            can_comment=self.may_change(request, page),
            can_decide=may_publish(request),
            may_approve=second_person.may_approve(edition, request.user),
        )

    def _allowed(self, request, page):
        """What the form asks to be done, "" for nothing; refused to who may not."""
        act = request.POST.get("act", "") if request.method == "POST" else ""
        if act not in ("approve", "return", "comment", "resolve", "reopen"):
            return ""
        decides = act in ("approve", "return")
        is_allowed = may_publish(request) if decides else self.may_change(request, page)
        if not is_allowed:
            raise PermissionDenied
        return act

    def _set_resolved(self, request, edition, live, *, is_resolved):
        comments = reviews.comments_beside(edition, live.number if live else 0)
        step = comments.filter(pk=parse_integer(request.POST.get("step", ""))).first()
        if step is None:
            return ""
        reviews.set_resolved(step, is_resolved, by=request.user)
        return _("The comment was resolved.") if is_resolved else _("The comment is open again.")

    def _act(self, request, edition, act, form, comment, panels):
        """What was done, in a sentence; "" if it was not, and the form says why."""
        filled = form if act == "approve" else comment
        if not (
            are_valid(form, *panels[1:2], scheduled=panels[0]) if act == "approve" else filled.is_valid()
        ):
            return ""
        try:
            with transaction.atomic():
                if act == "approve":
                    return _approve(request, edition, form, panels)
                values = comment.cleaned_data
                arguments = {"by": request.user, "comment": values["comment"], "passage": comment.passage}
                if act == "return":
                    reviews.reject(edition, **arguments)
                    return _("Edition %(number)s was returned.") % {"number": edition.number}
                reviews.comment(edition, **arguments)
                return _("Your comment was saved.")
        except publishing.NotReady as error:
            filled.add_error(None, [reason.message for reason in error.reasons])
            return ""
        except ValidationError as error:
            filled.add_error("archive_at" if isinstance(error, ArchiveRefused) else None, error)
            return ""


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment as the screen shows it: what it is about, and whether the working copy still says that."""

    step: ReviewStep
    passage: CommentedPassage | None
    part: str
    is_gone: bool


def _comment_views(edition, live, document, draft):
    """The comments on an edition, and the open ones on those before it that the public has not seen."""
    names = {block.key: _block_name(block) for block in (*draft.blocks, *document.blocks)}
    views = []
    for step in reviews.comments_beside(edition, live.number if live else 0):
        passage = getattr(step, "passage", None)
        about = passage and reviews.Passage(passage.block, passage.language, passage.quote)
        is_open = about and (about.block or about.quote) and passage.resolved_at is None
        part = names.get(about.block, "") if about and about.block else ""
        views.append(CommentView(step, passage, part, bool(is_open and not reviews.says(draft, about))))
    return views


def _shown_before(live, document):
    """What readers see of the page: nothing where it was never public."""
    if live is not None:
        return live.read()
    return replace(document, blocks=(), **dict.fromkeys(names_of(Document, *TEXTS), NOTHING))


def _to_review(page, edition):
    return HttpResponseRedirect(reverse("admin:pages_page_review", args=[page.pk, edition.number]))


def _approval_form(request, edition, live, data):
    """Where a second person is needed, no field changes what the public reads: it stays as it was submitted."""
    if edition.changes_state:
        is_withdrawn = live is not None and live.kind == Edition.Kind.WITHDRAWN
        return TimingForm(data, is_immediate=is_withdrawn)
    return PublishForm(
        data,
        page=edition.page,
        initial={"seen": edition.digest, **correction_initial(edition)},
        takes_notice=not second_person.is_required(request.user),
    )


def _panels(request, page, edition, document):
    """See `publishing.panels_of`; the first one asks about editions to come, the second about translations."""
    if edition.changes_state:
        return [ScheduledPanel(request, page, only_texts=True)]
    scheduled = ScheduledPanel(request, page, document, number=edition.number)
    return [scheduled, StalePanel(request, page, document), *panels_of(request, page, document)]


def _approve(request, edition, form, panels):
    edition = reviews.approve(
        edition, by=request.user, at=form.moment, note=form.cleaned_data["note"], **_of_a_text(form)
    )
    settle_panels(panels, edition)
    return success_message(edition, getattr(form, "archive_moment", None))


def _of_a_text(form):
    """Gives what is asked about a text only: the approval of a withdrawal has no such fields."""
    if not isinstance(form, PublishForm):
        return {}
    return {
        "archive_at": form.archive_moment,
        "significant": form.cleaned_data["significant"] == "yes",
        "correction": form.text,
        "thanks": form.cleaned_data.get("thanks", False),
    }


def in_review(page):
    """Finds the editions of a page that are in review, without their documents: its text, a withdrawal, or both."""
    waiting = Edition.objects.filter(page=page, status=Edition.Status.IN_REVIEW)
    return waiting.defer("document").select_related("author").order_by("number")
