import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

/** A fake market in a process of its own. */
export interface MarketServer extends AsyncDisposable {
  readonly url: string
}

/** Starts it, and waits until it can answer without delay. */
export async function startMarketServer(extraSymbols: number, now: string): Promise<MarketServer> {
  const script = resolve(import.meta.dirname, 'serve-market.ts')
  const child = spawn(process.execPath, [script, String(extraSymbols), now], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const [url] = (await Promise.race([once(child.stdout.setEncoding('utf8'), 'data'), ended])) as [
    unknown,
  ]
  if (typeof url !== 'string') throw new Error('the fake market ended before it could serve')
  return {
    url: url.trim(),
    async [Symbol.asyncDispose]() {
      child.kill()
      await ended
    },
  }
}
