// What Entra ID logs, sent to the hubs. Once for the tenant, by its Security Administrator: docs/deploy.md.
//
// Licences. AuditLogs and sign-ins of workloads can be sent from any tenant with Entra ID P1 or P2 (Free exports no sign-ins). Risk of
// service principals is told in full with Workload Identities Premium: without it detections come with their level and detail
// hidden, and never act by themselves. Risk of agents comes where the tenant has agents, and is empty elsewhere.
//
// Events. Event Hubs counts an event for each started 64 KB, and Entra packs many records into one event, so what counts is bytes: risk
// is next to nothing, an audit record is about 2 KB, a sign-in about 4 KB, and workloads sign in five to ten times as often as people.
// One throughput unit takes 1 MB or 1,000 events a second. What this comes to: docs/deploy.md, "What it costs".
targetScope = 'tenant'

@description('Resource id of the rule by which Entra sends: output TOURNIQUET_ENTRA_RULE of the deployment.')
param senderRuleId string

@description('Sign-ins are most of the volume. Without them nothing is seen of new networks and of credentials used at once, and containment is verified by reading alone.')
param signIns bool = true

// Few records, and the fastest way from a leaked credential to a containment.
resource risk 'microsoft.aadiam/diagnosticSettings@2017-04-01' = {
  name: 'tourniquet-risk'
  properties: {
    eventHubAuthorizationRuleId: senderRuleId
    eventHubName: 'entra-risk'
    logs: [
      // state of one service principal, whenever it changes
      { category: 'RiskyServicePrincipals', enabled: true }
      // one detection each
      { category: 'ServicePrincipalRiskEvents', enabled: true }
      // the same of agent identities
      { category: 'RiskyAgents', enabled: true }
      { category: 'AgentRiskEvents', enabled: true }
    ]
  }
}

// Every change to the directory: new credentials, consents, roles, owners. Also of people and devices; those are set aside unread.
resource audit 'microsoft.aadiam/diagnosticSettings@2017-04-01' = {
  name: 'tourniquet-audit'
  properties: {
    eventHubAuthorizationRuleId: senderRuleId
    eventHubName: 'entra-audit'
    logs: [{ category: 'AuditLogs', enabled: true }]
  }
}

// By far the most records, one for each token that a workload gets.
resource signIn 'microsoft.aadiam/diagnosticSettings@2017-04-01' = if (signIns) {
  name: 'tourniquet-sign-ins'
  properties: {
    eventHubAuthorizationRuleId: senderRuleId
    eventHubName: 'entra-sign-ins'
    logs: [
      { category: 'ServicePrincipalSignInLogs', enabled: true }
      { category: 'ManagedIdentitySignInLogs', enabled: true }
    ]
  }
}
