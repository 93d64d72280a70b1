// Tourniquet in one subscription: a resource group and all that is in it. No key anywhere; nothing acts until the policy says so.
targetScope = 'subscription'

type SecretSetting = 'TOURNIQUET_WEBHOOK_URL' | 'TOURNIQUET_WEBHOOK_SECRET' | 'TOURNIQUET_TEAMS_URL' | 'TOURNIQUET_SLACK_TOKEN'

@description('Name of the azd environment; names and tags are made of it.')
@minLength(1)
param environmentName string

@description('Region of everything. It must offer Flex Consumption: az functionapp list-flexconsumption-locations')
param location string

@description('When this was first deployed, in UTC: events from then on are read. A hook of azd sets it once and keeps it.')
@minLength(20)
param firstDeployedAt string

@description('Client id of the app registration of the API, made by a hook of azd (npm run prepare-deployment).')
@minLength(36)
param apiClientId string

@description('Address prefix of a virtual network to make, /24 or larger. Empty: no private endpoints, and public endpoints that take tokens only.')
param networkPrefix string = ''

@description('Settings that are secrets of the vault: each secret is called like its setting, with - for _. See docs/notifications.md.')
param secretSettings SecretSetting[] = []

@description('More app settings, by name: TOURNIQUET_PUBLIC_URL and TOURNIQUET_SLACK_CHANNEL, say. No secrets: those go into the vault.')
param moreSettings object = {}

@description('Microsoft Graph of this cloud.')
param graphUrl string = 'https://graph.microsoft.com'

@description('How the two storage accounts are replicated. Zones of a region are the least that outlasts a data centre.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS'])
param storageSku string = 'Standard_ZRS'

@description('Days that logs and telemetry are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Locks state account and vault against deletion.')
param lock bool = true

@description('Logs who changes the tables of the state, for the alert on anybody but the app. A line for each change: docs/deploy.md, "What it costs".')
param stateLog bool = true

param tags object = {}

@description('Who is told of alerts by mail. Empty: they only show in the portal.')
param alertEmails string[] = []

var token = toLower(uniqueString(subscription().id, environmentName, location))
var allTags = union(tags, {
  'azd-env-name': environmentName
  application: 'tourniquet'
  // Kept here as well: whoever deploys from another machine finds them again.
  'tourniquet-first-deployed-at': firstDeployedAt
  'tourniquet-api-client-id': apiClientId
})

// What Entra sends. A week: the longest that the Standard tier keeps, and as long as an outage may last before events are lost.
var entraHubs = [
  { name: 'entra-risk', partitions: 4, retentionHours: 168, isReplayed: true }
  { name: 'entra-audit', partitions: 4, retentionHours: 168, isReplayed: true }
  { name: 'entra-sign-ins', partitions: 4, retentionHours: 168, isReplayed: true }
]

// Ours. One partition of plans, hence one reader: the writer. Its messages only wake it, so a day is plenty.
var ownHubs = [
  { name: 'plans', partitions: 1, retentionHours: 24, isReplayed: false }
  { name: 'outcomes', partitions: 4, retentionHours: 168, isReplayed: false }
]

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: { name: 'id-tourniquet-${token}', location: location, tags: allTags }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: 'log-tourniquet-${token}'
    componentName: 'appi-tourniquet-${token}'
    location: location, tags: allTags
    retentionDays: logRetentionDays
  }
}

module hostStorage 'modules/storage.bicep' = {
  name: 'host-storage'
  scope: group
  params: {
    name: 'sthost${token}', location: location, tags: allTags
    sku: storageSku, containers: ['app-package'], lock: false
    isPrivate: !empty(networkPrefix)
  }
}

// Whoever can write here can make us believe what was decided; so nothing else uses it, not even the Functions host.
module stateStorage 'modules/storage.bicep' = {
  name: 'state-storage'
  scope: group
  params: {
    name: 'ststate${token}', location: location, tags: allTags
    sku: storageSku, containers: [], lock: lock
    isPrivate: !empty(networkPrefix)
    workspaceId: stateLog ? monitoring.outputs.workspaceId : ''
  }
}

module ownNamespace 'modules/event-hubs.bicep' = {
  name: 'own-event-hubs'
  scope: group
  params: {
    name: 'evhns-own-${token}', location: location, tags: allTags
    hubs: ownHubs
    isForEntra: false
    isPrivate: !empty(networkPrefix)
    workspaceId: monitoring.outputs.workspaceId
  }
}

