import {
  createCallGate,
  type CallGateSettings,
} from '../../../src/market-data/calls/create-call-gate.ts'
import { FakeTime } from './fake-time.ts'

export interface LoggedEvent {
  readonly at: number
  readonly event: string
  readonly fields: object
}

/** Notes each event with its fake time. */
export function recordingLog(time: FakeTime) {
  const events: LoggedEvent[] = []
  const note = (fields: object | string, event?: string) => {
    if (typeof fields !== 'string') events.push({ at: time.now(), event: event ?? '', fields })
  }
  return { events, log: { info: note, warn: note } }
}

/** A gate on fake time; every jitter is half of what it may be at most. */
export function gateOnFakeTime(settings: Partial<CallGateSettings> = {}, random = () => 0.5) {
  const time = new FakeTime()
  const { events, log } = recordingLog(time)
  const gate = createCallGate(
    {
      provider: 'vendor',
      concurrency: 4,
      startsPerMinute: 1000,
      timeoutMs: 30_000,
      maxRetries: 3,
      maxCalls: null,
      maxRetryWaitMs: null,
      breaker: { failures: 5, coolDownMs: 60_000 },
      ...settings,
    },
    { now: time.now, sleep: time.sleep, random, log },
  )
  return { gate, time, events }
}

/** A call that notes its starts, takes its time, and then does what its script says at each start. */
export function scriptedCall(time: FakeTime, script: readonly unknown[], tookMs = 0) {
  const starts: number[] = []
  const call = async (signal: AbortSignal): Promise<unknown> => {
    const step = script[Math.min(starts.length, script.length - 1)]
    starts.push(time.now())
    if (tookMs > 0) await time.sleep(tookMs, signal)
    if (step instanceof Error) throw step
    return step
  }
  return { call, starts }
}

export function notAborted(): AbortSignal {
  return new AbortController().signal
}
