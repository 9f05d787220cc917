"""Signs of spam, each by its own examples."""

import pytest

from reports.spam import SIGNALS, Submission, detect

EACH_SIGN = pytest.mark.parametrize("sign", SIGNALS, ids=lambda sign: sign.code)


@EACH_SIGN
def test_a_sign_is_found_in_what_has_it_and_no_other_sign_with_it(sign):
    assert [other.code for other in SIGNALS if other.is_in(sign.present)] == [sign.code]


@EACH_SIGN
def test_what_looks_nearly_like_a_sign_is_left_alone(sign):
    assert not sign.is_in(sign.absent)
    assert detect(sign.absent) == ""


@EACH_SIGN
def test_a_sign_has_a_code_that_the_report_can_hold_and_a_name_in_both_languages(sign):
    from django.utils.translation import override

    assert len(sign.code) <= 30
    with override("en"):
        english = str(sign.label)
    with override("fr"):
        assert str(sign.label) != english


def test_a_report_with_two_signs_is_filed_under_the_first():
    assert detect(Submission(decoy="x", sent_before=True)) == "decoy"


@pytest.mark.parametrize(
    "details",
    [
        "The link to https://www.canada.ca/ in paragraph 2 is broken",
        "Le lien https://www.canada.ca/ ne fonctionne pas",
        "العنوان غير صحيح",
        "ᐃᓄᒃᑎᑐᑦ",
        "Figures for [2019] differ from <2020>",
        "???",
    ],
)
def test_ordinary_remarks_have_no_sign(details):
    assert detect(Submission(details=details, form_languages=("en",), seconds_since_shown=30)) == ""
