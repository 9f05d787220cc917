"""Choices of several rows in forms of the admin."""

from django import forms
from django.core.exceptions import ValidationError

from ..integers import MAX_ID


class ChosenRowsField(forms.ModelMultipleChoiceField):
    """ModelMultipleChoiceField that refuses a number that no id can have, as it does any other unknown one.

    Django hands it to the database, and SQLite fails on it.
    """

    def clean(self, value):
        for key in value or ():
            if len(str(key)) >= len(str(MAX_ID)):
                message = self.error_messages["invalid_choice"]
                raise ValidationError(message, code="invalid_choice", params={"value": key})
        return super().clean(value)
