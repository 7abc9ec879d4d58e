import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0009_complaints"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "proposed"),
                            ("cleared", "may be sent"),
                            ("sent", "sent"),
                            ("refused", "refused by the gate"),
                            ("dropped", "no longer needed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("channel", models.CharField(blank=True, max_length=20)),
                ("text", models.CharField(blank=True, max_length=500)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("verdict", models.TextField(blank=True)),
                (
                    "attempt",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="store.attempt",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="store.contactpoint",
                    ),
                ),
                (
                    "promise",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reminder", to="store.promise"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "due_at"], name="reminders_due")],
            },
        ),
    ]
