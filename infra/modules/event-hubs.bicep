// A namespace of Event Hubs with its hubs. Ours takes tokens only; the one for Entra has to take one key as well.
type Hub = {
  name: string
  @minValue(1)
  @maxValue(32)
  partitions: int
  @description('the Standard tier keeps 168 at most')
  @minValue(1)
  @maxValue(168)
  retentionHours: int
  @description('gets a consumer group by which single events are read again; the triggers own $Default, which is always there')
  isReplayed: bool
}

param name string
param location string
param tags object
param hubs Hub[]

@description('Entra sends here with a shared access key; its diagnostic settings know no other way.')
param isForEntra bool

param isPrivate bool
param workspaceId string

// of https://NAME.servicebus.windows.net:443/
var host = split(split(namespace.properties.serviceBusEndpoint, '/')[2], ':')[0]

resource namespace 'Microsoft.EventHub/namespaces@2026-01-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'Standard', tier: 'Standard', capacity: 1 }
  properties: {
    minimumTlsVersion: '1.2'
    disableLocalAuth: !isForEntra
    // A burst of sign-ins grows it; it never shrinks by itself.
    isAutoInflateEnabled: isForEntra
    maximumThroughputUnits: isForEntra ? 4 : 0
    // Diagnostic settings come as a trusted service through the firewall, which "Disabled" does not have.
    publicNetworkAccess: isPrivate && !isForEntra ? 'Disabled' : 'Enabled'
  }
}

resource rules 'Microsoft.EventHub/namespaces/networkRuleSets@2026-01-01' = {
  parent: namespace
  name: 'default'
  properties: {
    defaultAction: isPrivate ? 'Deny' : 'Allow'
    publicNetworkAccess: isPrivate && !isForEntra ? 'Disabled' : 'Enabled'
    trustedServiceAccessEnabled: isForEntra
  }
}

resource hub 'Microsoft.EventHub/namespaces/eventhubs@2026-01-01' = [
  for one in hubs: {
    parent: namespace
    name: one.name
    properties: {
      partitionCount: one.partitions
      retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: one.retentionHours }
    }
  }
]

resource replay 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2026-01-01' = [
  for (one, index) in hubs: if (one.isReplayed) {
    parent: hub[index]
    name: 'replay'
    properties: {}
  }
]

// Azure Monitor asks for all three rights, also where the hub is named, and for a rule of the namespace
// (https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings#destinations). Nobody of ours reads its key.
resource senderRule 'Microsoft.EventHub/namespaces/authorizationRules@2026-01-01' = if (isForEntra) {
  parent: namespace
  name: 'entra-diagnostics'
  properties: { rights: ['Listen', 'Manage', 'Send'] }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: namespace
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = namespace.id
output name string = namespace.name
output host string = host
output privateZone string = 'privatelink.${join(skip(split(host, '.'), 1), '.')}'
@description('Empty where no key is taken.')
output senderRuleId string = isForEntra ? senderRule.id : ''
