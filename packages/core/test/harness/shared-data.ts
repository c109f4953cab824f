import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, test } from '@jest/globals'

const repositoryRoot = resolve(import.meta.dirname, '../../../..')
const sharedDir = resolve(repositoryRoot, process.env['SIGMASIGHT_SHARED_DIR'] ?? '../shared')
const isRequired = process.env['SIGMASIGHT_REQUIRE_SHARED'] === '1'

/** The path of a reference file, e.g. `sharedFile('truth/nyse/sessions.csv')`. */
export function sharedFile(path: string): string {
  return join(sharedDir, path)
}

/**
 * A describe block that needs the reference data. Without the data it is skipped under a title that
 * says so, or fails when `SIGMASIGHT_REQUIRE_SHARED=1`.
 */
export function describeWithShared(title: string, body: () => void): void {
  if (existsSync(sharedDir)) {
    describe(title, body)
  } else if (isRequired) {
    test(`${title}: reference data`, () => {
      throw new Error(`SIGMASIGHT_REQUIRE_SHARED=1, but there is no folder ${sharedDir}`)
    })
  } else {
    describe.skip(`SKIPPED, no reference data at ${sharedDir}: ${title}`, body)
  }
}
