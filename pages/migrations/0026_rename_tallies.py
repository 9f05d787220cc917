"""Names the status of a working copy and the counts of stale texts after what they are; the tables keep their names."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pages", "0025_carried_into")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelTable("WorkingCopyTally", "pages_workingcopytally"),
                migrations.RenameModel("WorkingCopyTally", "DraftStatus"),
                migrations.AlterModelTable("StaleTally", "pages_staletally"),
                migrations.RenameModel("StaleTally", "StaleTextCount"),
                migrations.AlterField("DraftStatus", "page", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="draft_status", serialize=False, to="pages.page", verbose_name="page")),
            ]
        )
    ]
