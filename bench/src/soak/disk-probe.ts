/** How long the disk of this machine takes to keep a few bytes: others use it too, and a store that cannot write for a second lets nobody in. */
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ofStanding } from './faults.ts'
import type { Felt } from './judge.ts'

const EVERY_MS = 200
/** A commit writes several times as much, and waits for what was begun before it. */
const SLOW_MS = 250

export interface DiskProbe {
  /** Milliseconds, the longest that it took. */
  worstMs(): number
  slow(): number
  stop(): Promise<void>
}

export async function startDiskProbe(felt: Felt[], wallMs: () => number): Promise<DiskProbe> {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-soak-'))
  const file = await open(join(directory, 'probe'), 'w')
  let isOver = false
  let worstMs = 0
  let slow = 0

  async function probe(): Promise<void> {
    const fromMs = wallMs()
    await file.write('probe', 0)
    await file.datasync()
    const tookMs = wallMs() - fromMs
    worstMs = Math.max(worstMs, tookMs)
    if (tookMs < SLOW_MS) return
    slow += 1
    felt.push({ kind: `a disk that took ${tookMs} ms`, api: undefined, explains: ofStanding, fromMs, untilMs: wallMs() })
  }

  const probing = (async () => {
    for (;;) {
      if (isOver) return
      await probe()
      await new Promise((resolve) => void setTimeout(resolve, EVERY_MS))
    }
  })()

  return {
    worstMs: () => worstMs,
    slow: () => slow,
    async stop() {
      isOver = true
      await probing
      await file.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
