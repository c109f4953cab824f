import { enableCompileCache } from 'node:module'

// As in symbol-batch: what is loaded after this line is compiled once, and --help loads little.
enableCompileCache()
const { parseWorkCommand, runCli } = await import('@sigmasight/core/cli')
const { parseArgs } = await import('./args.ts')

await runCli('portfolio-refresh', async (context) => {
  const write = (text: string) => context.stdout.write(text)
  if (context.argv[0] === 'work') {
    const work = parseWorkCommand('portfolio-refresh', context.argv.slice(1), write)
    if (work === null) return 0
    const { runWorkProgram } = await import('@sigmasight/core/batch-program')
    return runWorkProgram('portfolio-refresh', work, context)
  }
  const args = parseArgs(context.argv, write)
  if (args === null) return 0
  const { runProgram } = await import('./program.ts')
  return runProgram(args, context)
})
