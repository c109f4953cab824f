import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { compress } from './compress.ts'
import { sourceStamp } from './source-stamp.ts'

const packageRoot = join(import.meta.dirname, '../..')
const BROWSER = join(packageRoot, 'browser')
const DIST = join(packageRoot, 'dist')

/**
 * Builds the pages unless there is a build of the very same sources. Each build has a folder of its own, named
 * for its sources and moved into place whole, so that processes may build at the same time.
 *
 * @returns the build's folder
 * @throws Error when the sources do not build
 */
export async function buildPages(): Promise<string> {
  const folder = join(DIST, await sourceStamp(packageRoot))
  if (existsSync(folder)) return folder
  const unfinished = join(DIST, `unfinished-${randomUUID()}`)
  try {
    await buildInto(unfinished)
    await rename(unfinished, folder)
  } catch (thrown) {
    await rm(unfinished, { recursive: true, force: true })
    // Another process was faster, with the same result.
    if (!existsSync(folder)) throw thrown
  }
  return folder
}

/** Deletes what earlier sources were built to. Servers have read theirs. */
export async function deleteOldBuilds(current: string): Promise<void> {
  for (const name of await readdir(DIST)) {
    const folder = join(DIST, name)
    if (folder !== current) await rm(folder, { recursive: true })
  }
}

async function buildInto(folder: string): Promise<void> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: BROWSER,
    entryPoints: ['main.tsx', 'style/style.css'],
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    outdir: join(folder, 'assets'),
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2023',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const page = pageOf(await readFile(join(BROWSER, 'index.html'), 'utf8'), metafile)
  const files = outputFiles.map(({ path, contents }) => ({ path, contents }))
  const document = { path: join(folder, 'index.html'), contents: Buffer.from(page) }
  for (const { path, contents } of [...files, document]) {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, contents)
    for (const { suffix, bytes } of compress(contents)) await writeFile(path + suffix, bytes)
  }
}

/** The document with the addresses of what was built. */
function pageOf(template: string, metafile: Metafile): string {
  const outputs = Object.entries(metafile.outputs)
  const built = (entry: string) => {
    const found = outputs.find(([, { entryPoint }]) => entryPoint === entry)
    if (found === undefined) throw new Error(`${entry} was not built`)
    return addressOf(found[0])
  }
  const [main] = outputs.filter(([, { entryPoint }]) => entryPoint === 'main.tsx')
  // What the script imports at once, so that the browser need not read the script to find out.
  const imported = (main?.[1].imports ?? [])
    .filter(({ kind }) => kind === 'import-statement')
    .map(({ path }) => `<link rel="modulepreload" href="${addressOf(path)}" />`)
  return template
    .replace('{{style}}', built('style/style.css'))
    .replace('{{script}}', built('main.tsx'))
    .replace('{{preload}}', imported.join('\n    '))
}

function addressOf(path: string): string {
  return `/assets/${path.slice(path.lastIndexOf('/') + 1)}`
}
