// Everything that the app's identity may do in Azure, and nothing else. Its permissions in Microsoft Graph: npm run grant.
param principalId string
param hostStorageName string
param stateStorageName string
param ownNamespaceName string
param entraNamespaceName string

@description('Hubs of the Entra namespace that are read.')
param hubsReadOfEntra string[]

param vaultName string
param keyName string

@description('Some settings are secrets of the vault.')
param readsSecrets bool

param componentName string

// Built-in roles: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
var roles = {
  blobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // Storage Blob Data Owner
  queueContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88' // Storage Queue Data Contributor
  tableContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor
  hubReceiver: 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde' // Azure Event Hubs Data Receiver
  hubSender: '2b629674-e913-4c01-ae53-ef4638d8f975' // Azure Event Hubs Data Sender
  cryptoUser: '12338af0-0e69-4776-bea7-57ae8d297424' // Key Vault Crypto User
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6' // Key Vault Secrets User
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb' // Monitoring Metrics Publisher
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostStorageName
}

resource stateStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: stateStorageName
}

resource ownNamespace 'Microsoft.EventHub/namespaces@2026-01-01' existing = {
  name: ownNamespaceName

  resource plans 'eventhubs' existing = {
    name: 'plans'
  }

  resource outcomes 'eventhubs' existing = {
    name: 'outcomes'
  }
}

resource entraNamespace 'Microsoft.EventHub/namespaces@2026-01-01' existing = {
  name: entraNamespaceName
}

resource entraHub 'Microsoft.EventHub/namespaces/eventhubs@2026-01-01' existing = [
  for name in hubsReadOfEntra: {
    parent: entraNamespace
    name: name
  }
]

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: vaultName

  resource key 'keys' existing = {
    name: keyName
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

// The Functions host's own account (https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity):
// blobs hold the package, locks, timers, checkpoints and function keys; the host may keep queues; tables hold its diagnostic events.
resource hostRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in [roles.blobOwner, roles.queueContributor, roles.tableContributor]: {
    scope: hostStorage
    name: guid(hostStorage.id, principalId, role)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

// Our state: tables, and nothing but tables.
resource stateRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: stateStorage
  name: guid(stateStorage.id, principalId, roles.tableContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.tableContributor)
  }
}

// Ingest reads what Entra sends; a dead letter is read again.
resource readsEntra 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in hubsReadOfEntra: {
    scope: entraHub[index]
    name: guid(entraHub[index].id, principalId, roles.hubReceiver)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.hubReceiver)
    }
  }
]

// The writer is woken by plans…
resource readsPlans 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: ownNamespace::plans
  name: guid(ownNamespace::plans.id, principalId, roles.hubReceiver)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.hubReceiver)
  }
}

// …which ingest, people and timers send.
resource sendsPlans 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: ownNamespace::plans
  name: guid(ownNamespace::plans.id, principalId, roles.hubSender)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.hubSender)
  }
}

// What was done is told to others.
resource sendsOutcomes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: ownNamespace::outcomes
  name: guid(ownNamespace::outcomes.id, principalId, roles.hubSender)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.hubSender)
  }
}

// Signing and verifying, with this one key.
resource signs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault::key
  name: guid(vault::key.id, principalId, roles.cryptoUser)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.cryptoUser)
  }
}

// The secrets of notifiers, where some are used; the vault holds no other.
resource readsSecretSettings 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (readsSecrets) {
  scope: vault
  name: guid(vault.id, principalId, roles.secretsUser)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.secretsUser)
  }
}

// Sending telemetry; despite its name the role covers logs and traces as well.
resource sendsTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: component
  name: guid(component.id, principalId, roles.metricsPublisher)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.metricsPublisher)
  }
}
