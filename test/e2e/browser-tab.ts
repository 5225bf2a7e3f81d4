/** A tab of headless Chromium as a person has it: a screen of a size, a page with its own rules, clicks where things stand. By the DevTools protocol, through a pipe. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

export interface Screen {
  readonly width: number
  readonly height: number
  /** Fingers in place of a mouse. */
  readonly touch?: boolean
  /** What the person prefers. Default: light. */
  readonly dark?: boolean
}

export interface Tab {
  /** As another screen has it. What is shown is as it was until it is loaded again. */
  turnTo(screen: Screen): Promise<void>
  /** Leads to another page. Resolves when it has loaded. */
  goTo(url: string): Promise<void>
  /** The value of an expression in the page, as JSON carries it; of a promise, what it resolves to. */
  read(expression: string): Promise<unknown>
  /** In the middle of the first element that fits. Rejects where something else is in the way. */
  click(selector: string): Promise<void>
  /** A PNG of what the screen shows. */
  picture(): Promise<Buffer>
  close(): Promise<void>
}

/** Resolves when the page has loaded. */
export async function openTab(url: string, screen: Screen): Promise<Tab> {
  const profile = mkdtempSync(join(tmpdir(), 'tollgate-tab-'))
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking', '--hide-scrollbars']
  const child = spawn('chromium', [...flags, '--remote-debugging-pipe', `--user-data-dir=${profile}`], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], detached: true })
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const { send, next } = speakOver(child.stdio[3] as Writable, child.stdio[4] as Readable, gone)

  const { targetId } = await send('Target.createTarget', { url: 'about:blank' })
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true })
  const tell = (method: string, params: object = {}) => send(method, params, sessionId)
  async function turnTo({ width, height, touch = false, dark = false }: Screen): Promise<void> {
    await tell('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: touch })
    await tell('Emulation.setTouchEmulationEnabled', { enabled: touch })
    await tell('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }] })
  }
  await turnTo(screen)
  await tell('Page.enable')

  async function goTo(address: string): Promise<void> {
    const loaded = next('Page.loadEventFired')
    await tell('Page.navigate', { url: address })
    await loaded
  }
  await goTo(url)

  async function read(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await tell('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`)
    return (result as { readonly value?: unknown }).value
  }

  return {
    turnTo,
    goTo,
    read,
    async click(selector) {
      const place = await read(`(() => {
        const found = document.querySelector(${JSON.stringify(selector)})
        found?.scrollIntoView({ block: 'center', behavior: 'instant' })
        const { x, y, width, height } = found?.getBoundingClientRect() ?? {}
        const [left, top] = [x + width / 2, y + height / 2]
        return found?.contains(document.elementFromPoint(left, top)) ? { x: left, y: top } : null
      })()`)
      if (place === null) throw new Error(`nothing to click at ${selector}`)
      for (const type of ['mousePressed', 'mouseReleased']) await tell('Input.dispatchMouseEvent', { ...(place as object), type, button: 'left', clickCount: 1 })
    },
    picture: async () => Buffer.from(String((await tell('Page.captureScreenshot')).data), 'base64'),
    async close() {
      // The whole group: a browser is many processes.
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
      await gone
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}

type Message = { readonly [name: string]: unknown }

/** Messages are JSON, each ended by a zero byte. What is awaited when the browser ends is rejected. */
function speakOver(out: Writable, back: Readable, gone: Promise<void>) {
  const waiting = new Map<number | string, (message: Message) => void>()
  let rest = ''
  back.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0')
    rest = messages.pop() ?? ''
    for (const message of messages.map((each) => JSON.parse(each) as Message)) {
      const key = (message['id'] ?? message['method']) as number | string
      waiting.get(key)?.(message)
      waiting.delete(key)
    }
  })
  out.on('error', () => undefined)
  const next = (key: number | string): Promise<Message> => {
    const heard = new Promise<Message>((resolve) => waiting.set(key, resolve))
    return Promise.race([heard, gone.then(() => Promise.reject(new Error('the browser has ended')))])
  }

  let sent = 0
  return {
    next,
    async send(method: string, params: object, sessionId?: unknown): Promise<Message> {
      sent += 1
      const answer = next(sent)
      out.write(`${JSON.stringify({ id: sent, method, params, sessionId })}\0`)
      const { result, error } = await answer
      if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`)
      return result as Message
    },
  }
}
