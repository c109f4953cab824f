import type { StartedProgram } from '../../../../packages/core/test/harness/run-program.ts'

/** The port that a program says it listens on, in its log of either form. Fails when it ends before. */
export function portOf({ process: { stdout }, ended }: StartedProgram): Promise<number> {
  let text = ''
  return new Promise((done, fail) => {
    stdout?.on('data', (chunk: string) => {
      text += chunk
      const port = /"port":(\d+)[,}]/.exec(text)?.[1]
      if (port !== undefined) done(Number(port))
    })
    ended.then(({ code, stderr }) => {
      fail(new Error(`it ended with ${String(code)}: ${text}${stderr}`))
    }, fail)
  })
}
