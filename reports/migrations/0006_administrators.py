"""Administrators look after problem reports as publishers do."""

from importlib import import_module

from django.db import migrations

groups = import_module("reports.migrations.0003_groups")


def give_rights(apps, schema_editor):
    using = schema_editor.connection.alias
    groups.make_permissions(apps, using)
    permissions = apps.get_model("auth", "Permission").objects.using(using).filter(content_type__app_label="reports")
    group, _created = apps.get_model("auth", "Group").objects.using(using).get_or_create(name="Administrator")
    group.permissions.add(*permissions.filter(codename__in=groups.LOOK_AFTER))


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_report_indexes"), ("pages", "0012_administrators")]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
