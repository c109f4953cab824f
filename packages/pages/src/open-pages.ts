import { buildPages } from './build/build-pages.ts'
import { readBuiltFiles } from './serve/built-files.ts'
import { createPageHandler, type PageHandler } from './serve/page-handler.ts'

/**
 * The pages as middleware for an HTTP server, to be used after the routes of the API. They are built first when
 * there is no build of exactly these sources, which takes well under a second and needs no network.
 *
 * @throws Error when the sources do not build, or the folder `dist` cannot be written
 */
export async function openPages(): Promise<PageHandler> {
  return createPageHandler(await readBuiltFiles(await buildPages()))
}
