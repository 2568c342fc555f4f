{{- define "slotkeeper.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The name of the Deployment and the prefix of all others; there must be room for `-deletion-protection`. */}}
{{- define "slotkeeper.fullname" -}}
{{- $name := include "slotkeeper.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "slotkeeper.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "slotkeeper.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "slotkeeper.subjects" -}}
- kind: ServiceAccount
  name: {{ include "slotkeeper.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
{{- end }}

{{- define "slotkeeper.leaseName" -}}
{{- default (include "slotkeeper.fullname" .) .Values.settings.leaseName }}
{{- end }}

{{/* Never changes during the lifetime of a release. */}}
{{- define "slotkeeper.selectorLabels" -}}
app.kubernetes.io/name: {{ include "slotkeeper.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end }}

{{- define "slotkeeper.labels" -}}
{{ include "slotkeeper.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: slotkeeper
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* An image with its registry replaced: dict "image" … "registry" …. As in a container runtime, the part before
the first slash is a registry if it has a dot or colon, or is localhost. */}}
{{- define "slotkeeper.image" -}}
{{- if .registry }}
{{- printf "%s/%s" (trimSuffix "/" .registry) (regexReplaceAll "^(localhost|[^/]*[.:][^/]*)/" .image "") }}
{{- else }}
{{- .image }}
{{- end }}
{{- end }}
