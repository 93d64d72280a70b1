// One invocation of one registered function, in the order of Azure's Node worker: arguments, hooks, handler, response.
import { randomBytes, randomUUID } from "node:crypto";
import type {
  CoreInvocationContext,
  InvocationResponse,
  LogLevel,
  ParameterBinding,
  RetryContext,
  TypedData,
} from "./core-types.ts";
import { describeError, type HostLog } from "./log.ts";
import { type RegisteredFunction, registry, runHooks } from "./registry.ts";

export interface InvokeOptions {
  readonly functionTimeoutMs: number;
  readonly log: HostLog;
}

export interface Invocation {
  readonly fn: RegisteredFunction;
  readonly input: ParameterBinding;
  readonly triggerMetadata?: Record<string, TypedData>;
  readonly retryContext?: RetryContext;
  readonly invocationId?: string;
}

/**
 * Runs a function once through the library's own converters.
 * Past the function timeout the invocation counts as failed; Azure would also restart the worker, which is not done here.
 * @throws whatever the handler or a hook throws
 */
export async function invoke(invocation: Invocation, options: InvokeOptions): Promise<InvocationResponse> {
  const context = coreContext(invocation, options.log);
  const name = context.metadata.name;
  const startedAt = performance.now();
  const fields = (): Record<string, unknown> => ({
    invocationId: context.invocationId,
    durationMs: Math.round(performance.now() - startedAt),
  });
  try {
    const response = await withTimeout(runThroughModel(context, invocation.fn), options.functionTimeoutMs, name);
    options.log("debug", name, "executed", fields());
    return response;
  } catch (error) {
    options.log("error", name, "execution failed", { ...fields(), ...describeError(error) });
    throw error;
  }
}

async function runThroughModel(core: CoreInvocationContext, fn: RegisteredFunction): Promise<InvocationResponse> {
  if (registry.model === undefined) throw new Error("No programming model: the app never loaded @azure/functions.");
  const model = await registry.model.getInvocationModel(core);
  const { context, inputs } = await model.getArguments();
  const hookData = {};

  const before = { hookData, invocationContext: context, inputs, functionCallback: fn.callback };
  core.state = "preInvocationHooks";
  await runHooks("preInvocation", before);

  const after = {
    hookData,
    invocationContext: context,
    inputs: before.inputs,
    result: null as unknown,
    error: null as unknown,
  };
  core.state = "invocation";
  try {
    after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error ?? new Error("The handler threw nothing.");
  }
  core.state = "postInvocationHooks";
  await runHooks("postInvocation", after);
  core.state = undefined;
  if (after.error !== null && after.error !== undefined) throw after.error;
  return model.getResponse(context, after.result);
}

function coreContext(invocation: Invocation, log: HostLog): CoreInvocationContext {
  const { metadata } = invocation.fn;
  const invocationId = invocation.invocationId ?? randomUUID();
  return {
    invocationId,
    metadata,
    request: {
      invocationId,
      inputData: [invocation.input],
      triggerMetadata: invocation.triggerMetadata ?? {},
      traceContext: { traceParent: `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01` },
      ...(invocation.retryContext === undefined ? {} : { retryContext: invocation.retryContext }),
    },
    log(level: LogLevel, category, message) {
      log(level, metadata.name, message, { category, invocationId });
    },
  };
}

async function withTimeout<T>(work: Promise<T>, limitMs: number, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    const late = (): void => reject(new Error(`${name} ran longer than functionTimeout (${limitMs} ms).`));
    timer = setTimeout(late, limitMs);
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
