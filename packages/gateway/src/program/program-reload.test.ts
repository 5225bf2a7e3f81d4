/** A reload of the program as it is built: another thread reads the files, and hands them over whole, however long their lists are. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { program } from '../../../../test/joined.ts'

const config = (limit: number, change = ''): string => `
listen: { port: 0 }
admin: { port: 0 }
store: memory
upstreams: { up: http://127.0.0.1:9 }
apis:
  a:
    mount: /
    tables: { list: { file: ./list.json, key: id }, map: { file: ./map.yaml } }
    routes:
      - { on: POST /checked, public: true, steps: [{ validate: ./schema.json }] }
      - { on: POST /inline, public: true, steps: [{ validate: { properties: { n: { type: integer, maximum: ${limit} } } } }] }
      - { on: 'POST /list/{id}', public: true, steps: [{ lookup: { table: list, resource: row, param: id } }] }
      - { on: 'POST /map/{id}', public: true, steps: [{ lookup: { table: map, resource: row, param: id } }] }
${change}`

it('gives what the files say now, and where they are wrong the place, while the old configuration stays', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-reload-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text)
  function writeAll(limit: number, rows: number): void {
    write('tollgate.yaml', config(limit))
    write('schema.json', JSON.stringify({ properties: { n: { $ref: './number.yaml#/bounded' } } }))
    write('number.yaml', `bounded: { type: integer, maximum: ${limit} }`)
    write('list.json', JSON.stringify(Array.from({ length: rows }, (_, id) => ({ id }))))
    write('map.yaml', Array.from({ length: rows }, (_, id) => `r${id}: { n: ${id} }\n`).join(''))
  }
  writeAll(10, 600)

  const child = spawn(process.execPath, [program, 'serve', join(directory, 'tollgate.yaml')], { stdio: ['ignore', 'ignore', 'pipe'], cwd: directory })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  await expect.poll(() => said).toMatch(/"message":"started"/)
  const url = /"url":"(http:[^"]+)"/.exec(said)?.[1] ?? ''
  const statusOf = async (path: string, body = '{}'): Promise<number> => (await fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status
  /** The upstream is not there: what gets through is answered 502 or 503. */
  const outcomes = async (n: number, row: number): Promise<readonly boolean[]> =>
    (await Promise.all([statusOf('/checked', `{"n":${n}}`), statusOf('/inline', `{"n":${n}}`), statusOf(`/list/${row}`), statusOf(`/map/r${row}`)])).map((status) => status >= 500)

  expect(await outcomes(10, 599)).toEqual([true, true, true, true])
  expect(await outcomes(11, 600)).toEqual([false, false, false, false])

  writeAll(20, 1_300)
  child.kill('SIGHUP')
  await expect.poll(() => said).toContain('"message":"configuration reloaded"')
  for (const row of [0, 499, 500, 1_299]) expect(await outcomes(20, row)).toEqual([true, true, true, true])
  expect(await outcomes(21, 1_300)).toEqual([false, false, false, false])

  write('tollgate.yaml', config(30, '      - { on: POST /more, pulbic: true }'))
  child.kill('SIGHUP')
  await expect.poll(() => said).toContain('configuration not reloaded')
  expect(said).toContain('tollgate.yaml:15:27 apis.a.routes[4].pulbic: there is no setting')
  expect(await outcomes(21, 1_299)).toEqual([false, false, true, true])

  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})
