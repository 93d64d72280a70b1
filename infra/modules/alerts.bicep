// The workbook, and alerts that rest on logs and platform metrics alone, so that they speak when our own tables, or we ourselves, do not.
param location string
param tags object
param workspaceId string

@description('Namespace that Entra sends to.')
param entraNamespaceId string

@description('Hubs in which silence is always wrong; risk may stay away for weeks.')
param busyHubs string[] = ['entra-audit']

@description('Account whose tables nobody but the app changes, and the object id of the app\'s identity.')
param stateStorageName string
param identityObjectId string

@description('Who is told. Empty: alerts only show in the portal.')
param emails string[] = []

// What a rule looks for is a query that has rows. Windows are ISO 8601 durations.
var rules = [
  {
    name: 'dead-letters'
    title: 'Records became dead letters'
    query: loadTextContent('../queries/dead-letters.kql')
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
    resolvesItself: true
  }
  {
    name: 'stuck-plans'
    title: 'A plan is stuck'
    query: loadTextContent('../queries/stuck-plans.kql')
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    resolvesItself: false
  }
  {
    name: 'silent-categories'
    title: 'A log has gone silent'
    query: loadTextContent('../queries/silent-categories.kql')
    severity: 1
    every: 'PT1H'
    window: 'P2D'
    resolvesItself: false
  }
  {
    name: 'unledgered-write'
    title: 'The tenant was changed under our identity by somebody else'
    query: loadTextContent('../queries/unledgered-write.kql')
    severity: 0
    every: 'PT5M'
    window: 'PT15M'
    resolvesItself: false
  }
  {
    name: 'foreign-table-write'
    title: 'Somebody else changed the state'
    // What is ours is known to the deployment alone.
    query: replace(replace(loadTextContent('../queries/foreign-table-write.kql'), 'STATE_ACCOUNT', stateStorageName), 'OUR_OBJECT_ID', identityObjectId)
    severity: 0
    // A line of storage takes some minutes to come.
    every: 'PT15M'
    window: 'PT30M'
    resolvesItself: false
  }
  {
    name: 'writer-not-running'
    title: 'The writer does not run'
    query: loadTextContent('../queries/writer-not-running.kql')
    severity: 0
    every: 'PT5M'
    window: 'PT15M'
    resolvesItself: true
  }
  {
    name: 'health-failing'
    title: 'The app is not well'
    query: loadTextContent('../queries/health-failing.kql')
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    resolvesItself: true
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(emails)) {
  name: 'tourniquet'
  location: 'Global'
  tags: tags
  properties: {
    groupShortName: 'tourniquet'
    enabled: true
    emailReceivers: [
      for (email, index) in emails: { name: 'person-${index}', emailAddress: email, useCommonAlertSchema: true }
    ]
  }
}

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for one in rules: {
    name: 'tourniquet-${one.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Tourniquet: ${one.title}'
      enabled: true
      severity: one.severity
      scopes: [workspaceId]
      evaluationFrequency: one.every
      windowSize: one.window
      autoMitigate: one.resolvesItself
      // Tables come to be with their first row, which may be after this.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: one.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: {
        actionGroups: empty(emails) ? [] : [people.id]
        customProperties: { whatToDo: 'docs/telemetry.md#alerts', query: 'infra/queries/${one.name}.kql' }
      }
    }
  }
]

// Event Hubs' own count, in case that it is we who do not read: nothing in six hours, look at Entra's diagnostic settings. A hub that never got anything has no such metric and no alert.
resource silence 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'tourniquet-silent-hubs'
  location: 'Global'
  tags: tags
  properties: {
    enabled: true
    severity: 1
    scopes: [entraNamespaceId]
    evaluationFrequency: 'PT1H'
    windowSize: 'PT6H'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'incoming'
          metricName: 'IncomingMessages'
          metricNamespace: 'Microsoft.EventHub/namespaces'
          timeAggregation: 'Total'
          operator: 'LessThan'
          threshold: 1
          dimensions: [{ name: 'EntityName', operator: 'Include', values: busyHubs }]
        }
      ]
    }
    actions: empty(emails) ? [] : [{ actionGroupId: people.id }]
  }
}

module workbook 'workbook.bicep' = {
  name: 'workbook'
  params: { location: location, tags: tags, workspaceId: workspaceId }
}
