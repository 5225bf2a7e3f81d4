/**
 * A process of its own for whatever is measured: `serve NAME UPSTREAM_PORT`, `work NAME`, `upstream`. It says when it is ready, answers one question
 * at a time, and ends when its parent lets go of it, so that no child outlives a run however that ends.
 */
import { startUpstream } from './http/upstream.ts'
import { servers } from './http/servers.ts'
import { measureWork } from './work/work.ts'
import { works } from './work/works.ts'

export type Question = { readonly ask: 'cpu' } | { readonly ask: 'tidy' } | { readonly ask: 'run'; readonly ms: number }
export type Reply =
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'done'; readonly port?: number | undefined; readonly cpuMicros?: number; readonly perSecond?: number; readonly bytes?: number | undefined }

type Answering = (question: Question) => Promise<Reply>

function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

const aboutItself: Answering = async ({ ask }) => {
  if (ask === 'tidy') for (let times = 0; times < 3; times += 1) globalThis.gc?.()
  return { kind: 'done', cpuMicros: cpuMicros() }
}

async function open([kind, name = '', upstreamPort]: readonly string[]): Promise<{ readonly port?: number; readonly answer: Answering }> {
  if (kind === 'upstream') return { port: (await startUpstream()).port, answer: aboutItself }
  if (kind === 'serve') {
    const serve = Object.hasOwn(servers, name) ? servers[name] : undefined
    if (serve === undefined) throw new Error(`no server is called ${name}`)
    return { port: (await serve(Number(upstreamPort))).port, answer: aboutItself }
  }
  const create = Object.hasOwn(works, name) ? works[name] : undefined
  if (create === undefined) throw new Error(`no work is called ${name}`)
  const work = await create()
  await work.check()
  return { answer: async (question) => (question.ask === 'run' ? { kind: 'done', ...(await measureWork(work, question.ms, cpuMicros)) } : aboutItself(question)) }
}

function reply(answer: Promise<Reply>): void {
  answer.catch((error: unknown): Reply => ({ kind: 'failed', error: error instanceof Error ? (error.stack ?? error.message) : String(error) })).then((said) => process.send?.(said))
}

process.on('disconnect', () => process.exit(0))
const opened = open(process.argv.slice(2))
process.on('message', (question: Question) => reply(opened.then(({ answer }) => answer(question))))
reply(opened.then(({ port }) => ({ kind: 'done', port })))
