// The error
export { ApiError, isApiError, type ApiErrorInit, type ApiErrorAs, type ApiErrorOf, type UnknownCode } from './api-error.ts'
export type { Attempt } from './attempt.ts'

// What a client is made with
export type { CallLimits, ClientCredentials, ClientOptions, ClientToken, WrapOptions } from './client-options.ts'

// Whether it is tried again
export { decideRetry, type BackoffOptions, type RetryBecause, type RetryDecision, type RetryInput, type StopBecause } from './decide-retry.ts'
export { createRetryBudget, sharedRetryBudget, type RetryBudget, type RetryBudgetOptions, type RetryCause } from './retry-budget.ts'

// What hangs on to it
export type { AttemptStart, CallHooks, CallStart, ClientCallEnd, Extension, ExtensionClock, HeldBack } from './extension.ts'

// The client
export { createClient, wrapFetch } from './create-client.ts'
export type { CallResult, Client } from './core-client.ts'
export { refusalOf } from './stacked-layers.ts'
export type { CallInit } from './outgoing.ts'
export type { CallOutcome, ClientCall } from './client-call.ts'
export type { FetchLike } from './client-plan.ts'
