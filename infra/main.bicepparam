// Parameters of main.bicep, from the environment of azd: `azd env set NAME VALUE`. What is not set is safe, and what is set to nothing
// is not set: pipelines hand on variables that are empty.
using './main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', '')
param location = readEnvironmentVariable('AZURE_LOCATION', '')
// Both are set by the hook before they are read here.
param firstDeployedAt = readEnvironmentVariable('TOURNIQUET_FIRST_DEPLOYED_AT', '')
param apiClientId = readEnvironmentVariable('TOURNIQUET_API_CLIENT_ID', '')

param networkPrefix = readEnvironmentVariable('TOURNIQUET_NETWORK_PREFIX', '')

// A list: ["TOURNIQUET_TEAMS_URL"]
var secretNames = readEnvironmentVariable('TOURNIQUET_SECRET_SETTINGS', '')
param secretSettings = json(empty(secretNames) ? '[]' : secretNames)

// An object: {"TOURNIQUET_PUBLIC_URL":"https://tourniquet.contoso.com"}
var more = readEnvironmentVariable('TOURNIQUET_MORE_SETTINGS', '')
param moreSettings = json(empty(more) ? '{}' : more)

var graph = readEnvironmentVariable('TOURNIQUET_GRAPH_URL', '')
param graphUrl = empty(graph) ? 'https://graph.microsoft.com' : graph

var sku = readEnvironmentVariable('TOURNIQUET_STORAGE_SKU', '')
param storageSku = empty(sku) ? 'Standard_ZRS' : sku

var days = readEnvironmentVariable('TOURNIQUET_LOG_RETENTION_DAYS', '')
param logRetentionDays = int(empty(days) ? '90' : days)

// Anything but false locks.
param lock = readEnvironmentVariable('TOURNIQUET_LOCK', '') != 'false'

// Anything but false logs.
param stateLog = readEnvironmentVariable('TOURNIQUET_STATE_LOG', '') != 'false'

// An object: {"cost-center":"4711"}
var moreTags = readEnvironmentVariable('TOURNIQUET_TAGS', '')
param tags = json(empty(moreTags) ? '{}' : moreTags)

// A list: ["security@contoso.com"]
var emails = readEnvironmentVariable('TOURNIQUET_ALERT_EMAILS', '')
param alertEmails = json(empty(emails) ? '[]' : emails)
