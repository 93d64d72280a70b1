// The app's settings: addresses and names, never a key. What each is for: README.md; names are those that the code and the host read.
param appName string
param identityClientId string
param hostBlobUri string
param hostQueueUri string
param hostTableUri string
param stateTableUri string

@description('host name of the namespace with plans and outcomes')
param ownHubsHost string

@description('host name of the namespace that Entra sends to')
param entraHubsHost string

@description('without a version: the newest signs')
param signingKeyId string

param vaultUri string
param applicationInsights string
param graphUrl string
param firstDeployedAt string
param secretSettings string[]
param moreSettings object

// A secret is called like its setting, as the vault allows no underscore.
var secrets = toObject(
  secretSettings,
  name => name,
  name => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${replace(name, '_', '-')})'
)

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName
}

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union(moreSettings, secrets, {
    AzureWebJobsStorage__blobServiceUri: hostBlobUri
    AzureWebJobsStorage__queueServiceUri: hostQueueUri
    AzureWebJobsStorage__tableServiceUri: hostTableUri
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identityClientId
    EventHubs__fullyQualifiedNamespace: ownHubsHost
    EventHubs__credential: 'managedidentity'
    EventHubs__clientId: identityClientId
    EntraHubs__fullyQualifiedNamespace: entraHubsHost
    EntraHubs__credential: 'managedidentity'
    EntraHubs__clientId: identityClientId
    State__tableServiceUri: stateTableUri
    AZURE_CLIENT_ID: identityClientId
    TOURNIQUET_POLICY_FILE: 'policy.yaml'
    TOURNIQUET_SIGNING_KEY_ID: signingKeyId
    TOURNIQUET_GRAPH_URL: graphUrl
    TOURNIQUET_ARM_URL: environment().resourceManager
    APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
    // From the first deployment on, and never changed: docs/host-json.md.
    AzureFunctionsJobHost__extensions__eventHubs__initialOffsetOptions__enqueuedTimeUtc: firstDeployedAt
  })
}
