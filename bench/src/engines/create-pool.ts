/** A pool as others use one; ours are connected as the gateway does it. */
import { Pool } from 'pg'

export function createPool(url: string, connections: number): Pool {
  const pool = new Pool({ connectionString: url, max: connections })
  pool.on('error', () => undefined)
  return pool
}
