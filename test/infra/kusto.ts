/** The parser of Kusto's own editors, which knows the columns of the tables that our queries may read. */
import { createRequire } from "node:module";

/** As the Azure Monitor reference lists them: the columns that we use. */
export const tables = {
  AppTraces:
    "TimeGenerated: datetime, Message: string, Properties: dynamic, SeverityLevel: int, AppRoleInstance: string",
  AppRequests:
    "TimeGenerated: datetime, Name: string, Success: bool, ResultCode: string, DurationMs: real, OperationId: string",
  StorageTableLogs:
    "TimeGenerated: datetime, AccountName: string, Category: string, OperationName: string, ObjectKey: string, StatusCode: string, AuthenticationType: string, RequesterObjectId: string, RequesterAppId: string, CallerIpAddress: string",
} as const;

interface Diagnostic {
  readonly Severity: string;
  readonly Message: string;
}

interface Table {
  WithName(name: string): Table;
}

/** What we use of `Kusto.Language`, which is C# compiled to JavaScript and puts itself into the global object. */
interface Kusto {
  readonly Language: {
    readonly KustoCode: {
      ParseAndAnalyze(
        text: string,
        globals: unknown,
      ): { GetDiagnostics(): { readonly Count: number; getItem(i: number): Diagnostic } };
    };
    readonly GlobalState: { readonly Default: { WithDatabase(database: unknown): unknown } };
    readonly Symbols: {
      readonly TableSymbol: { From(schema: string): Table };
      readonly DatabaseSymbol: { readonly ctor: new (name: string, tables: readonly Table[]) => unknown };
    };
  };
}

/** Answers what is wrong with a query, one line each. */
export function createChecker(): (query: string) => readonly string[] {
  const require = createRequire(import.meta.url);
  require("@kusto/language-service-next/bridge.min.js");
  require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
  const { KustoCode, GlobalState, Symbols } = (globalThis as unknown as { readonly Kusto: Kusto }).Kusto.Language;
  const known = Object.entries(tables).map(([name, schema]) => Symbols.TableSymbol.From(`(${schema})`).WithName(name));
  const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor("workspace", known));
  return (query) => {
    const found = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
    return Array.from({ length: found.Count }, (_, i) => found.getItem(i)).map(
      ({ Severity, Message }) => `${Severity}: ${Message}`,
    );
  };
}
