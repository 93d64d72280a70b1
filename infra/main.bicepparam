// Parameters of main.bicep, from the environment of azd: `azd env set NAME VALUE`. What is not set is safe.
using './main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', '')
param location = readEnvironmentVariable('AZURE_LOCATION', '')
// Both are set by hooks before they are read here.
param firstDeployedAt = readEnvironmentVariable('TOURNIQUET_FIRST_DEPLOYED_AT', '')
param apiClientId = readEnvironmentVariable('TOURNIQUET_API_CLIENT_ID', '')

param networkPrefix = readEnvironmentVariable('TOURNIQUET_NETWORK_PREFIX', '')
// Lists and objects are JSON: ["TOURNIQUET_TEAMS_URL"], {"TOURNIQUET_PUBLIC_URL":"https://tourniquet.contoso.com"}
param secretSettings = json(readEnvironmentVariable('TOURNIQUET_SECRET_SETTINGS', '[]'))
param moreSettings = json(readEnvironmentVariable('TOURNIQUET_MORE_SETTINGS', '{}'))
param graphUrl = readEnvironmentVariable('TOURNIQUET_GRAPH_URL', 'https://graph.microsoft.com')
param storageSku = readEnvironmentVariable('TOURNIQUET_STORAGE_SKU', 'Standard_ZRS')
param logRetentionDays = int(readEnvironmentVariable('TOURNIQUET_LOG_RETENTION_DAYS', '90'))
param lock = bool(readEnvironmentVariable('TOURNIQUET_LOCK', 'true'))
param tags = json(readEnvironmentVariable('TOURNIQUET_TAGS', '{}'))