// Entra's diagnostic settings can only send with a shared access key, which asks for local authentication. So that no key opens
// the hubs of the writer, what Entra sends has a namespace of its own. An event is a claim, whoever sent it (docs/architecture.md).
module entraNamespace 'modules/event-hubs.bicep' = {
  name: 'entra-event-hubs'
  scope: group
  params: {
    name: 'evhns-entra-${token}', location: location, tags: allTags
    hubs: entraHubs
    isForEntra: true
    isPrivate: !empty(networkPrefix)
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  scope: group
  params: {
    name: 'kv-${token}', location: location, tags: allTags
    isPrivate: !empty(networkPrefix)
    lock: lock
    workspaceId: monitoring.outputs.workspaceId
  }
}

module network 'modules/network.bicep' = if (!empty(networkPrefix)) {
  name: 'network'
  scope: group
  params: {
    name: 'vnet-tourniquet-${token}', location: location, tags: allTags
    addressPrefix: networkPrefix
    eventHubsZone: ownNamespace.outputs.privateZone
    targets: [
      { name: 'host-blob', resourceId: hostStorage.outputs.id, groupId: 'blob' }
      { name: 'host-queue', resourceId: hostStorage.outputs.id, groupId: 'queue' }
      { name: 'host-table', resourceId: hostStorage.outputs.id, groupId: 'table' }
      { name: 'state-table', resourceId: stateStorage.outputs.id, groupId: 'table' }
      { name: 'own-hubs', resourceId: ownNamespace.outputs.id, groupId: 'namespace' }
      { name: 'entra-hubs', resourceId: entraNamespace.outputs.id, groupId: 'namespace' }
      { name: 'vault', resourceId: vault.outputs.id, groupId: 'vault' }
    ]
  }
}

module access 'modules/access.bicep' = {
  name: 'access'
  scope: group
  params: {
    principalId: identity.outputs.principalId
    hostStorageName: hostStorage.outputs.name
    stateStorageName: stateStorage.outputs.name
    ownNamespaceName: ownNamespace.outputs.name
    entraNamespaceName: entraNamespace.outputs.name
    hubsReadOfEntra: map(entraHubs, hub => hub.name)
    vaultName: vault.outputs.name
    keyName: vault.outputs.keyName
    readsSecrets: !empty(secretSettings)
    componentName: monitoring.outputs.componentName
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  scope: group
  params: {
    name: 'func-tourniquet-${token}'
    planName: 'plan-tourniquet-${token}'
    location: location, tags: allTags
    identityId: identity.outputs.id
    packageContainer: '${hostStorage.outputs.blobUri}app-package'
    subnetId: network.?outputs.appSubnetId ?? ''
    apiClientId: apiClientId
    workspaceId: monitoring.outputs.workspaceId
  }
  // The first start already reads its package and its hubs.
  dependsOn: [access]
}

module settings 'modules/settings.bicep' = {
  name: 'settings'
  scope: group
  params: {
    appName: app.outputs.name
    identityClientId: identity.outputs.clientId
    hostBlobUri: hostStorage.outputs.blobUri
    hostQueueUri: hostStorage.outputs.queueUri
    hostTableUri: hostStorage.outputs.tableUri
    stateTableUri: stateStorage.outputs.tableUri
    ownHubsHost: ownNamespace.outputs.host
    entraHubsHost: entraNamespace.outputs.host
    signingKeyId: vault.outputs.keyUri
    vaultUri: vault.outputs.uri
    applicationInsights: monitoring.outputs.ingestion
    graphUrl: graphUrl
    firstDeployedAt: firstDeployedAt
    secretSettings: secretSettings
    moreSettings: moreSettings
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: location, tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    entraNamespaceId: entraNamespace.outputs.id
    stateStorageName: stateStorage.outputs.name
    identityObjectId: identity.outputs.principalId
    emails: alertEmails
  }
}

// azd writes these into its environment.
output AZURE_RESOURCE_GROUP string = group.name
output TOURNIQUET_URL string = app.outputs.url
output TOURNIQUET_API_SCOPE string = 'api://${apiClientId}/.default'
output TOURNIQUET_APP string = app.outputs.name
output TOURNIQUET_IDENTITY string = identity.outputs.principalId
output TOURNIQUET_ENTRA_RULE string = entraNamespace.outputs.senderRuleId
output TOURNIQUET_VAULT string = vault.outputs.name
