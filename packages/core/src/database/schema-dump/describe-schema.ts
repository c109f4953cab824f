import type { Kysely } from 'kysely'
import type { Tables } from '../tables/tables.ts'
import {
  selectColumns,
  selectConstraints,
  selectFunctions,
  selectIndexes,
  selectPartitions,
  selectViews,
  type CatalogueLine,
} from './catalogue.ts'

const HEADER = `The schema that the migrations make, as the database tells it. Not to be edited:
\`pnpm ops schema --write\` writes it anew, a test fails when it is out of date.
`

/**
 * The database's schema as text for people who review a change: each table with its columns,
 * constraints, indexes and partitions, then views, then functions. The same schema gives the same
 * text on every supported version of PostgreSQL.
 */
export async function describeSchema(db: Kysely<Tables>): Promise<string> {
  const columns = byOwner(await selectColumns(db))
  const constraints = byOwner(await selectConstraints(db))
  const indexes = byOwner(await selectIndexes(db))
  const partitions = byOwner(await selectPartitions(db))
  const views = byOwner(await selectViews(db))
  const functions = await selectFunctions(db)
  const sections = [HEADER]
  for (const [name, itsColumns] of columns) {
    const view = views.get(name)
    const details = [
      ...(constraints.get(name) ?? []),
      ...(indexes.get(name) ?? []).map(shortIndex),
      ...(partitions.get(name) ?? []),
    ]
    const parts = [itsColumns, details].filter((part) => part.length > 0)
    const heading = `${view === undefined ? 'table' : 'view'} ${name}\n`
    const body = parts.map((part) => part.map((line) => `  ${line}\n`).join('')).join('\n')
    sections.push(heading + body + (view === undefined ? '' : `\n${indent(view.join('\n'))}`))
  }
  for (const { owner, text } of functions) sections.push(`function ${owner}\n${indent(text)}`)
  return sections.join('\n')
}

/** `CREATE INDEX a ON public.b USING btree (c)` without what is the same in all. */
function shortIndex(definition: string): string {
  return definition
    .replace(/^CREATE /, '')
    .replace(/ ON (ONLY )?public\.\S+ USING btree/, '')
    .replace(/^(UNIQUE )?INDEX /, (_, unique?: string) =>
      unique === undefined ? 'index ' : 'unique index ',
    )
}

function byOwner(lines: readonly CatalogueLine[]): ReadonlyMap<string, readonly string[]> {
  const groups = Map.groupBy(lines, ({ owner }) => owner)
  return new Map([...groups].map(([owner, group]) => [owner, group.map(({ text }) => text)]))
}

/** Text with its own margin replaced by two spaces. */
function indent(text: string): string {
  const lines = text.split('\n').map((line) => line.trimEnd())
  const margins = lines.slice(1).flatMap((line) => (line === '' ? [] : [line.search(/\S/)]))
  const margin = Math.min(...margins)
  const [first = '', ...rest] = lines
  const flush = [first.trimStart(), ...rest.map((line) => line.slice(margin))]
  return `${flush
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n')
    .trimEnd()}\n`
}
