import type pg from 'pg'
import { RunOver } from '../../work-units/index.ts'

/**
 * Makes sure that a run is running, and that it stays so until the transaction ends: whoever closes the run
 * waits for that, and later transactions find it closed. Its heartbeats go on meanwhile.
 *
 * @throws RunOver
 */
export async function holdRunOpen(client: pg.ClientBase, batchRunId: string): Promise<void> {
  const { rowCount } = await client.query(
    `select from batch_run_history where batch_run_id = $1 and status = 'running' for key share`,
    [batchRunId],
  )
  if (rowCount !== 1) throw new RunOver(batchRunId)
}
