import { buildPages, deleteOldBuilds } from './build-pages.ts'

const folder = await buildPages()
await deleteOldBuilds(folder)
process.stdout.write(`${folder}\n`)
