import { enableCompileCache } from 'node:module'

// As in symbol-batch: what is loaded after this line is compiled once, and --help loads little.
enableCompileCache()
const { runCli } = await import('@sigmasight/core/cli')
const { parseArgs } = await import('./args.ts')

await runCli('api', async (context) => {
  const isAsked = parseArgs(context.argv, (text) => context.stdout.write(text))
  if (!isAsked) return 0
  const { runProgram } = await import('./program.ts')
  return runProgram(context)
})
