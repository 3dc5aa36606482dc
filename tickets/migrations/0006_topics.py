import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('city', '0002_topic_numbers'),
        ('tickets', '0005_three_texts'),
    ]

    operations = [
        migrations.DeleteModel(name='HotTopic'),  # nothing was ever kept in it
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField(verbose_name='最早受理时间')),
                ('last_at', models.DateTimeField(verbose_name='最近受理时间')),
            ],
            options={
                'verbose_name': '话题',
                'verbose_name_plural': '话题',
                'ordering': ['-last_at'],
                'indexes': [models.Index(fields=['last_at'], name='topic_last')],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='mention', serialize=False, to='tickets.ticket', verbose_name='工单')),
                ('at', models.DateTimeField(verbose_name='受理时间')),
                ('topic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='tickets.topic', verbose_name='话题')),
            ],
            options={
                'verbose_name': '归入话题',
                'verbose_name_plural': '归入话题',
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['topic', '-at'], name='mention_topic'), models.Index(fields=['at', 'topic'], name='mention_at')],
            },
        ),
        migrations.CreateModel(
            name='HotTopic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('words', models.JSONField(default=list, verbose_name='共同词')),
                ('place', models.CharField(blank=True, default='', max_length=80, verbose_name='地点')),
                ('people', models.PositiveIntegerField(verbose_name='24 小时反映人数')),
                ('count', models.PositiveIntegerField(verbose_name='24 小时件数')),
                ('usual', models.FloatField(verbose_name='平时每日件数')),
                ('spread', models.FloatField(verbose_name='平时波动')),
                ('score', models.FloatField(verbose_name='突增程度')),
                ('since', models.DateTimeField(verbose_name='突增起点')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='回落时间')),
                ('counted_at', models.DateTimeField(verbose_name='统计时间')),
                ('trend', models.JSONField(default=list, verbose_name='每日件数')),
                ('category', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='city.category', verbose_name='事项分类')),
                ('region', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='city.region', verbose_name='区划')),
                ('topic', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='hot', to='tickets.topic', verbose_name='话题')),
            ],
            options={
                'verbose_name': '热点',
                'verbose_name_plural': '热点',
                'ordering': ['-score', 'id'],
                'indexes': [models.Index(fields=['ended_at', '-score'], name='hot_ended_score')],
            },
        ),
    ]
