// The part of "@azure/functions-core" that @azure/functions 4.16 uses. Azure ships that package inside its worker only.

export type LogLevel = "trace" | "debug" | "information" | "warning" | "error" | "critical" | "none";
export type LogCategory = "user" | "system" | "customMetric";

/** One value on the wire between host and worker; exactly one member is set. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly int?: number;
  readonly double?: number;
  readonly http?: HttpData;
  readonly collectionString?: { readonly string: readonly string[] };
  readonly collectionSint64?: { readonly sint64: readonly number[] };
}

export interface NullableValue<T> {
  readonly value?: T | null;
}

export type NullableMapping = Record<string, NullableValue<string>>;

export interface HttpCookie {
  readonly name?: string;
  readonly value?: string;
  readonly domain?: NullableValue<string>;
  readonly path?: NullableValue<string>;
  readonly expires?: NullableValue<{ readonly seconds?: number }>;
  readonly secure?: NullableValue<boolean>;
  readonly httpOnly?: NullableValue<boolean>;
  readonly sameSite?: "none" | "lax" | "strict" | "explicitNone";
  readonly maxAge?: NullableValue<number>;
}

/** A request going in (url, method, nullable…) or a response coming out (statusCode, headers, cookies). */
export interface HttpData {
  readonly method?: string;
  readonly url?: string;
  readonly nullableHeaders?: NullableMapping;
  readonly nullableParams?: NullableMapping;
  readonly nullableQuery?: NullableMapping;
  readonly statusCode?: string;
  readonly headers?: Record<string, string>;
  readonly cookies?: readonly HttpCookie[];
  readonly body?: TypedData | null;
}

export interface BindingInfo {
  readonly type?: string;
  readonly direction?: "in" | "out" | "inout";
  readonly [option: string]: unknown;
}

/** A retry policy as registered. The library rounds intervals to whole seconds. */
export interface RetryOptions {
  readonly maxRetryCount?: number;
  readonly retryStrategy?: "fixedDelay" | "exponentialBackoff";
  readonly delayInterval?: { readonly seconds?: number };
  readonly minimumInterval?: { readonly seconds?: number };
  readonly maximumInterval?: { readonly seconds?: number };
}

export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Record<string, BindingInfo>;
  readonly retryOptions?: RetryOptions;
}

export type FunctionCallback = (...args: unknown[]) => unknown;

export interface RetryContext {
  readonly retryCount: number;
  readonly maxRetryCount: number;
  readonly exception?: { readonly message: string; readonly stackTrace?: string };
}

export interface ParameterBinding {
  readonly name: string;
  readonly data: TypedData;
}

export interface InvocationRequest {
  readonly invocationId: string;
  readonly inputData: readonly ParameterBinding[];
  readonly triggerMetadata: Record<string, TypedData>;
  readonly traceContext: { readonly traceParent: string };
  readonly retryContext?: RetryContext;
}

export interface InvocationResponse {
  readonly returnValue?: TypedData | null;
  readonly outputData?: readonly ParameterBinding[];
}

export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly request: InvocationRequest;
  readonly metadata: FunctionMetadata;
  state?: "preInvocationHooks" | "invocation" | "postInvocationHooks" | undefined;
  log(level: LogLevel, category: LogCategory, message: string): void;
}

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

export interface ProgrammingModel {
  readonly name: string;
  readonly version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel | Promise<InvocationModel>;
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

export type HookName = "preInvocation" | "postInvocation" | "appStart" | "appTerminate" | "log";
export type HookCallback = (context: object) => unknown;
