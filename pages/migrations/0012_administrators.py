"""A group that can do what publishers can, and publish in one language only when it cannot wait."""

from importlib import import_module

from django.db import migrations

groups = import_module("pages.migrations.0002_groups")

ADMINISTRATOR = [*groups.PUBLISHER, "publish_in_emergency"]


def make_group(apps, schema_editor):
    using = schema_editor.connection.alias
    groups.make_permissions(apps, using)
    permissions = apps.get_model("auth", "Permission").objects.using(using).filter(content_type__app_label="pages")
    group, _created = apps.get_model("auth", "Group").objects.using(using).get_or_create(name="Administrator")
    group.permissions.add(*permissions.filter(codename__in=ADMINISTRATOR))


class Migration(migrations.Migration):
    dependencies = [("pages", "0011_emergencies")]

    operations = [migrations.RunPython(make_group, migrations.RunPython.noop)]
