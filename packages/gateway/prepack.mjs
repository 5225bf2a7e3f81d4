/**
 * Run by `npm pack`. The library is no package of a registry's yet, so it goes into the gateway's own (`bundleDependencies`): npm takes it from the gateway's
 * `node_modules`, where a workspace has none. The link stays; it leads to where the name leads anyhow.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const here = import.meta.dirname
// npm has put the workspace's programs on the path.
execFileSync('tsc', ['-b'], { cwd: here, stdio: ['ignore', 2, 2] })
mkdirSync(join(here, 'node_modules'), { recursive: true })
const link = join(here, 'node_modules/tollgate')
if (!existsSync(link)) symlinkSync('../../tollgate', link, 'dir')
