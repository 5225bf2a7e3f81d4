/** `npm run bench:scaling`: the model of `docs/scaling.md` over the figures that were kept, on stdout. */
import { readEngines } from '../engines/save-engines.ts'
import { assumptionsFrom } from './assumptions.ts'
import { formatScaling } from './scaling-page.ts'

process.stdout.write(`${formatScaling(assumptionsFrom(readEngines()))}\n`)
