import { parentPort } from 'node:worker_threads'
import { postedLog, serveThread } from '../../src/work-units/index.ts'

/** A thread that answers with its unit's chunk, and does otherwise as that says. */
const port = parentPort
if (port === null) throw new Error('this is what a thread runs')
const log = postedLog((message) => {
  port.postMessage(message)
})
const tries = new Map<string, number>()
await serveThread(port, async ({ chunk }, signal) => {
  const attempt = (tries.get(chunk) ?? 0) + 1
  tries.set(chunk, attempt)
  log.info({ chunk, err: new Error('only logged') }, 'unit_seen')
  if (chunk === 'dies') process.exit(7)
  if (chunk === 'fails') throw new Error('it cannot be done')
  if (chunk === 'fails once' && attempt === 1) throw new Error('not yet')
  if (chunk === 'lasts') {
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve)
    })
    signal.throwIfAborted()
  }
  return { chunk, attempt }
})
