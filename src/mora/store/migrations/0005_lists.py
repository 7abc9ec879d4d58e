import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0004_books"),
    ]

    operations = [
        migrations.AddField(
            model_name="listentry",
            name="approved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="listentry",
            name="dealings",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="listentry",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="listentry",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="listentry",
            name="ended_why",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddIndex(
            model_name="listentry",
            index=models.Index(fields=["name", "until", "id"], name="list_by_end"),
        ),
        migrations.AddConstraint(
            model_name="listentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("since"))), name="list_entry_ends_later"
            ),
        ),
        migrations.AddConstraint(
            model_name="listentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    models.Q(("approved_by", models.F("by")), _negated=True),
                    _connector="OR",
                ),
                name="list_entry_two_people",
            ),
        ),
    ]
