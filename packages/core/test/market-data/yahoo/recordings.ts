import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { sharedFile } from '../../harness/shared-data.ts'
import type { Reply } from './yahoo-server.ts'

export type Endpoint = 'chart' | 'download' | 'fundamentals' | 'options' | 'quote' | 'quoteSummary'

/** One recorded answer of Yahoo. */
export interface Recording {
  readonly file: string
  readonly endpoint: Endpoint
  /** In Yahoo's spelling; several for quotes. */
  readonly symbols: readonly string[]
  readonly modules: readonly string[]
  readonly status: number
}

const ENDPOINTS: readonly (readonly [RegExp, Endpoint])[] = [
  [/\/v8\/finance\/chart\//, 'chart'],
  [/\/v7\/finance\/download\//, 'download'],
  [/\/ws\/fundamentals-timeseries\//, 'fundamentals'],
  [/\/v7\/finance\/options\//, 'options'],
  [/\/v7\/finance\/quote$/, 'quote'],
  [/\/v10\/finance\/quoteSummary\//, 'quoteSummary'],
]

const manifest = z.array(z.object({ file: z.string(), url: z.string(), status: z.number() }))

const recorded = z.object({
  response: z.object({
    status: z.number(),
    bodyJson: z.unknown().optional(),
    body: z.string().optional(),
  }),
})

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(sharedFile(`data/yahoo-recordings/${file}`), 'utf8'))
}

/** All recordings of an endpoint, in the order of the manifest. */
export function recordingsOf(endpoint: Endpoint): readonly Recording[] {
  return manifest
    .parse(readJson('MANIFEST.json'))
    .map(({ file, url, status }) => ({ file, status, ...whatIsAsked(url) }))
    .filter((recording) => recording.endpoint === endpoint)
}

function whatIsAsked(url: string): Pick<Recording, 'endpoint' | 'modules' | 'symbols'> {
  const { pathname, searchParams } = new URL(url)
  const endpoint = ENDPOINTS.find(([pattern]) => pattern.test(pathname))?.[1]
  if (endpoint === undefined) throw new Error(`no endpoint is known for ${url}`)
  const named = searchParams.get('symbols') ?? decodeURIComponent(pathname.split('/').at(-1) ?? '')
  const modules = searchParams.get('modules')?.split(',') ?? []
  return { endpoint, symbols: named.split(','), modules }
}

/** The answer as recorded. */
export function replyOf({ file }: Pick<Recording, 'file'>): Reply {
  const { status, bodyJson, body } = recorded.parse(readJson(file)).response
  return { status, body: bodyJson === undefined ? (body ?? '') : JSON.stringify(bodyJson) }
}
