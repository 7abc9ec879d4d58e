import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ROLES = [
    ("collector", "Collector"),
    ("account_manager", "Account manager"),
    ("risk_reviewer", "Risk reviewer"),
    ("legal_officer", "Legal officer"),
    ("team_leader", "Team leader"),
    ("manager", "Manager"),
    ("auditor", "Auditor"),
    ("agency", "Agency user"),
    ("administrator", "Administrator"),
]


def roles_of_teams(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """Teams whose code was a role's name took that role's cases; now they say so."""
    team = apps.get_model("store", "Team")
    for role, _ in ROLES:
        team.objects.filter(code=role.replace("_", "-"), agency=False).update(role=role)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0011_intake"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="role",
            field=models.CharField(blank=True, choices=ROLES, default="", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="user",
            name="must_change_password",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="user",
            name="sessions_ended",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="attachment",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="attachment",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="withdrawn_why",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.RunPython(roles_of_teams, migrations.RunPython.noop),
    ]
