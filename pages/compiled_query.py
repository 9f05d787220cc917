"""Queries asked all the time: their SQL is worked out once, for that takes longer than the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connections
from django.db.models import DateTimeField, Model, QuerySet

Converter = tuple[int, Callable, Any]


class CompiledQuery:
    """The SQL of one queryset of whole rows, in which sample values stand for those to come.

    A sample must occur nowhere else in the query, neither as a text nor as a moment.
    """

    def __init__(self, queryset: QuerySet, **placeholders: Any):
        compiler = queryset.query.get_compiler(queryset.db)
        connection = connections[queryset.db]
        self.sql, parameters = compiler.as_sql()
        names = {_db_value(placeholder, connection): name for name, placeholder in placeholders.items()}
        self.parameters = [(names.get(parameter), parameter) for parameter in parameters]
        self.model: type[Model] = queryset.model
        columns = compiler.klass_info["select_fields"]
        self.columns = slice(columns[0], columns[-1] + 1)
        self.names = [compiler.select[index][0].target.attname for index in columns]
        self.annotations = compiler.annotation_col_map
        converters = compiler.get_converters([selected for selected, *_ in compiler.select])
        self.converters: list[Converter] = [
            (index, convert, expression)
            for index, (functions, expression) in converters.items()
            for convert in functions
        ]

    def rows(self, using: str, **values: Any) -> list[Any]:
        """What the queryset would give, were it made with these values in place of the samples."""
        connection = connections[using]
        db_values = {name: _db_value(value, connection) for name, value in values.items()}
        with connection.cursor() as cursor:
            cursor.execute(
                self.sql, [db_values[name] if name else parameter for name, parameter in self.parameters]
            )
            found = cursor.fetchall()
        return [self._instance(list(row), connection) for row in found]

    def _instance(self, row: list[Any], connection: Any) -> Any:
        for index, convert, expression in self.converters:
            row[index] = convert(row[index], expression, connection)
        instance = self.model.from_db(connection.alias, self.names, row[self.columns])
        for name, index in self.annotations.items():
            setattr(instance, name, row[index])
        return instance


def _db_value(value: Any, connection: Any) -> Any:
    """A value as the ORM would hand it to the database: moments are texts in SQLite."""
    is_time = hasattr(value, "tzinfo")
    return DateTimeField().get_db_prep_value(value, connection) if is_time else value
