# Alerts of Portico for Prometheus; what to do for each stands in docs/runbook.md. A template
# of Helm: $of limits an expression to this installation.
{{- $of := printf "namespace=%q,service=%q" .Release.Namespace (printf "%s-metrics" (include "portico.name" .)) }}
rules:
  - alert: PorticoNoWebReplica
    expr: sum(up{ {{- $of }},component="web"}) < 1 or absent(up{ {{- $of }},component="web"})
    for: 2m
    severity: critical
    summary: No web replica of Portico answers.
  {{- if .Values.rolesApart }}
  - alert: PorticoNoWorker
    expr: sum(up{ {{- $of }},component="worker"}) < 1 or absent(up{ {{- $of }},component="worker"})
    for: 5m
    severity: critical
    summary: No worker of Portico runs, so promotions, the catalog and the audit stand still.
  {{- end }}
  - alert: PorticoDatabaseDown
    expr: min by (pod) (portico_database_up{ {{- $of }}}) == 0
    for: 1m
    severity: critical
    summary: The database does not answer the replica {{ "{{ $labels.pod }}" }}.
  - alert: PorticoErrors
    expr: >-
      sum(rate(portico_http_request_duration_seconds_count{ {{- $of }},status=~"5.."}[5m]))
      / sum(rate(portico_http_request_duration_seconds_count{ {{- $of }}}[5m])) > 0.02
    for: 10m
    severity: critical
    summary: '{{ "{{ $value | humanizePercentage }}" }} of the answers of Portico are errors of its own.'
  - alert: PorticoSlow
    expr: >-
      histogram_quantile(0.95, sum by (le) (rate(portico_http_request_duration_seconds_bucket{
      {{- $of }},route!~".*(events|tail|eventstream).*"}[5m]))) > 1
    for: 15m
    severity: warning
    summary: '5 % of the answers of Portico take longer than {{ "{{ $value | humanizeDuration }}" }}.'
  - alert: PorticoRestarting
    expr: changes(portico_process_start_time_seconds{ {{- $of }}}[1h]) > 3
    severity: warning
    summary: The replica {{ "{{ $labels.pod }}" }} started again more than three times in an hour.
  - alert: PorticoEventLoopBlocked
    expr: max by (pod) (portico_process_event_loop_delay_seconds{ {{- $of }},quantile="0.99"}) > 0.5
    for: 10m
    severity: warning
    summary: The replica {{ "{{ $labels.pod }}" }} does not get to its requests in time.
  - alert: PorticoDatabaseConnectionsShort
    expr: max by (pod, pool) (portico_database_connections{ {{- $of }},state="waiting"}) > 0
    for: 10m
    severity: warning
    summary: In the replica {{ "{{ $labels.pod }}" }}, work waits for a connection of the pool {{ "{{ $labels.pool }}" }}.
  - alert: PorticoJobsLate
    expr: max(portico_jobs_oldest_due_seconds{ {{- $of }}}) > 120
    for: 5m
    severity: critical
    summary: A job is due since {{ "{{ $value | humanizeDuration }}" }} and nobody takes it.
  - alert: PorticoJobsGivenUp
    expr: max(portico_jobs_given_up{ {{- $of }}}) > 0
    severity: warning
    summary: '{{ "{{ $value }}" }} jobs were tried as often as they may be.'
  - alert: PorticoPromotionsOverdue
    expr: max(portico_promotions_overdue_seconds{ {{- $of }}}) > 120
    for: 5m
    severity: critical
    summary: A promotion is due since {{ "{{ $value | humanizeDuration }}" }} and nobody looks at it.
  - alert: PorticoAuditLate
    expr: max(portico_audit_lag_seconds{ {{- $of }}}) > 300
    for: 5m
    severity: critical
    summary: Acts of {{ "{{ $value | humanizeDuration }}" }} ago are not in the audit's chain yet.
  - alert: PorticoAuditCheckpointLate
    expr: max(portico_audit_checkpoint_age_seconds{ {{- $of }}}) > 7200
    severity: warning
    summary: No checkpoint covers what was recorded {{ "{{ $value | humanizeDuration }}" }} ago.
  - alert: PorticoAuditCheckpointsUndelivered
    expr: max by (destination) (portico_audit_undelivered_checkpoints{ {{- $of }}}) > 0
    for: 1h
    severity: warning
    summary: Checkpoints of the audit do not reach {{ "{{ $labels.destination }}" }}.
  - alert: PorticoUnlistedRequests
    expr: sum(rate(portico_walls_unlisted_requests_total{ {{- $of }}}[15m])) > 1
    for: 15m
    severity: warning
    summary: Somebody asks for routes that nobody may call.
  {{- if .Values.backup.enabled }}
  {{- $cronjob := printf "namespace=%q,cronjob=%q" .Release.Namespace (printf "%s-backup" (include "portico.name" .)) }}
  - alert: PorticoBackupLate
    expr: >-
      time() - max(kube_cronjob_status_last_successful_time{ {{- $cronjob }}}) > 26 * 3600
      or (absent(kube_cronjob_status_last_successful_time{ {{- $cronjob }}})
      and on () (time() - max(kube_cronjob_created{ {{- $cronjob }}}) > 26 * 3600))
    severity: critical
    summary: There is no backup of the last 26 hours.
  {{- end }}
