import { Worker } from 'node:worker_threads'
import { coerceError } from '../../errors/index.ts'
import type { Logger } from '../../logging/index.ts'
import type { WorkUnit } from '../work-unit.ts'
import type { FromThread, ToThread } from './messages.ts'

/** How one try of a unit ended. */
export type Attempt =
  { readonly ok: true; readonly output: object } | { readonly ok: false; readonly message: string }

/** After which a thread that does not end by itself is ended. */
const END_LIMIT_MS = 10_000

/** One thread, started with its first unit and again after it broke. It does one unit at a time. */
export class WorkerThread implements AsyncDisposable {
  readonly #entry: URL
  readonly #data: object
  readonly #log: Logger
  #worker: Worker | null = null

  /** @param data given to the thread when it starts */
  constructor(entry: URL, data: object, log: Logger) {
    this.#entry = entry
    this.#data = data
    this.#log = log
  }

  /** Does a unit; an abort makes it end early, and it is waited for all the same. */
  async do(unit: WorkUnit, signal: AbortSignal): Promise<Attempt> {
    const worker = this.#started()
    const attempt = Promise.withResolvers<Attempt>()
    const onMessage = (message: FromThread): void => {
      if (message.say === 'done') attempt.resolve({ ok: true, output: message.output })
      if (message.say === 'failed') attempt.resolve({ ok: false, message: message.message })
    }
    const onBreak = (cause: unknown): void => {
      this.#worker = null
      const message = `its thread broke: ${coerceError(cause).message}`
      attempt.resolve({ ok: false, message })
    }
    const onExit = (code: number): void => {
      onBreak(new Error(`it ended with code ${code}`))
    }
    const stop = (): void => {
      this.#say(worker, { say: 'stop' })
    }
    worker.on('message', onMessage)
    worker.once('error', onBreak)
    worker.once('exit', onExit)
    this.#say(worker, { say: 'do', unit })
    signal.addEventListener('abort', stop, { once: true })
    try {
      return await attempt.promise
    } finally {
      signal.removeEventListener('abort', stop)
      worker.off('message', onMessage)
      worker.off('error', onBreak)
      worker.off('exit', onExit)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const worker = this.#worker
    if (worker === null) return
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    this.#say(worker, { say: 'end' })
    const timer = setTimeout(() => void worker.terminate(), END_LIMIT_MS)
    await ended
    clearTimeout(timer)
  }

  #started(): Worker {
    if (this.#worker !== null) return this.#worker
    const worker = new Worker(this.#entry, { workerData: this.#data })
    worker.on('message', (message: FromThread) => {
      if (message.say === 'log') this.#log[message.level](message.fields, message.message)
    })
    // Between units nobody else listens, and an error without a listener would end the process.
    worker.on('error', (error) => {
      this.#log.error({ err: coerceError(error) }, 'worker_thread_broke')
      if (this.#worker === worker) this.#worker = null
    })
    this.#worker = worker
    return worker
  }

  #say(worker: Worker, message: ToThread): void {
    worker.postMessage(message)
  }
}
