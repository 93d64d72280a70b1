// The workbook: its layout is infra/workbook.json, and each of its queries is the file that its item is called like.
param location string
param tags object
param workspaceId string

var queries = {
  'time-to-contain': loadTextContent('../queries/time-to-contain.kql')
  outcomes: loadTextContent('../queries/outcomes.kql')
  'what-waits': loadTextContent('../queries/what-waits.kql')
  'blind-spots': loadTextContent('../queries/blind-spots.kql')
  'dead-letters': loadTextContent('../queries/dead-letters.kql')
  throttling: loadTextContent('../queries/throttling.kql')
  told: loadTextContent('../queries/told.kql')
}

var layout = loadJsonContent('../workbook.json')

// Type 3 is a query.
var items = map(
  layout.items,
  item => item.type == 3 ? union(item, { content: union(item.content, { query: queries[item.name] }) }) : item
)

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(workspaceId, 'tourniquet')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Tourniquet'
    category: 'workbook'
    sourceId: workspaceId
    version: layout.version
    serializedData: string({ version: layout.version, items: items })
  }
}
