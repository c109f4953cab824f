import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { ExitCode, parsePositiveInteger, type CliContext } from '@sigmasight/core/cli'
import { clockOf, loadConfig } from '@sigmasight/core/config'
import { UsageError } from '@sigmasight/core/errors'
import { createSyntheticMarket, DEMO_SEED } from '@sigmasight/core/market-data'
import {
  parseScript,
  ScriptError,
  startFakeMarket,
  type FakeMarket,
  type FakeMarketOptions,
  type Script,
  type ServedRequest,
} from '@sigmasight/fake-market'
import { syntheticSource } from '../fake-market/synthetic-source.ts'
import type { OpsCommand } from './ops-command.ts'

/** Of the chance and disorder in a script's faults: the same drill every time. */
const FAULT_SEED = 1

interface Options {
  readonly port: number
  readonly script?: string
}

export const command: OpsCommand = {
  usage: 'fake-market',
  description: 'Serve the demo market as Yahoo and Polygon would, with the faults of a script.',
  configure(command) {
    command
      .requiredOption('--port <n>', 'where to listen on 127.0.0.1; 0 = any free one', parsePort)
      .option('--script <file>', 'JSON: what goes wrong, for which calls and when')
  },
  async run(command, context) {
    const options = command.opts<Options>()
    const script = options.script === undefined ? {} : await readScript(options.script)
    await using market = await start(options.port, script, context)
    context.stdout.write(environmentOf(market))
    if (!context.signal.aborted) await once(context.signal, 'abort')
    return ExitCode.done
  },
}

const parsePort = (text: string): number => (text === '0' ? 0 : parsePositiveInteger(text))

async function readScript(file: string): Promise<Script> {
  try {
    return parseScript(await readFile(file, 'utf8'), file)
  } catch (thrown) {
    if (thrown instanceof ScriptError) throw new UsageError(thrown.message, { cause: thrown })
    throw new UsageError(`--script ${file} cannot be read`, { cause: thrown })
  }
}

async function start(
  port: number,
  script: Script,
  { env, stdout }: CliContext,
): Promise<FakeMarket> {
  const clock = clockOf(loadConfig(env))
  const generator = xoroshiro128plus(FAULT_SEED)
  const settings: FakeMarketOptions = {
    source: syntheticSource(createSyntheticMarket({ seed: DEMO_SEED })),
    now: () => clock.now().toJSDate(),
    random: () => (generator.next() >>> 0) / 2 ** 32,
    port,
    script,
    onRequest: (request) => stdout.write(`${lineOf(request)}\n`),
  }
  try {
    return await startFakeMarket(settings)
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown)
    throw new UsageError(`--port ${port} cannot be used: ${detail}`, { cause: thrown })
  }
}

/** What the programs need to be told, as one would write it in front of them. */
function environmentOf({ url }: FakeMarket): string {
  return [
    `YAHOO_BASE_URL=${url}`,
    `POLYGON_BASE_URL=${url}`,
    'POLYGON_API_KEY=any',
    'PRICE_PROVIDERS=yahoo,polygon',
    '',
  ].join('\n')
}

/** Keys and crumbs are in the query, which is left out. */
function lineOf(request: ServedRequest): string {
  const { at, vendor, endpoint, symbols, method, path, status, fault } = request
  const asked = endpoint === null ? `${method} ${path}` : `${vendor ?? ''} ${endpoint}`
  return [
    at.toISOString(),
    asked,
    symbols?.join(',') ?? '-',
    status ?? 'no answer',
    ...(fault === null ? [] : [`fault ${fault}`]),
  ].join(' ')
}
