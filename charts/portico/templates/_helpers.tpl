{{- define "portico.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{- define "portico.selector" -}}
app.kubernetes.io/name: portico
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "portico.labels" -}}
{{ include "portico.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end }}

{{- define "portico.image" -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- end }}

{{- define "portico.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default (include "portico.name" .) }}
{{- else -}}
{{ .Values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end }}

{{- define "portico.host" -}}
{{- (urlParse .Values.portal.baseUrl).host -}}
{{- end }}

{{- define "portico.repositoriesClaim" -}}
{{ .Values.repositories.existingClaim | default (printf "%s-repositories" (include "portico.name" .)) }}
{{- end }}

{{- define "portico.documentsClaim" -}}
{{ .Values.documents.existingClaim | default (printf "%s-documents" (include "portico.name" .)) }}
{{- end }}

{{- define "portico.backupClaim" -}}
{{ .Values.backup.existingClaim | default (printf "%s-backup" (include "portico.name" .)) }}
{{- end }}

{{/* OpenShift gives users and groups of the namespace's own range. */}}
{{- define "portico.podSecurity" -}}
runAsNonRoot: true
{{- if not .Values.openshift.enabled }}
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "portico.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* A variable from a Secret: list of root, name of the Secret, names of keys. */}}
{{- define "portico.secretEnv" -}}
{{- $secret := index . 0 }}
{{- range index . 1 }}
- name: {{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ . }}
{{- end }}
{{- end }}

{{- define "portico.databaseEnv" -}}
- name: PORTICO_POSTGRES_HOST
  value: {{ .Values.database.host | quote }}
- name: PORTICO_POSTGRES_PORT
  value: {{ .Values.database.port | quote }}
- name: PORTICO_DATABASE_NAME
  value: {{ .Values.database.name | quote }}
- name: PGSSLMODE
  value: verify-full
{{- if .Values.database.authority.configMap }}
- name: NODE_EXTRA_CA_CERTS
  value: /etc/portico/authority/{{ .Values.database.authority.key }}
- name: PGSSLROOTCERT
  value: /etc/portico/authority/{{ .Values.database.authority.key }}
{{- else }}
- name: PGSSLROOTCERT
  value: system
{{- end }}
{{- end }}

{{- define "portico.authorityMount" -}}
{{- if .Values.database.authority.configMap }}
- name: authority
  mountPath: /etc/portico/authority
  readOnly: true
{{- end }}
{{- end }}

{{- define "portico.authorityVolume" -}}
{{- if .Values.database.authority.configMap }}
- name: authority
  configMap:
    name: {{ .Values.database.authority.configMap }}
{{- end }}
{{- end }}

{{- define "portico.temporaryVolume" -}}
- name: temporary
  emptyDir:
    sizeLimit: {{ .Values.temporary.size }}
{{- end }}
