{{/* The Deployment of one role: list of root, name of the role, its values. */}}
{{- define "portico.deployment" -}}
{{- $root := index . 0 }}
{{- $role := index . 1 }}
{{- $values := index . 2 }}
{{- with $root }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "portico.name" . }}-{{ $role }}
  labels:
    {{- include "portico.labels" . | nindent 4 }}
    app.kubernetes.io/component: {{ $role }}
spec:
  {{- if not $values.autoscaling.enabled }}
  replicas: {{ $values.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  progressDeadlineSeconds: 900
  strategy:
    type: RollingUpdate
    rollingUpdate:
      # The new replica is ready before an old one goes.
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels:
      {{- include "portico.selector" . | nindent 6 }}
      app.kubernetes.io/component: {{ $role }}
  template:
    metadata:
      labels:
        {{- include "portico.labels" . | nindent 8 }}
        app.kubernetes.io/component: {{ $role }}
        portico/metrics: served
      annotations:
        kubectl.kubernetes.io/default-container: portal
        portico/config: {{ toJson .Values.config | sha256sum }}
        {{- with $values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "portico.serviceAccount" . }}
      automountServiceAccountToken: {{ .Values.serviceAccount.automountToken }}
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
      {{- with .Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        {{- include "portico.podSecurity" . | nindent 8 }}
      topologySpreadConstraints:
        {{- range $key, $unsatisfiable := dict "kubernetes.io/hostname" "ScheduleAnyway" "topology.kubernetes.io/zone" "ScheduleAnyway" }}
        - maxSkew: 1
          topologyKey: {{ $key }}
          whenUnsatisfiable: {{ $unsatisfiable }}
          labelSelector:
            matchLabels:
              {{- include "portico.selector" $root | nindent 14 }}
              app.kubernetes.io/component: {{ $role }}
          # Each roll-out is spread on its own.
          matchLabelKeys: [pod-template-hash]
        {{- end }}
      {{- with $values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: portal
          image: {{ include "portico.image" . }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          args:
            - serve
            - --config
            - /etc/portico/config/app-config.values.yaml
            {{- if .Values.rolesApart }}
            - --config
            - app-config.{{ $role }}.yaml
            {{- end }}
          ports:
            - { name: http, containerPort: 7007 }
            - { name: metrics, containerPort: {{ .Values.metrics.port }} }
          env:
            - name: NODE_OPTIONS
              value: --max-old-space-size={{ .Values.maxOldSpaceMegabytes }}
            - name: PORTICO_BASE_URL
              value: {{ .Values.portal.baseUrl | quote }}
            - name: PORTICO_HOST
              value: {{ include "portico.host" . | quote }}
            - name: PORTICO_AUDIT_ORIGIN
              value: {{ .Values.portal.auditOrigin | quote }}
            - name: PORTICO_ADMINISTRATOR_NAME
              value: {{ .Values.portal.administrator.name | quote }}
            - name: PORTICO_ADMINISTRATOR_ISSUER
              value: {{ .Values.portal.administrator.issuer | quote }}
            - name: PORTICO_ADMINISTRATOR_SUBJECT
              value: {{ .Values.portal.administrator.subject | quote }}
            - name: AUTH_OIDC_METADATA_URL
              value: {{ .Values.portal.oidc.metadataUrl | quote }}
            - name: AUTH_OIDC_CLIENT_ID
              value: {{ .Values.portal.oidc.clientId | quote }}
            - name: PORTICO_CHECKPOINT_REPOSITORY
              value: {{ .Values.portal.checkpoints.repository | quote }}
            - name: PORTICO_CHECKPOINT_USERNAME
              value: {{ .Values.portal.checkpoints.username | quote }}
            - name: PORTICO_METRICS_PORT
              value: {{ .Values.metrics.port | quote }}
            - name: PORTICO_GIT_DIRECTORY
              value: /var/lib/portico/git
            {{- if .Values.documents.enabled }}
            - name: PORTICO_DOCS_DIRECTORY
              value: /var/lib/portico/docs
            {{- end }}
            {{- include "portico.databaseEnv" . | nindent 12 }}
            {{- include "portico.secretEnv" (list .Values.secrets.serving (include "portico.servingKeys" . | fromYamlArray)) | nindent 12 }}
            {{- with .Values.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          startupProbe:
            httpGet: { path: /.backstage/health/v1/readiness, port: http }
            periodSeconds: 2
            timeoutSeconds: 3
            # Two minutes, for a slow node.
            failureThreshold: 60
          readinessProbe:
            httpGet: { path: /.backstage/health/v1/readiness, port: http }
            periodSeconds: 5
            timeoutSeconds: 3
            failureThreshold: 2
          livenessProbe:
            httpGet: { path: /.backstage/health/v1/liveness, port: http }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          securityContext:
            {{- include "portico.containerSecurity" . | nindent 12 }}
          volumeMounts:
            - { name: config, mountPath: /etc/portico/config, readOnly: true }
            - { name: temporary, mountPath: /tmp }
            - { name: repositories, mountPath: /var/lib/portico/git }
            {{- if .Values.documents.enabled }}
            - { name: documents, mountPath: /var/lib/portico/docs, readOnly: true }
            {{- end }}
            {{- include "portico.authorityMount" . | nindent 12 }}
      volumes:
        - name: config
          configMap:
            name: {{ include "portico.name" . }}-config
        {{- include "portico.temporaryVolume" . | nindent 8 }}
        - name: repositories
          persistentVolumeClaim:
            claimName: {{ include "portico.repositoriesClaim" . }}
        {{- if .Values.documents.enabled }}
        - name: documents
          persistentVolumeClaim:
            claimName: {{ include "portico.documentsClaim" . }}
        {{- end }}
        {{- include "portico.authorityVolume" . | nindent 8 }}
{{- end }}
{{- end }}

{{/* What the portal needs of the Secret `secrets.serving`. */}}
{{- define "portico.servingKeys" -}}
- PORTICO_APP_PASSWORD
- PORTICO_STOCK_PASSWORD
- PORTICO_JOBS_PASSWORD
- PORTICO_SEALING_KEY
- PORTICO_AUDIT_KEY
- PORTICO_CHECKPOINT_PASSWORD
- AUTH_SESSION_SECRET
- AUTH_OIDC_CLIENT_SECRET
{{- end }}
