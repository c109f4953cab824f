import type { MessagePort } from 'node:worker_threads'
import { coerceError } from '../../errors/index.ts'
import type { WorkUnit } from '../work-unit.ts'
import type { FromThread, ToThread } from './messages.ts'

/**
 * Does units one after the other as the program sends them, until it says that there are no more.
 *
 * @param perform does one; its signal aborts when the program says so
 */
export async function serveThread(
  port: MessagePort,
  perform: (unit: WorkUnit, signal: AbortSignal) => Promise<object>,
): Promise<void> {
  const ended = Promise.withResolvers<undefined>()
  const post = (message: FromThread): void => {
    port.postMessage(message)
  }
  let stop = new AbortController()
  port.on('message', (message: ToThread) => {
    if (message.say === 'stop') stop.abort(new Error('the run is stopping'))
    else if (message.say === 'end') ended.resolve(undefined)
    else {
      stop = new AbortController()
      void answer(message.unit, stop.signal)
    }
  })
  await ended.promise
  port.close()

  async function answer(unit: WorkUnit, signal: AbortSignal): Promise<void> {
    try {
      post({ say: 'done', output: await perform(unit, signal) })
    } catch (thrown) {
      post({ say: 'failed', message: coerceError(thrown).message })
    }
  }
}
