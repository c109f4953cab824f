import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { PanelMemory, performUnit } from '../batch/index.ts'
import { openDatabase } from '../database/index.ts'
import { postedLog, serveThread } from '../work-units/index.ts'

/** What the program tells a thread of `--workers` when it starts. */
export interface WorkThreadData {
  readonly url: string
  readonly applicationName: string
  /** Connections at most: one for each group of portfolios under way, and one to look after the run. */
  readonly poolMax: number
}

const port = parentPort
if (port === null) throw new Error('this is what a thread of a batch program runs')
await using database = await openDatabase(workerData as WorkThreadData)
const panels = new PanelMemory()
const log = postedLog((message) => {
  port.postMessage(message)
})
await serveThread(port, (unit, signal) =>
  performUnit({ database, log, panels, signal, sleep }, unit),
)
