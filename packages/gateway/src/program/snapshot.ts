/** What holds at one time, and what a reload swaps whole: a configuration and the gate that was built from it. */
import type { Directory, Documents } from 'tollgate/directory'
import type { Gate } from 'tollgate/gate'
import type { DocsAnswers } from '../docs/serve/docs-answers.ts'
import type { DocsOf } from './docs-of.ts'
import type { CallListener } from '../settling/call-listener.ts'
import { needsCallApi } from '../config/build/call-api-need.ts'
import { fixedChanges } from '../config/build/fixed-settings.ts'
import type { GatewayConfig } from '../config/gateway-config.ts'
import type { ConfigProblem, Outcome } from '../config/read/config-problem.ts'
import { heldPlans } from './held-plans.ts'
import { keepMeanings } from './kept-meanings.ts'

export interface Snapshot {
  readonly config: GatewayConfig
  readonly gate: Gate
  /** Undefined: no API has its reference here. */
  readonly docs: DocsAnswers | undefined
}

export interface NextSnapshotSetup {
  readonly current: GatewayConfig
  readonly read: () => Promise<Outcome<GatewayConfig>>
  readonly gateOf: (config: GatewayConfig) => Outcome<Gate>
  readonly directory: Directory
  readonly store: Documents
  readonly calls: CallListener
  readonly docsOf: DocsOf
}

/** The next one, or everything that stands against it: then no more has happened than that the port for services may be open. */
export async function nextSnapshot({ current, read, gateOf, directory, store, calls, docsOf }: NextSnapshotSetup): Promise<Outcome<Snapshot>> {
  const loaded = await read()
  if (!loaded.ok) return loaded
  const config = loaded.value
  const gate = gateOf(config)
  if (!gate.ok) return gate
  const refusals = [...fixedChanges(current, config), ...(await heldPlans(directory, config))]
  if (refusals.length > 0) return { ok: false, problems: refusals }
  const unopened = needsCallApi(config) ? await problemOf(calls.open()) : undefined
  if (unopened !== undefined) return { ok: false, problems: [unopened] }
  const docs = await docsOf(config.docs)
  // Last, since it writes.
  const changes = await keepMeanings(store, config)
  return changes.length > 0 ? { ok: false, problems: changes } : { ok: true, value: { config, gate: gate.value, docs } }
}

async function problemOf(opening: Promise<unknown>): Promise<ConfigProblem | undefined> {
  try {
    await opening
    return undefined
  } catch (error) {
    return { path: ['calls', 'port'], message: error instanceof Error ? error.message : String(error) }
  }
}
