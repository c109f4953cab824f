import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import type { Tables } from '../tables/tables.ts'
import { describeSchema } from './describe-schema.ts'

/** `packages/core/schema.txt`, which reviewers of a migration read. */
export const schemaFile = join(import.meta.dirname, '../../../schema.txt')

/** Writes the schema file from a migrated database and returns its path. */
export async function writeSchemaFile(db: Kysely<Tables>): Promise<string> {
  await writeFile(schemaFile, await describeSchema(db))
  return schemaFile
}
