import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0008_work"),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="about_collection",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="complaint",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="forwarded",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="complaint",
            name="hold",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="store.hold"
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="upheld",
            field=models.CharField(
                blank=True,
                choices=[("yes", "Upheld"), ("partly", "Upheld in part"), ("no", "Not upheld")],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="complaint",
            name="answer_by",
            field=models.DateField(blank=True, db_index=True, null=True),
        ),
        migrations.AlterField(
            model_name="complaint",
            name="kind",
            field=models.CharField(
                choices=[("complaint", "Complaint"), ("dispute", "Dispute"), ("credit", "Credit-data objection")],
                max_length=10,
            ),
        ),
    ]
